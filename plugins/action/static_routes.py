# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module static_routes, and where live routes changed comes back by a new connection to confirm the change.

The node rolls back a change that nobody confirms. So the return path is proven by using it.
"""

from __future__ import annotations

import time
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils._action import CheckedAction
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.values import BadAnswer
from ansible_collections.ack_edge.node.plugins.plugin_utils._published import trace

# Beyond the time that the node waits: it must have taken the change back when it is asked what became of it.
_MARGIN = 3
# That of the module.
_TIMEOUT = 30


class ActionModule(CheckedAction):
    """One task, one result; two executions of the module where live routes change."""

    MODULE = "static_routes"

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module, as if it had done all in one execution."""
        result = self.begin(tmp, task_vars)
        first = self.ask(task_vars)
        awaiting = first.pop("awaiting_confirmation", None)
        if awaiting is None or first.get("failed"):
            return self._traced({**result, **first})
        second = self._confirm(awaiting, task_vars)
        second.pop("awaiting_confirmation", None)
        try:
            merged = merge(first, second)
        except BadAnswer as problem:
            merged = self.refuse(problem, task_vars, {"changed": True})
        return self._traced({**result, **merged})

    def _traced(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return a result whose verdicts say which published row their route is made from."""
        trace(result.get("results", ()), self._task.args.get("routes"))
        return result

    def _confirm(self, awaiting: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        arguments = {**self._task.args, "confirm": awaiting["token"]}
        # The node knows how long it waits, and the task how long it may.
        end = time.monotonic() + min(awaiting["seconds"], self._timeout()) + _MARGIN
        try:
            self._connect_anew()
            return self.ask(task_vars, arguments)
        except AnsibleConnectionFailure as error:
            self._display.vv(f"no return path from the node ({error}); it is asked again after its rollback")
            time.sleep(max(0, end - time.monotonic()))
            self._connect_anew()
            return self.ask(task_vars, arguments)

    def _timeout(self) -> int:
        try:
            return max(0, int(self._task.args.get("confirm_timeout", _TIMEOUT)))
        except (TypeError, ValueError):
            return _TIMEOUT  # the module refuses it, so that no honest node awaits anything

    def _connect_anew(self) -> None:
        # A connection that is kept open would go on where a new one could not be made. Those of containers and of the
        # host itself have nothing to reset.
        if type(self._connection).reset is not ConnectionBase.reset:
            self._connection.reset()


def merge(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a change out of those of its two executions.

    :arg first: that of the execution that changed the kernel; it saw the node before any change.
    :arg second: that of the one that persisted the change, or failed.
    :raises BadAnswer: if they do not tell of the same routes.
    """
    if second.get("failed"):
        return second
    told = [[item["check"] for item in answer["results"]] for answer in (first, second)]
    if told[0] != told[1]:
        raise BadAnswer(
            f"results tells of {len(told[1])} routes when the change is confirmed, expected the {len(told[0])} that it "
            "told of before"
        )
    for before, after in zip(first["results"], second["results"], strict=True):
        for one, other in _pairs(before["check"], before["data"], after["data"]):
            both = one.get("changed", []) + other.get("changed", [])
            other["changed"] = [fact for fact in ("live", "persisted") if fact in both]
    merged = {**second, "changed": True}
    if "diff" in first:
        merged["diff"] = first["diff"]
    return merged


def _pairs(check: str, before: dict[str, Any], after: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the data of the same routes, those of a name among them."""
    if "routes" in after:
        if len(before.get("routes", ())) != len(after["routes"]):
            raise BadAnswer(f"results tells of other routes of {check!a} when the change is confirmed than before")
        return list(zip(before["routes"], after["routes"], strict=True))
    return [(before, after)] if "changed" in after else []
