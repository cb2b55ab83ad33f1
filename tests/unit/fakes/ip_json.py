# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Typed routes as ``ip -j route`` has them, to hold the text of ip against its JSON where that is right."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._system.network_types import Hop, Route

from fakes.ip_text import host


def as_json(route: Route) -> dict:
    """Return a route as ``ip -j route`` has it, but for what a lock of an MTU and a number of seconds are there."""
    entry = {"dst": "default" if route.is_default else host(str(route.destination)), "flags": list(route.flags)}
    hops = [hop_as_json(hop, route.family) for hop in route.hops]
    if route.multipath:
        entry["nexthops"] = [
            {**one, "weight": hop.weight, "flags": list(hop.flags)} for one, hop in zip(hops, route.hops, strict=True)
        ]
    else:
        entry.update(hops[0])
    told = {
        "type": (route.kind, "unicast"),
        "table": (route.table, "main"),
        "protocol": (route.protocol, "boot"),
        "scope": (route.scope, "global"),
        "metric": (route.metric, None),
        "prefsrc": (str(route.source), "None"),
    }
    entry.update({key: value for key, (value, default) in told.items() if value != default})
    if route.metrics:
        entry["metrics"] = [{name: int(value.removeprefix("lock ")) for name, value in route.metrics}]
    entry.update({name: int(value.removesuffix("sec")) for name, value in route.extras})
    return {**entry, "pref": route.pref} if route.family == 6 else entry


def hop_as_json(hop: Hop, family: int) -> dict:
    entry = {"dev": hop.interface} if hop.interface else {}
    if hop.gateway is not None and hop.gateway.version != family:
        return {"via": {"family": f"inet{'6' if hop.gateway.version == 6 else ''}", "host": str(hop.gateway)}, **entry}
    return {"gateway": str(hop.gateway), **entry} if hop.gateway else entry
