# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who fixes what a verdict says: prepare_edge, the network team or the operator. Private to the collection. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.sections import MODULES, ROUTES
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import (
    FIXERS,
    NETWORK,
    OPERATOR,
    PREPARE,
    ReportedVerdict,
    Verdict,
)

# Problems of reachability_info that are fixed in the network, and not on a host or by its service.
IN_NETWORK = (
    "dns.",
    "address.",
    "route.",
    "tcp.",
    "udp.",
    "ntp.",
    "proxy.",
    "tls.mtu",
    "tls.intercepted",
    "tls.timeout",
)
# Those that a missing route can cause.
_BEHIND_ROUTE = ("tcp.timeout", "tcp.unreachable", "route.", "ntp.", "udp.")
# Facts of an inbound port that a run brings about.
_TO_BE_WRITTEN = ("missing", "wrong")
# Facts of a route that a run leaves alone.
_IS_RIGHT = frozenset(("ok", "unknown"))
# The check of readiness_info whose failure a role of ours fixes.
_INSTALLED = "system_tools"


def assign(verdicts: Sequence[Verdict], told: Mapping[str, Mapping[str, Any]]) -> None:
    """Say in each verdict of a look at a host in which something is to do who does it, as ``data.fixed_by``.

    :arg told: {section: what is known of it beside its verdicts}.
    """
    changing = {name for name, section in told.items() if section["would_change"] and not section["refused"]}
    routes = [item for item in verdicts if item["data"].get("section") == ROUTES] if ROUTES in changing else []
    networks = [ipaddress.ip_network(text) for text in added(routes)]
    for item in verdicts:
        if item["status"] not in (PASS, SKIPPED):
            section = item["data"].get("section", "")
            item["data"]["fixed_by"] = _fixer(MODULES.get(section, ""), item, section in changing, networks)


def fixer(item: ReportedVerdict, host: Sequence[ReportedVerdict]) -> str:
    """Return who fixes what a verdict of a report says; one that no look at a whole host has made does not tell it.

    :arg host: all verdicts on its host. Behind ports that a run opens, nobody else has to look for what drops packets.
    """
    known = item["data"].get("fixed_by")
    if item.get("module", "").endswith(".port_listener"):
        opens = any(
            other.get("module", "").endswith(".inbound_ports") and other["data"].get("fixed_by") == PREPARE
            for other in host
        )
        return PREPARE if opens else NETWORK
    if known in FIXERS:
        return str(known)
    problem = item["data"].get("problem")
    return NETWORK if isinstance(problem, str) and problem.startswith(IN_NETWORK) else OPERATOR


def needed(role_variables: Mapping[str, Any], roles: Collection[str]) -> dict[str, Any]:
    """Return the variables of these roles."""
    prefixes = tuple(f"{role}_" for role in roles)
    return {name: value for name, value in role_variables.items() if name.startswith(prefixes)}


def added(verdicts: Iterable[Verdict]) -> list[str]:
    """Return the destinations of the routes that static_routes would add, by its verdicts in check mode."""
    found = [row for item in verdicts for row in _routes(item["data"]) if row.get("live") not in _IS_RIGHT]
    return [text for row in found if _is_network(text := str(row.get("destination")))]


def _routes(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the facts of each route that a verdict of static_routes is about."""
    rows = data["routes"] if isinstance(data.get("routes"), list) else [data]
    return [row for row in rows if isinstance(row, dict) and "live" in row]


def _fixer(module: str, item: Verdict, would_change: bool, networks: Sequence[Any]) -> str:
    data = item["data"]
    if module == "reachability_info":
        problem = str(data.get("problem") or "")
        if problem.startswith(_BEHIND_ROUTE) and _is_in(str(data.get("address") or ""), networks):
            return PREPARE
        return NETWORK if problem.startswith(IN_NETWORK) else OPERATOR
    if module == "readiness_info":
        return PREPARE if item["check"] == _INSTALLED and item["status"] == FAIL else OPERATOR
    return PREPARE if would_change and _is_written(module, data) else OPERATOR


def _is_written(module: str, data: dict[str, Any]) -> bool:
    """Return whether the run that would change something would change what this verdict is about."""
    if module == "static_routes":
        return any(not {row.get("live"), row.get("persisted")} <= _IS_RIGHT for row in _routes(data))
    if module == "inbound_ports":
        return data.get("runtime") in _TO_BE_WRITTEN or data.get("boot") in _TO_BE_WRITTEN
    return module in ("time_sync", "system_tools")


def _is_in(text: str, networks: Sequence[Any]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True
