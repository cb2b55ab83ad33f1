# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check default_route: flannel and kubelet look for the interface of the default route and do not start without one."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, WARN, verdict

ID = "default_route"
TITLE = "default route"

_REPRODUCE = "ip route show default; ip -6 route show default"


def run(facts, inputs):
    """Fail without any that leaves by an interface that is up, warn where the kernel may use another one tomorrow."""
    for version in (4, 6):
        routes = facts.default_routes(version)
        if routes:
            return _judge(facts, routes, version)
    return verdict(
        ID,
        FAIL,
        "the node has no default route: flannel finds no interface to use and does not start",
        "give the node a default route in the configuration of its network manager",
        _REPRODUCE,
        routes=[],
    )


def _judge(facts, routes, version):
    best = [route for route in routes if (route.metric or 0) == (routes[0].metric or 0)]
    named = [f"{route.gateway or 'on-link'} dev {route.interface} metric {route.metric or 0}" for route in routes]
    interface = best[0].interface
    down = facts.down(interface)
    if down:
        return verdict(
            ID,
            FAIL,
            f"the default route uses {interface}, which {down}",
            f"bring {interface} up (cable, port of the switch, configuration of its network manager), or move the "
            "default route to another interface",
            _REPRODUCE + f"; ip link show {interface}",
            routes=named,
        )
    if len(best) > 1 or len(best[0].hops) > 1:
        return verdict(
            ID,
            WARN,
            f"several default routes have the same metric ({routes[0].metric or 0}): {', '.join(named)}; the address "
            "of the node may change",
            "give one of them the lowest metric",
            _REPRODUCE,
            routes=named,
        )
    return verdict(
        ID,
        PASS,
        f"the default route is {named[0]}{'' if version == 4 else ' (IPv6)'}",
        reproduce=_REPRODUCE,
        routes=named,
    )
