# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cause is called: the thing that is wrong, and not the first of its checks. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._types import PREPARE

# What static_routes says of a route that is there in another way.
WRONG = frozenset(("wrong",))
# Module -> what it found where a run of prepare_edge fixes it.
_BY_A_RUN = {
    "inbound_ports": "Inbound ports are closed",
    "time_sync": "The clock is not kept by chrony",
    "system_tools": "System tools are missing",
    "readiness_info": "System tools are missing",
}
# Module -> what somebody else has changed since the last run, of one and of several.
_DRIFT = {
    "static_routes": ("The route to {0} was", "{1} routes to the cloud were"),
    "inbound_ports": ("The rule for inbound {0} was", "{1} rules for inbound ports were"),
    "time_sync": ("The configuration of chrony was", "The configuration of chrony was"),
    "system_tools": ("The system tool {0} was", "{1} system tools were"),
}


def title(cause: Mapping[str, Any]) -> str:
    """Return the title of a cause.

    :arg cause: with its module, who fixes it, its checks and targets, the kind of the problem, and whether all that is
        missing is missing only.
    """
    checks, targets, kind = cause["checks"], cause["targets"], cause["kind"]
    # An endpoint may have another address on each host, each of which is a target for the network team.
    if targets and len(checks) > 1:
        return f"{kind}: {len(checks)} endpoints"
    if targets:
        return f"{kind}: {targets[0]}" if kind else str(targets[0])
    if words := _of_a_run(cause):
        return words
    if cause["module"] == "port_listener" and cause["status"] == "fail":
        return "Inbound ports are not reachable from the VPC"
    return str(checks[0]) if len(checks) == 1 else f"{checks[0]} and {len(checks) - 1} more"


def _of_a_run(cause: Mapping[str, Any]) -> str:
    """Return what a run has once set and somebody else has changed, or what a run sets; "" for anything else."""
    checks = cause["checks"]
    if cause.get("drift") and cause["module"] in _DRIFT:
        one, several = _DRIFT[cause["module"]]
        what = (one if len(checks) == 1 else several).format(checks[0], len(checks))
        return f"Drift: {what} removed or changed since the last run"
    if cause["fixed_by"] == PREPARE and cause["module"] == "static_routes":
        what = "missing" if cause["complete"] else "missing or wrong"
        return (
            f"{len(checks)} routes to the cloud are {what}"
            if len(checks) > 1
            else f"The route to {checks[0]} is {what}"
        )
    if cause["fixed_by"] == PREPARE and cause["module"] in _BY_A_RUN:
        return _BY_A_RUN[cause["module"]]
    return ""
