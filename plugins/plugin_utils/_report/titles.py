# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cause is called: the thing that is wrong, and not the first of its checks. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import Message
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import known_end
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import PREPARE

# What static_routes says of a route that is there in another way.
WRONG = frozenset(("wrong",))
# Module -> what it found where a run of prepare_edge fixes it.
_BY_A_RUN = {
    "inbound_ports": Message("Inbound ports are closed"),
    "time_sync": Message("The clock is not kept by chrony"),
    "system_tools": Message("System tools are missing"),
    "readiness_info": Message("System tools are missing"),
}
# Module -> what another tool has changed since the last run, of one and of several.
_CHRONY = "Drift: The configuration of chrony was removed or changed since the last run"
_DRIFT = {
    "static_routes": (
        "Drift: The route to {what} was removed or changed since the last run",
        "Drift: {number} routes to the cloud were removed or changed since the last run",
    ),
    "inbound_ports": (
        "Drift: The rule for inbound {what} was removed or changed since the last run",
        "Drift: {number} rules for inbound ports were removed or changed since the last run",
    ),
    "time_sync": (_CHRONY, _CHRONY),
    "system_tools": (
        "Drift: The system tool {what} was removed or changed since the last run",
        "Drift: {number} system tools were removed or changed since the last run",
    ),
}
# What is missing only -> of one route and of several.
_ROUTES = {
    True: ("The route to {what} is missing", "{number} routes to the cloud are missing"),
    False: ("The route to {what} is missing or wrong", "{number} routes to the cloud are missing or wrong"),
}
# Problems whose reason needs the place to be understood, or is none of the path; the first one that fits counts.
_PROBLEMS = {
    "route.next_hop": Message("the next hop does not answer"),
    "proxy.": Message("the proxy does not carry the connection"),
    "ntp.far": Message("the clock of the host differs"),
    "ntp.unsure": Message("the difference of the clock is uncertain"),
}
TEMPLATES = tuple(text for pair in (*_DRIFT.values(), *_ROUTES.values()) for text in pair)


def title(cause: Mapping[str, Any]) -> str:
    """Return the title of a cause, a Message where it is in words.

    :arg cause: with its module, who fixes it, its checks and targets, the kind of the problem, and whether all that is
        missing is missing only.
    """
    checks, targets, kind = cause["checks"], cause["targets"], cause["kind"]
    # An endpoint may have another address on each host, each of which is a target for the network team.
    if targets and len(checks) > 1:
        return Message("{number} endpoints: {why}", number=len(checks), why=_why(kind))
    if targets:
        return Message("{target}: {why}", target=targets[0], why=_why(kind)) if kind else str(targets[0])
    if words := _of_a_run(cause):
        return words
    if cause["module"] == "port_listener" and cause["status"] == "fail":
        return Message("Inbound ports are not reachable from the VPC")
    if len(checks) == 1:
        return str(checks[0])
    return Message("{check} and {number} more", check=checks[0], number=len(checks) - 1)


def _why(kind: str) -> str:
    """Return what a kind of problem is, with the name by which the documentation has it."""
    words = next((found for start, found in _PROBLEMS.items() if kind.startswith(start)), None)
    words = words or (known_end(kind) or ("", None))[1]
    return Message("{what} ({kind})", what=words, kind=kind) if words else kind


def _of_a_run(cause: Mapping[str, Any]) -> str:
    """Return what a run has once set and somebody else has changed, or what a run sets; "" for anything else."""
    checks = cause["checks"]
    words = None
    if cause.get("drift") and cause["module"] in _DRIFT:
        words = _DRIFT[cause["module"]]
    elif cause["fixed_by"] == PREPARE and cause["module"] == "static_routes":
        words = _ROUTES[bool(cause["complete"])]
    if words:
        return Message(words[len(checks) > 1], what=checks[0], number=len(checks))
    return _BY_A_RUN.get(cause["module"], "") if cause["fixed_by"] == PREPARE else ""
