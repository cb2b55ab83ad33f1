# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is missing is said, first and in the order of the path."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.open_items import ORDER
from fakes.network_plan import RUNS, item, make, plan
from fakes.requirements import REGIONS, leased

CONTROL_PLANE = "cs-anony-vpc.cn-beijing.aliyuncs.com"


@pytest.mark.parametrize(
    ("changes", "identity", "blocking"),
    [
        ({}, f"unresolved-{CONTROL_PLANE}", True),
        ({}, "unresolved-dockerauth-vpc.cn-beijing.aliyuncs.com", False),
        ({}, "privatelink", False),
        ({}, "rule-order", False),
        ({}, "vbr-static-return", False),
        ({}, "two-vbrs", False),
        ({}, "transit-router-edition", False),
        ({}, "vpc-route-tables", False),
        ({}, "api-server-access-list", False),
        ({}, "resolvers", False),
        ({}, "scope", False),
        ({"node_cidrs": ""}, "no-node-cidrs", True),
        ({"next_hop": ""}, "no-next-hop", True),
        ({"zone_inside": ""}, "no-zones", False),
        ({"transit_router": "basic"}, "transit-router-basic", False),
        ({"transit_router": "ecr"}, "ecr", True),
        ({"api_server": ""}, "gap-api-server", True),
        ({"region": "eu-west-2"}, "gap-registry-routes", True),
        ({"cni": "terway-edge"}, "no-pod-cidr", True),
        ({"api_server": "10.99.1.1"}, "no-permit-api-server", False),
        ({"ntp_servers": "ntp.example"}, "no-permit-ntp-1", False),
    ],
)
def test_items(changes: dict[str, Any], identity: str, blocking: bool) -> None:
    found = item(plan(**changes), identity)
    assert found is not None, [one["id"] for one in plan(**changes)["open_items"]]
    assert found["blocking"] == blocking
    if changes:
        assert item(plan(), identity) is None


@pytest.mark.parametrize("region", REGIONS)
def test_no_gap_of_the_set_is_lost(region: str) -> None:
    made = plan(
        region=region, addons="logging monitoring", node_cidrs="", ntp_servers="", api_server="", cluster_version=""
    )
    needs = leased(region, addons="logging monitoring", cluster_version="")
    said = {one["what"] for one in made["open_items"]}
    assert {gap["what"] for gap in needs["gaps"]} - {"node_cidrs"} <= said
    assert "node_cidrs is not set" in said


@pytest.mark.parametrize("name", RUNS)
def test_order(name: str) -> None:
    for made in make(*RUNS[name]):
        order = [(not one["blocking"], ORDER.index(one["hop"])) for one in made["open_items"]]
        assert order == sorted(order)
        assert all(one["what"] and one["why"] and one["remedy"] for one in made["open_items"])
