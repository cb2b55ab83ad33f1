# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for Huawei VRP. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    router_file,
    routing,
    words,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, Huawei VRP"


def render(plan: Plan) -> str:
    """Return the configuration lines for a Huawei router or switch."""
    view = routing(plan)
    vrf = words(" vpn-instance ", view.vrf)

    def path(route: Route) -> str:
        family = "ipv6" if route.ipv6 else "ip"
        return f"{family} route-static{vrf} {route.address} {route.length} {route.next_hop}"

    preference = words(" preference ", view.preference)
    add = [f"{path(route)}{preference} description {route.name}" for route in view.routes]
    show, take_out = [], [f"undo {path(route)}" for route in view.routes]
    for prefixes in view.lists:
        family, kind = ("ipv6", "ipv6-prefix") if prefixes.ipv6 else ("ip", "ip-prefix")
        add += [
            f"ip {kind} {prefixes.name} permit {network.network_address} {network.prefixlen}"
            for network in prefixes.networks
        ]
        show += [f"display {family} routing-table{vrf} protocol static", f"display ip {kind} {prefixes.name}"]
        take_out.append(f"undo ip {kind} {prefixes.name}")
    enter = "Enter in: system-view. On VRP 8 activate with: commit. Save with: save"
    return router_file(plan, "#", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("huawei_vrp", "huawei_vrp.cfg", TITLE, "Huawei routers and switches (VRP 5, VRP 8)", render)
