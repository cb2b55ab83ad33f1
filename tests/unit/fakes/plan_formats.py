# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans that the tests of the formats are made with: three regions, two sites, and the hard cases."""

from __future__ import annotations

from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.build import make
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import read
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

from fakes.requirements import CATALOGUE

# One site with all that a site can have, and one with what it needs at least.
SITES: dict[str, dict[str, Any]] = {
    "shanghai": {
        "name": "dc-shanghai",
        "node_cidrs": ["10.20.0.0/16", "10.21.4.0/22"],
        "next_hop": "10.255.0.1",
        "interface": "port1",
        "preference": 150,
        "vrf": "EDGE",
        "zone_inside": "trust",
        "zone_outside": "leased",
    },
    "dublin": {
        "name": "dc-dublin",
        "node_cidrs": ["172.20.8.0/24"],
        "next_hop": "172.20.0.254",
        "zone_inside": "inside",
        "zone_outside": "outside",
    },
}
REGIONS = ("cn-beijing", "eu-west-1", "cn-shanghai-finance-1")
CASES = [(region, site) for region in REGIONS for site in SITES]


def plan(region: str = "cn-beijing", site: str = "shanghai", **changes: Any) -> Plan:
    """Return the plan of a site; ``changes`` are values of its site file, None takes one out."""
    entry = {
        **SITES[site],
        "region": region,
        "access_mode": "leased_line",
        "cluster_version": "1.30",
        "cni": "flannel",
        "vpc_cidrs": ["192.168.0.0/16"],
        "api_server": "192.168.1.5:6443",
        "resolved": {f"cs-anony-vpc.{region}.aliyuncs.com": ["100.100.9.9", "100.100.9.10"]},
        **changes,
    }
    (found,) = read(CATALOGUE, [{key: value for key, value in entry.items() if value is not None}])
    return make(found)
