# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a plan from being complete, and what nobody can see from here. Private to the collection. Pure.

The sentences are in messages.yml: ``item.<message>.what``, ``.why`` and ``.remedy``. Those of gaps of the requirement
set are the own ones of the set in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import ENGLISH
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import BASIC, ECR, ENTERPRISE
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.messages import known, say
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import OpenItem, Plan
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import (
    SUPERNET,
    TERWAY_EDGE,
    is_address,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import RequirementSet

PARTS = ("what", "why", "remedy")
# Hops of the path, from the site to the cloud; what belongs to none is of the plan.
PLAN, SITE, CORE, FIREWALL = "plan", "site", "core_switch", "firewall"
VBR, TRANSIT_ROUTER, VPC, SECURITY_GROUPS, DNS = "vbr", "transit_router", "vpc", "security_groups", "dns"
HOPS = (CORE, FIREWALL, VBR, TRANSIT_ROUTER, VPC, SECURITY_GROUPS, DNS)
ORDER = (PLAN, SITE, *HOPS)

_HOP_OF_GAP = {
    "vpc_cidrs": SITE,
    "registry routes": CORE,
    "OSS ranges": CORE,
    "control plane address": DNS,
    "image auth hosts": DNS,
    "package host": DNS,
    "package download over http": FIREWALL,
    "api_server": FIREWALL,
    "node_cidrs": FIREWALL,
    "bgp_neighbours": FIREWALL,
    "ntp_servers": SITE,
}


def open_items(plan: Plan, needs: RequirementSet) -> list[OpenItem]:
    """Return the open items of a plan: what does not work without them first, then in the order of the path."""
    found = [*_unresolved(plan, needs), *_gaps(plan, needs), *_missing(plan, needs), *_to_check(plan, needs)]
    return ordered(found)


def ordered(items: list[OpenItem]) -> list[OpenItem]:
    """Return items in the order in which they are shown."""
    return sorted(items, key=lambda item: (not item["blocking"], ORDER.index(item["hop"]), item["id"]))


def item(identity: str, hop: str, message: str, blocking: bool = False, **values: str) -> OpenItem:
    """Return an item with its English sentences."""
    what, why, remedy = (say(f"item.{message}.{part}", ENGLISH, values) for part in PARTS)
    return OpenItem(
        id=identity, hop=hop, what=what, why=why, remedy=remedy, blocking=blocking, message=message, values=values
    )


def slug(text: str) -> str:
    """Return what is left of a text in an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _gaps(plan: Plan, needs: RequirementSet) -> Iterator[OpenItem]:
    for gap in needs["gaps"]:
        what = gap["what"]
        if what == "node_cidrs" and not plan["site"]["node_cidrs"]:
            continue  # said below, for all ports of both directions
        message = f"gap_{slug(what).replace('-', '_')}"
        yield OpenItem(
            id=f"gap-{slug(what)}",
            hop=_HOP_OF_GAP.get(what, PLAN),
            what=what,
            why=gap["why"],
            remedy=gap["remedy"],
            blocking=gap["blocking"] or what == "api_server",
            message=message if known(f"item.{message}.what") else "",
            values={"region": plan["cluster"]["region"]},
        )


def _unresolved(plan: Plan, needs: RequirementSet) -> Iterator[OpenItem]:
    """Yield names without an address, for which a plan with exact ranges has neither a route nor a permit."""
    if any(prefix["purpose"] == SUPERNET for prefix in plan["prefixes"]):
        return
    required = {row["host"] for row in needs["endpoints"] if row["required"]}
    unknown = [record["host"] for record in plan["records"] if not record["addresses"]]
    for host in unknown:
        yield item(f"unresolved-{host}", DNS, "unresolved", host in required, host=host)
    if unknown:
        yield item("privatelink", PLAN, "privatelink")


def _missing(plan: Plan, needs: RequirementSet) -> Iterator[OpenItem]:
    site = plan["site"]
    if not site["node_cidrs"]:
        yield item("no-node-cidrs", FIREWALL, "no_node_cidrs", True)
    if not site["next_hop"]:
        yield item("no-next-hop", CORE, "no_next_hop", True)
    other = [
        prefix["destination"]
        for prefix in plan["prefixes"]
        if site["next_hop"] and (":" in prefix["destination"]) != (":" in site["next_hop"])
    ]
    if other:
        yield item("no-next-hop-of-family", CORE, "no_next_hop_of_family", True, networks=", ".join(other))
    if not (site["zone_inside"] and site["zone_outside"]):
        yield item("no-zones", FIREWALL, "no_zones")
    permitted = {name for flow in plan["flows"] for name in flow["endpoints"]}
    unpublished = {record["host"] for record in plan["records"]}
    for row in needs["endpoints"]:
        lost = row["name"] not in permitted and row["host"] not in unpublished
        if site["node_cidrs"] and lost and (row["required"] or row["confidence"] == "user"):
            kind = "no_permit_for_address" if is_address(row["host"]) else "no_permit_for_name"
            values = {"name": row["name"], "host": row["host"], "port": str(row["port"])}
            yield item(f"no-permit-{slug(row['name'])}", FIREWALL, kind, False, **values)


def _to_check(plan: Plan, needs: RequirementSet) -> Iterator[OpenItem]:
    """Yield what nobody can see from here, and pitfalls that are silent."""
    kind = plan["cluster"]["transit_router"]
    supernet = needs["address_space"]["service_supernet"]
    wide = any(prefix["purpose"] == SUPERNET for prefix in plan["prefixes"])
    yield item("scope", CORE, "scope_supernet" if wide else "scope_exact", supernet=supernet)
    yield item("rule-order", FIREWALL, "rule_order")
    yield item("vbr-static-return", VBR, "vbr_static_return")
    yield item("two-vbrs", VBR, "two_vbrs")
    if kind == BASIC:
        yield item("transit-router-basic", TRANSIT_ROUTER, "transit_router_basic", region=plan["cluster"]["region"])
    if kind == ECR:
        yield item("ecr", TRANSIT_ROUTER, "ecr", True)
    if kind == ENTERPRISE:
        yield item("transit-router-edition", TRANSIT_ROUTER, "transit_router_edition")
    yield item("vpc-route-tables", VPC, "vpc_route_tables")
    if plan["cluster"]["cni"] == TERWAY_EDGE:
        if needs["pod_cidr"]:
            yield item("pod-permits", FIREWALL, "pod_permits", pods=", ".join(needs["pod_cidr"]))
        else:
            yield item("no-pod-cidr", VPC, "no_pod_cidr", True)
    yield item("api-server-access-list", SECURITY_GROUPS, "api_server_access_list")
    yield item("resolvers", DNS, "resolvers", resolvers=", ".join(needs["address_space"]["vpc_dns"]))
