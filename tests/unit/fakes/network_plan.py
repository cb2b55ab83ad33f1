# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites and plans for tests of the network plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan import plans
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

from fakes.requirements import CATALOGUE

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parents[1] / "data" / "network_plan"
_SCHEMA = json.loads((ROOT / "docs" / "network_plan.schema.json").read_text())
# jsonschema.validate holds the schema against its own at every call, which takes longer than all else here.
jsonschema.Draft202012Validator.check_schema(_SCHEMA)
SCHEMA = jsonschema.Draft202012Validator(_SCHEMA)


def site(**changes: Any) -> dict[str, Any]:
    """Return the values of a site that lacks nothing which a user can give."""
    return {
        "name": "idc-bj",
        "region": "cn-beijing",
        "cluster_version": "1.30.7",
        "vpc_cidrs": ["192.168.0.0/16"],
        "node_cidrs": ["10.20.0.0/16"],
        "api_server": "192.168.0.10",
        "next_hop": "10.20.0.253",
        "zone_inside": "trust",
        "zone_outside": "leased",
        "addons": ["logging"],
        "ntp_servers": ["192.168.0.5"],
        **changes,
    }


# Folder of the golden files -> the sites of one run.
RUNS: dict[str, list[dict[str, Any]]] = {
    "cn-beijing": [site()],
    "eu-west-1": [site(name="dub-1", region="eu-west-1", cluster_version="1.24", transit_router="basic", addons=[])],
    "cn-shanghai-finance-1": [
        site(name="sh-f1", region="cn-shanghai-finance-1", cluster_version="", scope="supernet", next_hop="")
    ],
    "two-sites": [
        site(
            name="idc-a",
            cni="terway-edge",
            pod_cidr="172.20.0.0/16",
            service_cidr="172.21.0.0/20",
            bgp_neighbours=["10.20.0.1"],
            resolved={"cs-anony-vpc.cn-beijing.aliyuncs.com": ["100.103.110.4"]},
        ),
        site(name="idc-b", node_cidrs=["10.30.0.0/16", "2001:db8:30::/48"], vpc_cidrs="192.168.0.0/16 2001:db8:1::/56"),
    ],
}


def make(*entries: dict[str, Any], report: dict[str, Any] | None = None) -> list[Plan]:
    return plans.make(CATALOGUE, entries, report)


def plan(report: dict[str, Any] | None = None, **changes: Any) -> Plan:
    return make(site(**changes), report=report)[0]


def item(given: Plan, identity: str) -> Any:
    """Return an open item of a plan, None if it has none of that id."""
    found = [one for one in given["open_items"] if one["id"] == identity]
    assert len(found) <= 1
    return found[0] if found else None


def flow(given: Plan, identity: str) -> Any:
    found = [one for one in given["flows"] if one["id"] == identity]
    assert len(found) == 1, f"{identity} is {len(found)} times among {[one['id'] for one in given['flows']]}"
    return found[0]
