# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Site files, hosts of the inventory and values for all."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.sources import (
    from_hosts,
    from_text,
    put_together,
)

HOSTS: dict[str, dict[str, Any]] = {
    "bj-1": {
        "site": "idc-bj",
        "region": "cn-beijing",
        "vpc_cidrs": ["192.168.0.0/16"],
        "leased_line_gateway": "10.20.0.253",
    },
    "bj-2": {"site": "idc-bj", "region": "cn-beijing", "vpc_cidrs": "192.168.0.0/16", "node_cidrs": "10.20.0.0/16"},
    "hz-1": {"region": "cn-hangzhou", "vpc_cidrs": "172.16.0.0/12"},
    "sg-1": {"site": "pop-sg", "region": "ap-southeast-1", "access_mode": "internet"},
    "vm-1": {"region": "cn-hangzhou"},
}
GROUPS = {
    "all": list(HOSTS),
    "site_idc_bj": ["bj-1", "bj-2"],
    "site_idc_hz": ["hz-1"],
    "region_cn_hangzhou": ["hz-1", "vm-1"],
}


def test_a_list_or_one() -> None:
    assert from_text("name: a\nregion: b\n", "x") == from_text("- {name: a, region: b}", "x")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "which has nothing: expected a site"),
        ("[]", "which has nothing"),
        ("- a\n", "which has 'a': expected a site (a mapping) or a list of sites"),
        ("a: [", "which is not valid YAML"),
        ("!!python/object/apply:os.system [id]", "which is not valid YAML"),
        ("x" * 1_000_001, "which is larger than"),
    ],
)
def test_wrong_files(text: str, told: str) -> None:
    with pytest.raises(PlanError) as caught:
        from_text(text, "sites.yml")
    assert "site_file is 'sites.yml', " + told in str(caught.value)


def test_sites_of_the_inventory() -> None:
    sites = {entry["name"]: entry for entry in from_hosts(HOSTS, GROUPS)}
    assert list(sites) == ["idc-bj", "idc_hz", "pop-sg"]
    assert sites["idc-bj"] == {
        "name": "idc-bj",
        "region": "cn-beijing",
        "vpc_cidrs": ["192.168.0.0/16"],
        "node_cidrs": "10.20.0.0/16",
        "next_hop": "10.20.0.253",
    }


def test_two_hosts_that_say_other_things_are_named() -> None:
    hosts = {**HOSTS, "bj-3": {"site": "idc-bj", "region": "cn-hangzhou", "leased_line_gateway": "10.20.0.254"}}
    with pytest.raises(PlanError) as caught:
        from_hosts(hosts, {})
    assert len(caught.value.problems) == 2
    assert "region is 'cn-hangzhou' on bj-3 and 'cn-beijing' on bj-1" in str(caught.value)
    assert "leased_line_gateway is '10.20.0.254' on bj-3 and '10.20.0.253' on bj-1" in str(caught.value)
    assert "give next_hop in a site file" in str(caught.value)

    # What the site file says needs no agreement, and of other sites nobody asked.
    given = [{"name": "idc-bj", "region": "cn-beijing", "next_hop": "10.20.0.1"}]
    assert from_hosts(hosts, {}, given)[0]["vpc_cidrs"] == ["192.168.0.0/16"]
    assert from_hosts(hosts, {}, [{"name": "pop-sg"}])[0]["name"] == "pop-sg"


def test_order_of_a_list_is_no_difference() -> None:
    hosts = {
        "a": {"site": "s", "vpc_cidrs": ["10.1.0.0/16", "10.2.0.0/16"]},
        "b": {"site": "s", "vpc_cidrs": "10.2.0.0/16,10.1.0.0/16"},
    }
    assert len(from_hosts(hosts, {})) == 1


def test_the_file_wins_over_hosts_and_hosts_over_defaults() -> None:
    of_hosts = from_hosts(HOSTS, GROUPS)
    given = [{"name": "idc-bj", "node_cidrs": "10.21.0.0/16", "vrf": ""}, {"name": "new"}]
    entries, without = put_together(given, of_hosts, {"region": "cn-qingdao", "cni": "flannel"})
    assert (entries[0]["node_cidrs"], entries[0]["region"], entries[0]["cni"]) == (
        "10.21.0.0/16",
        "cn-beijing",
        "flannel",
    )
    assert entries[0]["next_hop"] == "10.20.0.253"
    assert entries[1] == {"name": "new", "region": "cn-qingdao", "cni": "flannel"}
    assert without == []


def test_sites_over_the_internet_need_no_plan() -> None:
    entries, without = put_together([], from_hosts(HOSTS, GROUPS), {})
    assert ([entry["name"] for entry in entries], without) == (["idc-bj", "idc_hz"], ["pop-sg"])
    with pytest.raises(PlanError, match=r"none of the sites \(pop-sg\) has access_mode leased_line"):
        put_together([], from_hosts({"sg-1": HOSTS["sg-1"]}, {}), {})


def test_values_for_all_are_a_site_where_there_is_none() -> None:
    assert put_together([], [], {"region": "cn-beijing"}) == ([{"name": "site", "region": "cn-beijing"}], [])
    with pytest.raises(PlanError, match="no host has the variable site or is in a group site_"):
        put_together([], [], {})


def test_aliases_of_aliases_are_not_worked_out() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{key}: &{key} [{', '.join(9 * [f'*{last}'])}]" for last, key in itertools.pairwise("abcdefghi")]
    with pytest.raises(PlanError, match="more than 200000 values"):
        from_text("\n".join([*lines, "name: i", "vpc_cidrs: *i"]), "sites.yml")
    assert from_text("- &a {name: b}\n- *a", "sites.yml") == [{"name": "b"}, {"name": "b"}]


@pytest.mark.parametrize("text", ["a: &a [*a]", "&a [*a]", "[" * 5000])
def test_what_has_no_end_is_no_site(text: str) -> None:
    with pytest.raises(PlanError, match=r"site_file is 'sites\.yml', which (has|is not valid)"):
        from_text(text, "sites.yml")
