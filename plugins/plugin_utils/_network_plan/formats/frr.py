# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for FRR. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    router_file,
    routing,
    words,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, FRR"


def render(plan: Plan) -> str:
    """Return the lines for vtysh; FRR has no names for routes, so each stands below a comment."""
    view = routing(plan)

    def path(route: Route) -> str:
        family = "ipv6" if route.ipv6 else "ip"
        return f"{family} route {route.network} {route.next_hop}{words(' ', view.preference)}{words(' vrf ', view.vrf)}"

    add = [line for route in view.routes for line in (f"! {route.name}", path(route))]
    show, take_out = [], [f"no {path(route)}" for route in view.routes]
    for prefixes in view.lists:
        add += prefixes.permits()
        show += [
            f"show {prefixes.family} route{words(' vrf ', view.vrf)} static",
            f"show {prefixes.family} prefix-list {prefixes.name}",
        ]
        take_out.append(f"no {prefixes.family} prefix-list {prefixes.name}")
    enter = "Check with: vtysh -C -f frr.conf. Apply with: vtysh -f frr.conf. Save with: vtysh -c 'write memory'"
    return router_file(plan, "!", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("frr", "frr.conf", TITLE, "Linux routers with FRR", render)
