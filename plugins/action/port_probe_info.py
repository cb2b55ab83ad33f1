# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module port_probe_info; its answer is held against the ports that the task names."""

from __future__ import annotations

from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._action import CheckedAction
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.values import BadAnswer
from ansible_collections.ack_edge.node.plugins.plugin_utils._tried import address, ports


class ActionModule(CheckedAction):
    """One execution."""

    MODULE = "port_probe_info"

    def bounded(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return the answer if it tells of exactly the ports that were asked for, in their order."""
        if found.get("failed"):
            return found
        asked = ports(self._task.args.get("ports"))
        told = [(one["name"], one["protocol"], one["port"]) for one in found["results"]]
        if told != asked:
            raise BadAnswer(f"results tells of {_words(told)}, expected {_words(asked)}")
        # The node says this one, through the probe host, which is not to be blamed for it.
        seen = [one if address(one["seen_as"]) else {**one, "seen_as": ""} for one in found["results"]]
        return {**found, "results": seen}


def _words(told: list[tuple[str, str, int]]) -> str:
    shown = ", ".join(f"{protocol}/{port}" for _name, protocol, port in told[:8])
    return f"{shown} and {len(told) - 8} more" if len(told) > 8 else shown or "no port"
