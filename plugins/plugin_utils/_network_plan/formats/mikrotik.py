# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and address lists for MikroTik RouterOS. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    own_name,
    router_file,
    routing,
    words,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, MikroTik RouterOS"


def render(plan: Plan) -> str:
    """Return RouterOS 7 commands; what is added is found again by its comment and its list."""
    view = routing(plan)
    mark = own_name(plan)

    def family(ipv6: bool) -> str:
        return "/ipv6" if ipv6 else "/ip"

    def route_line(route: Route) -> str:
        options = f"{words(' distance=', view.preference)}{words(' routing-table=', view.vrf)} comment={mark}"
        return f"{family(route.ipv6)} route add dst-address={route.network} gateway={route.next_hop}{options}"

    add = [route_line(route) for route in view.routes]
    show, take_out = [], []
    for prefixes in view.lists:
        where = f"{family(prefixes.ipv6)} firewall address-list"
        add += [f"{where} add list={prefixes.name} address={network} comment={mark}" for network in prefixes.networks]
        show += [
            f"{family(prefixes.ipv6)} route print where comment={mark}",
            f"{where} print where list={prefixes.name}",
        ]
        take_out += [
            f"{family(prefixes.ipv6)} route remove [find comment={mark} dst-address={route.network}]"
            for route in view.routes
            if route.ipv6 == prefixes.ipv6
        ]
        take_out.append(f"{where} remove [find list={prefixes.name}]")
    enter = "Enter in a terminal, or import the file. RouterOS saves at once."
    return router_file(plan, "#", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("mikrotik", "mikrotik.rsc", TITLE, "MikroTik routers (RouterOS 7)", render)
