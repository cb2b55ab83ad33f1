# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check supernet_in_use: something on the node uses 100.64.0.0/10, where the cloud's internal services live.

Tailscale drops packets from that range unless they come in on its own interface; carriers and some sites number their
own networks in it (the vendor's PrivateLink page; tailscale issues 10237, 7472, 1381).
"""

import ipaddress
import json

from ansible_collections.ack_edge.node.plugins.module_utils._node import STATE_DIR
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, SKIPPED, WARN, verdict

ID = "supernet_in_use"
TITLE = "100.64.0.0/10 free for the cloud"

SUPERNET = ipaddress.ip_network("100.64.0.0/10")
_ROUTE_MANIFESTS = STATE_DIR + "/routes"


def run(facts, inputs):
    """Warn about Tailscale, addresses and routes in the range that are not the collection's own."""
    if inputs.get("access_mode") == "internet":
        return verdict(ID, SKIPPED, "access_mode is internet, so the range is not used")
    found = [
        f"interface {address.dev} has {address.interface}"
        for address in facts.addresses()
        if address.interface.ip in SUPERNET
    ]
    found += _routes(facts, inputs)
    if "tailscaled" in facts.processes().values():
        found.append("tailscaled runs and drops packets from this range on all interfaces but its own")
    if found:
        return verdict(
            ID,
            WARN,
            f"100.64.0.0/10 is in use on the node: {'; '.join(found)}",
            "make sure that no network of the cloud is among them; stop Tailscale, renumber, or use PrivateLink "
            "endpoints in the VPC",
            "ip -brief address; ip route show table all | grep '^100\\.'",
            uses=found,
        )
    return verdict(
        ID,
        PASS,
        "only the routes to the cloud use 100.64.0.0/10 on this node",
        reproduce="ip route show table all | grep '^100\\.'",
        uses=[],
    )


def _routes(facts, inputs):
    own = _own_destinations(facts.node)
    return [
        f"route {route.destination} via {route.gateway or 'nothing'} dev {route.interface}"
        for route in facts.routes()
        if _inside(route)
        and str(route.destination) not in own
        and not _by_leased_line(route, inputs)
        and not _has_address(facts, route)
    ]


def _inside(route):
    return (
        route.family == 4
        and route.kind == "unicast"
        and route.destination.prefixlen >= SUPERNET.prefixlen
        and route.destination.overlaps(SUPERNET)
    )


def _by_leased_line(route, inputs):
    """Return whether a route takes the leased line, by whoever it was made: that is the right way."""
    interface, gateway = inputs.get("leased_line_interface"), inputs.get("leased_line_gateway")
    return (gateway and str(route.gateway) == gateway) or (interface and route.interface == interface)


def _has_address(facts, route):
    """Return whether this is the connected route of an address, which is listed already."""
    return route.gateway is None and any(
        address.network == route.destination and address.dev == route.interface for address in facts.addresses()
    )


def _own_destinations(node):
    """Return the destinations in the manifests of static_routes (set of str), wherever in them they stand."""
    found = set()
    for name in node.listdir(_ROUTE_MANIFESTS):
        try:
            todo = [json.loads(node.read(f"{_ROUTE_MANIFESTS}/{name}") or "{}")]
        except ValueError:
            continue
        while todo:
            item = todo.pop()
            if isinstance(item, dict):
                found.add(str(item.get("destination")))
                todo.extend(item.values())
            elif isinstance(item, list):
                todo.extend(item)
    return found
