# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for H3C Comware 7. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    router_file,
    routing,
    words,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, H3C Comware 7"


def render(plan: Plan) -> str:
    """Return the configuration lines for an H3C router or switch."""
    view = routing(plan)
    vrf = words(" vpn-instance ", view.vrf)

    def path(route: Route) -> str:
        family = "ipv6" if route.ipv6 else "ip"
        return f"{family} route-static{vrf} {route.address} {route.length} {route.next_hop}"

    preference = words(" preference ", view.preference)
    add = [f"{path(route)}{preference} description {route.name}" for route in view.routes]
    show, take_out = [], [f"undo {path(route)}" for route in view.routes]
    for prefixes in view.lists:
        family = "ipv6" if prefixes.ipv6 else "ip"
        add += [
            f"{family} prefix-list {prefixes.name} permit {network.network_address} {network.prefixlen}"
            for network in prefixes.networks
        ]
        show += [
            f"display {family} routing-table{vrf} protocol static",
            f"display {family} prefix-list name {prefixes.name}",
        ]
        take_out.append(f"undo {family} prefix-list {prefixes.name}")
    enter = "Enter in: system-view. Save with: save"
    return router_file(plan, "#", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("h3c_comware", "h3c_comware.cfg", TITLE, "H3C routers and switches (Comware 7)", render)
