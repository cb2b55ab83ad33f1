# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for VyOS. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    router_file,
    routing,
    words,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, VyOS"


def render(plan: Plan) -> str:
    """Return set commands for VyOS 1.3 and newer."""
    view = routing(plan)
    vrf = f"vrf name {view.vrf} " if view.vrf else ""

    def path(route: Route) -> str:
        kind = "route6" if route.ipv6 else "route"
        return f"{vrf}protocols static {kind} {route.network} next-hop {route.next_hop}"

    add = [f"set {path(route)}{words(' distance ', view.preference)}" for route in view.routes]
    show, take_out = [], [f"delete {path(route)}" for route in view.routes]
    for prefixes in view.lists:
        name = f"policy prefix-list{'6' if prefixes.ipv6 else ''} {prefixes.name}"
        for number, network in enumerate(prefixes.networks, start=1):
            add += [f"set {name} rule {number * 10} action permit", f"set {name} rule {number * 10} prefix {network}"]
        show += [f"show {'ipv6' if prefixes.ipv6 else 'ip'} route{words(' vrf ', view.vrf)} static"]
        take_out.append(f"delete {name}")
    enter = "Enter in: configure. Activate with: commit. Save with: save"
    return router_file(plan, "#", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("vyos", "vyos.set", TITLE, "VyOS routers", render)
