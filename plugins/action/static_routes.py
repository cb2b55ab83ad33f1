# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module static_routes, and where live routes changed comes back by a new connection to confirm the change.

The node takes a change back by itself that nobody confirms. So the way back is proven by walking it.
"""

from __future__ import annotations

import time

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.plugins.connection import ConnectionBase

# Beyond the time that the node waits: it must have taken the change back when it is asked what became of it.
_MARGIN = 3


class ActionModule(ActionBase):
    """One task, one result; two executions of the module where live routes change."""

    def run(self, tmp=None, task_vars=None):
        """Return the result of the module, as if it had done all in one execution."""
        result = super().run(tmp, task_vars)
        first = self._execute_module(task_vars=task_vars)
        awaiting = first.pop("awaiting_confirmation", None)
        if awaiting is None:
            return {**result, **first}
        return {**result, **merge(first, self._confirm(awaiting, task_vars))}

    def _confirm(self, awaiting, task_vars):
        arguments = {**self._task.args, "confirm": awaiting["token"]}
        end = time.monotonic() + awaiting["seconds"] + _MARGIN
        try:
            self._connect_anew()
            return self._execute_module(module_args=arguments, task_vars=task_vars)
        except AnsibleConnectionFailure as error:
            self._display.vv(f"no way back to the node ({error}); it is asked again when it has taken its routes back")
            time.sleep(max(0, end - time.monotonic()))
            self._connect_anew()
            return self._execute_module(module_args=arguments, task_vars=task_vars)

    def _connect_anew(self):
        # A connection that is kept open would go on where a new one could not be made. Those of containers and of the
        # machine itself have nothing to reset.
        if type(self._connection).reset is not ConnectionBase.reset:
            self._connection.reset()


def merge(first, second):
    """Return the result of a change out of those of its two executions.

    :arg first: that of the execution that changed the kernel; it saw the node before any change.
    :arg second: that of the one that persisted the change, or failed.
    """
    if second.get("failed"):
        return second
    for before, after in zip(first["results"], second["results"], strict=True):
        for one, other in _pairs(before["data"], after["data"]):
            other["changed"] = [fact for fact in ("live", "persisted") if fact in one["changed"] + other["changed"]]
    merged = {**second, "changed": True}
    if "diff" in first:
        merged["diff"] = first["diff"]
    return merged


def _pairs(before, after):
    """Return the data of the same routes, those of a name among them."""
    if "routes" in after:
        return list(zip(before["routes"], after["routes"], strict=True))
    return [(before, after)] if "changed" in after else []
