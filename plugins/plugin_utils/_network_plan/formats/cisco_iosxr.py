# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for Cisco IOS XR. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    router_file,
    routing,
    words,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, Cisco IOS XR"


def render(plan: Plan) -> str:
    """Return the configuration lines for an XR router; routes stand below their address family."""
    view = routing(plan)
    vrf = words(" vrf ", view.vrf)

    def line(route: Route) -> str:
        return f"{route.network} {route.next_hop}{words(' ', view.preference)} description {route.name}"

    add, show, take_out = [], [], []
    for prefixes in view.lists:
        kind = "ipv6" if prefixes.ipv6 else "ipv4"
        name = f"{kind} prefix-list {prefixes.name}"
        family = f"address-family {kind} unicast"
        routes = [route for route in view.routes if route.ipv6 == prefixes.ipv6]
        if routes:
            inner = [f" {family}", *(f"  {line(route)}" for route in routes), " exit"]
            if vrf:
                inner = [vrf, *(f" {row}" for row in inner), " exit"]
            add += ["router static", *inner, "exit"]
        add += [f"{name} {number * 10} permit {net}" for number, net in enumerate(prefixes.networks, start=1)]
        show += [f"show route{vrf} {kind} static", f"show running-config {name}"]
        take_out += [f"no router static{vrf} {family} {route.network} {route.next_hop}" for route in routes]
        take_out.append(f"no {name}")
    enter = "Enter in: configure terminal. Activate with: commit"
    return router_file(plan, "!", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("cisco_iosxr", "cisco_iosxr.cfg", TITLE, "Cisco routers (IOS XR)", render)
