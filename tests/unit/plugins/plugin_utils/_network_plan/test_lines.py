# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites that cannot stand side by side are refused, and those of which nobody knows are an open item."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError
from fakes.network_plan import item, make, site

# They publish the same registry address, and nothing else is the same.
DUBLIN = {
    "name": "dub",
    "region": "eu-west-1",
    "vpc_cidrs": "172.30.0.0/16",
    "api_server": "",
    "ntp_servers": "",
    "addons": "",
}
DUBAI = {**DUBLIN, "name": "dxb", "region": "me-central-1", "vpc_cidrs": "172.31.0.0/16", "node_cidrs": "10.40.0.0/16"}


@pytest.mark.parametrize(
    "line",
    [
        {},  # the same next hop
        {"next_hop": ""},  # nobody said anything of either
        {"line": "circuit-1"},
        {"vrf": "cloud"},
    ],
)
def test_two_regions_of_one_line_that_publish_one_address(line: dict[str, Any]) -> None:
    with pytest.raises(PlanError) as caught:
        make(site(**DUBLIN, **line), site(**DUBAI, **line))
    assert len(caught.value.problems) == 1
    assert "sites dub and dxb conflict: 100.100.0.18/32 (registry of eu-west-1) overlaps 100.100.0.18/32" in str(
        caught.value
    )


@pytest.mark.parametrize("difference", [("next_hop", "10.40.0.253"), ("vrf", "other"), ("line", "circuit-2")])
def test_lines_of_their_own(difference: tuple[str, str]) -> None:
    key, value = difference
    first, second = site(**DUBLIN, line="circuit-1" if key == "line" else ""), site(**DUBAI, **{key: value})
    made = make(first, second)
    assert len(made) == 2
    assert not [
        one for plan in made for one in plan["open_items"] if one["id"].startswith(("collides", "other-region"))
    ]


def test_a_line_that_nobody_knows_is_an_open_item() -> None:
    made = make(site(**DUBLIN), site(**DUBAI, next_hop=""))
    for plan, other in zip(made, ("dxb", "dub"), strict=True):
        found = item(plan, f"collides-{other}")
        assert found["blocking"] and "100.100.0.18/32" in found["why"]


def test_the_resolvers_of_two_regions_are_an_open_item() -> None:
    made = make(site(**DUBLIN), site(**{**DUBAI, "region": "cn-hangzhou"}))
    assert "100.100.2.136" in item(made[0], "other-region-dxb")["why"]


def test_one_vpc_has_one_route_back() -> None:
    with pytest.raises(
        PlanError, match=r"sites a and b conflict: node_cidrs 10\.20\.0\.0/16 overlaps 10\.20\.128\.0/17"
    ):
        make(site(name="a"), site(name="b", node_cidrs="10.20.128.0/17", next_hop="10.20.128.1"))
    # In VPCs of their own nobody mixes them up.
    assert len(make(site(name="a"), site(name="b", vpc_cidrs="172.16.0.0/16", api_server="", ntp_servers=""))) == 2


def test_sites_of_one_region_share_what_they_like() -> None:
    made = make(site(name="a"), site(name="b", node_cidrs="10.30.0.0/16"))
    assert [plan["prefixes"] for plan in made] == [made[0]["prefixes"]] * 2
