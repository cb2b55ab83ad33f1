# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for Cisco NX-OS. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    router_file,
    routing,
    words,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, Cisco NX-OS"


def render(plan: Plan) -> str:
    """Return the configuration lines for a Nexus switch; the routes of a VRF stand in its context."""
    view = routing(plan)
    context, indent = ([f"vrf context {view.vrf}"], "  ") if view.vrf else ([], "")
    leave = ["exit"] if view.vrf else []

    def path(route: Route) -> str:
        family, preference = "ipv6" if route.ipv6 else "ip", words(" ", view.preference)
        return f"{family} route {route.network} {route.next_hop} name {route.name}{preference}"

    add, show, take_out = [], [], []
    if view.routes:
        add = [*context, *(f"{indent}{path(route)}" for route in view.routes), *leave]
        take_out = [*context, *(f"{indent}no {path(route)}" for route in view.routes), *leave]
    for prefixes in view.lists:
        add += prefixes.permits()
        show += [
            f"show {prefixes.family} route static{words(' vrf ', view.vrf)}",
            f"show {prefixes.family} prefix-list {prefixes.name}",
        ]
        take_out.append(f"no {prefixes.family} prefix-list {prefixes.name}")
    enter = "Enter in: configure terminal. Save with: copy running-config startup-config"
    return router_file(plan, "!", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("cisco_nxos", "cisco_nxos.cfg", TITLE, "Cisco Nexus switches (NX-OS)", render)
