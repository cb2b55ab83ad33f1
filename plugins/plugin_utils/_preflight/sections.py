# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections of preflight_info: their modules, and the arguments that their roles would give. Private. Pure.

A test holds the variables against the tasks of the roles, and their defaults against those of the modules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._inputs import is_unset, items

READINESS, SYSTEM_TOOLS, TIME_SYNC = "readiness", "system_tools", "time_sync"
INBOUND_PORTS, ROUTES, REACHABILITY = "inbound_ports", "leased_line_routes", "reachability"
# Section, which is also the name of a role and of its tag -> the module. In the order in which roles change a host.
MODULES = {
    READINESS: "readiness_info",
    SYSTEM_TOOLS: "system_tools",
    TIME_SYNC: "time_sync",
    INBOUND_PORTS: "inbound_ports",
    ROUTES: "static_routes",
    REACHABILITY: "reachability_info",
}
# Those that change something.
CHANGING = (SYSTEM_TOOLS, TIME_SYNC, INBOUND_PORTS, ROUTES)
# Checks of readiness that other sections look at as well, with more knowledge of it. That of the clock is left to its
# own section also where that one is not selected.
_CLOCK, _TOOLS = "clock", "system_tools"
_ARGUMENTS: dict[str, str] = {
    READINESS: "checks skip advisory access_mode cluster_version proxy_mode host_state api_server pod_cidr "
    "service_cidr node_cidrs vpc_cidrs leased_line_gateway leased_line_interface os_support system_tools inbound_ports "
    "min_free_mb max_clock_offset",
    SYSTEM_TOOLS: "state source directory url checksum",
    TIME_SYNC: "servers state max_offset wait",
    INBOUND_PORTS: "ports state backend zone interface gateway allow_any_source",
    ROUTES: "routes resolve gateway interface forbidden protect prune state backend force takeover live "
    "confirm_timeout",
    REACHABILITY: "endpoints expect_private node_cidrs timeout deadline proxy proxy_url ca_path max_offset",
}
_OTHER_NAMES = {SYSTEM_TOOLS: {"system_tools": "system_tools_tools"}}
# Section -> {argument: the role's variable}.
VARIABLES: dict[str, dict[str, str]] = {
    section: {**{name: f"{section}_{name}" for name in names.split()}, **_OTHER_NAMES.get(section, {})}
    for section, names in _ARGUMENTS.items()
}
# Arguments that are lists of texts or numbers.
LISTS = frozenset(
    (
        *("checks", "skip", "advisory", "pod_cidr", "service_cidr", "node_cidrs", "vpc_cidrs", "inbound_ports"),
        *("servers", "resolve", "forbidden", "protect"),
    )
)
_MANAGE = "time_sync_manage"


def selected(tags: Collection[str], skipped: Collection[str], default: Collection[str]) -> list[str]:
    """Return the sections that ``--tags`` and ``--skip-tags`` leave, in their order.

    :arg default: the sections of a run with all tags.
    """
    everything = bool({"all", "tagged"} & {*tags})
    # Who names a section wants it, also one that is not looked at by default.
    return [
        name
        for name in MODULES
        if (name in tags or (everything and name in default)) and not {name, "tagged"} & {*skipped}
    ]


def arguments(section: str, variable: Callable[[str], Any], role_variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that the role would give its module; what is not among them has the module's default.

    :arg variable: function that returns a variable of the host, None where it is not set.
    :arg role_variables: of the requirement set.
    """
    found = {}
    for argument, name in VARIABLES[section].items():
        given = variable(name)
        found[argument] = role_variables.get(name) if given is None else given
    found = settled(found)
    if section == TIME_SYNC and variable(_MANAGE) == "verify_only":
        found["verify_only"] = True
    if section == INBOUND_PORTS and found.get("state") == "absent":
        # What leaves is what the node remembers.
        found.pop("ports", None)
    return found


def whole(
    sections: Collection[str],
    variable: Callable[[str], Any],
    role_variables: Mapping[str, Any],
    before_change: bool = False,
) -> dict[str, Any]:
    """Return {section: its arguments}; what two of them look at is looked at once.

    :arg before_change: whether a run is about to change the host; what it is about to install is only reported then.
    """
    found = {name: arguments(name, variable, role_variables) for name in sections}
    if READINESS in found:
        readiness = found[READINESS]
        readiness["skip"] = [*readiness.get("skip", []), _CLOCK]
        if SYSTEM_TOOLS in found:
            readiness["skip"].append(_TOOLS)
        elif before_change:
            readiness["advisory"] = [*readiness.get("advisory", []), _TOOLS]
    return found


def settled(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a section's module, without those that are unset; lists that came as text are lists."""
    return {
        name: items(value) if name in LISTS and isinstance(value, str) else value
        for name, value in given.items()
        if not is_unset(value)
    }
