# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of the variables that users set, and names that look like one of them. Private to the collection. Pure.

Tests hold the names against docs/variables.md and the argument specs of the roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._inputs import items
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import WARN, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import RequirementSet, Verdict

# What the playbooks read, the tables in docs/variables.md.
PLAYBOOK_VARIABLES = frozenset(
    (
        *("region", "site", "access_mode", "cluster_version", "cni", "vpc_cidrs", "node_cidrs", "pod_cidr"),
        *("service_cidr", "api_server", "raven_gateway", "tunnel_server", "leased_line_gateway"),
        *("leased_line_interface", "route_scope", "extra_routes", "ntp_servers", "addons", "bgp_neighbours"),
        *("internet_inbound", "vpc_probe_host", "vpc_probe_address", "vpc_probe_source", "vpc_probe_timeout"),
        *("skip_checks", "host_state", "require_proof", "waves", "error_budget", "edge_hosts"),
    )
)
# What the roles take under their own names.
ROLE_VARIABLES = frozenset(
    f"{role}_{option}"
    for role, options in {
        "readiness": "checks skip advisory access_mode cluster_version proxy_mode host_state api_server pod_cidr "
        "service_cidr node_cidrs vpc_cidrs leased_line_gateway leased_line_interface os_support system_tools "
        "inbound_ports min_free_mb max_clock_offset enforce",
        "system_tools": "tools state source directory url checksum throttle",
        "time_sync": "servers state manage max_offset wait enforce",
        "inbound_ports": "ports state backend zone interface gateway allow_any_source enforce",
        "leased_line_routes": "routes resolve gateway interface forbidden protect prune state backend force takeover "
        "live confirm_timeout enforce",
        "reachability": "endpoints expect_private node_cidrs timeout deadline proxy proxy_url ca_path max_offset "
        "enforce",
    }.items()
    for option in options.split()
)
KNOWN = PLAYBOOK_VARIABLES | ROLE_VARIABLES
# A play needs them before there are hosts.
_ONLY_EXTRA = ("waves",)
# A shorter name becomes another word with two letters of difference, and a still shorter one with one.
_LONG = 8
_SHORTEST = 5
# Ansible's own, and names that playbooks and roles keep to themselves.
_PRIVATE = ("_", "ansible_", "ack_edge_", "inventory_", "group_names", "hostvars", "groups", "omit", "playbook_dir")


def judge(given: Iterable[str], extra: Iterable[str] = ()) -> Verdict | None:
    """Return one verdict ``variable_names`` about the variables of a host, None where nothing is to be said.

    :arg given: names of the variables that inventory and ``-e`` set for the host.
    :arg extra: those of them that ``-e`` sets.
    """
    given = set(given)
    misspelt = near_misses(given)
    late = sorted(name for name in _ONLY_EXTRA if name in given and name not in set(extra))
    if not misspelt and not late:
        return None
    said = [f"{name} is not a variable of this collection, {ours} is" for name, ours in misspelt.items()]
    said += [f"{name} is set in the inventory, where a play cannot follow it" for name in late]
    remedies = [f"set {ours} in place of {name}, or rename {name}" for name, ours in misspelt.items()]
    remedies += [f"give {name} with -e" for name in late]
    return verdict(
        "variable_names",
        WARN,
        "; ".join(said),
        "; ".join(remedies),
        names=misspelt,
    )


def near_misses(given: Iterable[str]) -> dict[str, str]:
    """Return {name: the one of ours that it looks like}: a letter or two more, less, other or swapped."""
    given = set(given)
    found = {}
    for name in sorted(given - KNOWN):
        if name.startswith(_PRIVATE) or len(name) < _SHORTEST - 1:
            continue
        candidates = [(distance(name, ours), ours) for ours in KNOWN if _may_be(name, ours, given)]
        near = [(letters, ours) for letters, ours in candidates if letters <= _allowed(ours)]
        if near:
            found[name] = min(near)[1]
    return found


def _allowed(ours: str) -> int:
    return 2 if len(ours) >= _LONG else 1


def _may_be(name: str, ours: str, given: set[str]) -> bool:
    """Return whether the exact distance is worth being computed."""
    # A plural, say, beside a short name of ours that is set has a meaning of its own.
    if len(ours) < _SHORTEST or (len(ours) < _LONG and ours in given):
        return False
    return abs(len(name) - len(ours)) <= _allowed(ours) and len(set(name) ^ set(ours)) <= 2 * _allowed(ours)


def distance(one: str, other: str) -> int:
    """Return how many letters are to be added, taken out, changed or swapped with the next to make one of the other."""
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def role_variables(requirements: RequirementSet, own: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the roles take where nobody sets it under its own name: their defaults refer to it.

    :arg requirements: a requirement set, see the lookup ``ack_edge.node.region``.
    :arg own: leased_line_gateway, leased_line_interface, skip_checks and host_state, as the host has them.
    """
    leased_line = requirements["access_mode"] == "leased_line"
    gateway = (own.get("leased_line_gateway") or "") if leased_line else ""
    interface = (own.get("leased_line_interface") or "") if leased_line else ""
    return {
        "readiness_skip": _list(own.get("skip_checks")),
        "readiness_access_mode": requirements["access_mode"],
        "readiness_cluster_version": requirements["cluster_version"] or "",
        "readiness_host_state": own.get("host_state") or "auto",
        "readiness_api_server": _api_server(requirements),
        "readiness_pod_cidr": requirements["pod_cidr"],
        "readiness_service_cidr": requirements["service_cidr"],
        "readiness_node_cidrs": requirements["node_cidrs"],
        "readiness_vpc_cidrs": requirements["vpc_cidrs"],
        "readiness_leased_line_gateway": gateway,
        "readiness_leased_line_interface": interface,
        "readiness_os_support": requirements["os_support"],
        "readiness_system_tools": requirements["system_tool_packages"],
        "readiness_inbound_ports": [port for rule in requirements["inbound"] for port in rule["ports"]],
        "system_tools_tools": requirements["system_tool_packages"],
        "time_sync_servers": requirements["ntp_servers"],
        "inbound_ports_ports": requirements["inbound"],
        "inbound_ports_interface": interface,
        "inbound_ports_gateway": gateway,
        # Without a gateway the network of the site does the routing, and the node's part is to own no routes.
        "leased_line_routes_routes": requirements["routes"] + requirements["site_routes"] if gateway else [],
        "leased_line_routes_resolve": requirements["resolve"] if gateway else [],
        "leased_line_routes_gateway": gateway,
        "leased_line_routes_interface": interface,
        "leased_line_routes_forbidden": requirements["pod_cidr"] + requirements["service_cidr"],
        "reachability_endpoints": requirements["endpoints"],
        "reachability_expect_private": leased_line,
        "reachability_node_cidrs": requirements["node_cidrs"],
    }


def _api_server(requirements: RequirementSet) -> str:
    """Return host:port of the API server of the cluster, '' where nobody has said it."""
    for row in requirements["endpoints"]:
        if row["name"] == "api_server":
            host = f"[{row['host']}]" if ":" in row["host"] else row["host"]
            return f"{host}:{row['port']}"
    return ""


def _list(value: Any) -> list[str]:
    """Return a list that may have come as text, or not at all."""
    return list(dict.fromkeys(str(item).strip() for item in items(value)))
