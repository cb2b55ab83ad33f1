# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for Cisco IOS and IOS XE. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    router_file,
    routing,
    words,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, Cisco IOS and IOS XE"


def render(plan: Plan) -> str:
    """Return the configuration lines for a Cisco router or switch."""
    view = routing(plan)
    vrf = words(" vrf ", view.vrf)

    def path(route: Route) -> str:
        if route.ipv6:
            return f"ipv6 route{vrf} {route.network} {route.next_hop}"
        return f"ip route{vrf} {route.address} {route.mask} {route.next_hop}"

    add = [f"{path(route)}{words(' ', view.preference)} name {route.name}" for route in view.routes]
    show, take_out = [], [f"no {path(route)}" for route in view.routes]
    for prefixes in view.lists:
        add += prefixes.permits()
        show += [f"show {prefixes.family} route{vrf} static", f"show {prefixes.family} prefix-list {prefixes.name}"]
        take_out.append(f"no {prefixes.family} prefix-list {prefixes.name}")
    enter = "Enter in: configure terminal. Save with: write memory"
    return router_file(plan, "!", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("cisco_ios", "cisco_ios.cfg", TITLE, "Cisco routers and switches (IOS, IOS XE)", render)
