# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for Junos. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Route,
    router_file,
    routing,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, Junos"


def render(plan: Plan) -> str:
    """Return set commands; a route is taken out as a whole, because Junos refuses one that has no next hop."""
    view = routing(plan)
    instance = f"routing-instances {view.vrf} " if view.vrf else ""
    tables = f"{view.vrf}." if view.vrf else ""

    def path(route: Route) -> str:
        table = f"rib {tables}inet6.0 " if route.ipv6 else ""
        return f"{instance}routing-options {table}static route {route.network}"

    add, show, take_out = [], [], []
    for route in view.routes:
        add.append(f"set {path(route)} next-hop {route.next_hop}")
        add += [f"set {path(route)} preference {view.preference}"] if view.preference else []
        take_out.append(f"delete {path(route)}")
    for prefixes in view.lists:
        add += [f"set policy-options prefix-list {prefixes.name} {network}" for network in prefixes.networks]
        show += [
            f"show route table {tables}{'inet6' if prefixes.ipv6 else 'inet'}.0 protocol static",
            f"show configuration policy-options prefix-list {prefixes.name}",
        ]
        take_out.append(f"delete policy-options prefix-list {prefixes.name}")
    enter = "Enter in: configure. Check with: commit check. Activate with: commit confirmed 5, then commit"
    return router_file(plan, "#", TITLE, enter, add=add, show=show, take_out=take_out)


FORMAT = Format("junos", "junos.set", TITLE, "Juniper routers and switches (Junos)", render)
