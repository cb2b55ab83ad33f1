# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every mistake in every site is named at once, with variable, value, what is expected and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import KEYS, PlanError, folder, read
from fakes.network_plan import site
from fakes.requirements import CALM, CATALOGUE
from hypothesis import given
from hypothesis import strategies as st


def problems(*entries: Any) -> list[str]:
    with pytest.raises(PlanError) as caught:
        read(CATALOGUE, entries)
    return caught.value.problems


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "name is not set: give the data centre a name"),
        ({"name": "../etc"}, "name is '../etc': give letters, digits"),
        ({"name": "a\nb"}, "name is 'a\\nb'"),
        ({"name": "x" * 64}, "at most 63"),
        ({"region": "cn-bejing"}, "region is 'cn-bejing': this is not a known region; did you mean cn-beijing"),
        ({"region": None}, "region is not set"),
        ({"next_hop": "10.20.0.0/16"}, "next_hop is '10.20.0.0/16': give an address such as 10.0.0.1"),
        ({"next_hop": 10}, "next_hop is 10: give an address such as 10.0.0.1, without"),
        ({"interface": "eth0; reboot"}, "interface is 'eth0; reboot'"),
        ({"interface": "eth0\n"}, None),
        ({"vrf": "a b"}, "vrf is 'a b': give letters, digits, underscores"),
        ({"zone_inside": 'a"b'}, "zone_inside is 'a\"b'"),
        ({"zone_outside": "x" * 32}, "at most 31"),
        ({"preference": 256}, "preference is 256: give a whole number from 1 to 255"),
        ({"preference": "-1"}, "preference is '-1'"),
        ({"preference": True}, "preference is True"),
        (
            {"transit_router": "Enterprise"},
            "transit_router is 'Enterprise': give enterprise or basic or ecr; did you mean",
        ),
        ({"scope": "all"}, "scope is 'all': give exact or supernet"),
        (
            {"scope": "exact", "route_scope": "supernet"},
            "scope is 'exact' and route_scope is 'supernet': set only one of",
        ),
        ({"cluster_version": 1.3}, "quote it"),
        ({"nodecidrs": "10.0.0.0/8"}, "'nodecidrs' is not a valid key of a site; did you mean node_cidrs?"),
        ({5: "x"}, "5 is not a valid key of a site"),
        ({"used_networks": "10.0.0.1"}, "used_networks is '10.0.0.1': give a network"),
        ({"resolved": ["x"]}, "resolved is ['x']: give a mapping"),
        ({"resolved": {"a b": ["10.0.0.1"]}}, "resolved is 'a b': give a host name"),
        ({"resolved": {"a.example": ["x"]}}, "resolved of a.example is 'x': give an address"),
        ({"resolved": {"a.example": ["100.64.0.1"]}}, "resolved has 'a.example', which is not a name whose address is"),
        (
            {"resolved": {"cs-anony-vpc.cn-beijing.aliyuncs.com": ["47.1.1.1"]}},
            "resolved of cs-anony-vpc.cn-beijing.aliyuncs.com is '47.1.1.1': it lies neither in 100.64.0.0/10 nor in",
        ),
        ({"access_mode": "internet"}, "access_mode is 'internet': a network plan is for leased lines"),
        ({"vpc_cidrs": []}, "vpc_cidrs is not set: give the CIDRs of the cluster's VPC"),
        ({"node_cidrs": "192.168.3.0/24"}, "node_cidrs is 192.168.3.0/24: it overlaps 192.168.0.0/16 (vpc)"),
        ({"node_cidrs": "100.118.58.0/25"}, "node_cidrs is 100.118.58.0/25: it overlaps 100.118.58.0/24"),
        ({"node_cidrs": "100.100.0.0/16", "region": "cn-hangzhou"}, "it overlaps 100.100.2.136/32 (resolver)"),
        (
            {"used_networks": "100.103.0.0/16"},
            "used_networks is 100.103.0.0/16: it overlaps 100.103.0.251/32 (registry)",
        ),
        (
            {"used_networks": "100.80.0.0/16", "scope": "supernet"},
            "it overlaps 100.64.0.0/10 (supernet), which this plan routes into the leased line; set scope to exact",
        ),
        ({"next_hop": "100.64.0.1", "scope": "supernet"}, "next_hop is 100.64.0.1: it overlaps 100.64.0.0/10"),
        ({"next_hop": "192.168.0.1"}, "next_hop is 192.168.0.1: it overlaps 192.168.0.0/16 (vpc)"),
    ],
)
def test_mistakes(changes: dict[Any, Any], told: str | None) -> None:
    if told is None:  # white space around a value is none of it
        assert read(CATALOGUE, [site(**changes)])[0].site["interface"] == "eth0"
        return
    found = problems({**site(), **changes})
    assert any(told in problem for problem in found), found
    assert all(problem.startswith("site ") for problem in found)


def test_all_at_once() -> None:
    found = problems(site(next_hop="x", vrf="a b"), "text", site(name="idc-b", region="nowhere", scope="x"))
    told = " ".join(found)
    for part in (
        "site idc-bj: next_hop",
        "site idc-bj: vrf",
        "site 2 is 'text'",
        "site idc-b: region",
        "site idc-b: scope",
    ):
        assert part in told, found


@pytest.mark.parametrize("names", [("idc bj", "IDC-bj"), ("a", "a"), ("a.b", "a b")])
def test_folders_of_two_sites_are_never_one(names: tuple[str, str]) -> None:
    found = problems(*(site(name=name) for name in names))
    assert len(found) == 1 and f"its folder {folder(names[1])}" in found[0]


def test_no_site() -> None:
    assert "names no site" in problems()[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("idc-bj", "idc-bj"), ("北京-1", "北京-1"), ("A (2). B", "a-2-b"), ("..", "site"), ("x/../y", "x-y")],
)
def test_folder(name: str, expected: str) -> None:
    assert folder(name) == expected


def test_lists_may_be_text_and_nothing_means_unset() -> None:
    given_site = site(
        node_cidrs="10.20.0.0/16, 10.21.0.0/16", vrf="", preference=None, zone_inside=" ", used_networks=""
    )
    found = read(CATALOGUE, [given_site])[0]
    assert found.site["node_cidrs"] == ["10.20.0.0/16", "10.21.0.0/16"]
    assert (found.site["vrf"], found.site["preference"], found.site["zone_inside"]) == ("", 0, "")


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.lists(st.text(max_size=9), max_size=3), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)  # fmt: skip


@CALM
@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_whatever_is_given_is_a_site_or_a_problem(changes: dict[str, Any]) -> None:
    try:
        found = read(CATALOGUE, [{**site(), **changes}])
    except PlanError as error:
        assert error.problems
    else:
        assert len(found) == 1
