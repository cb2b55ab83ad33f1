# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions with a host that answers what a test hands it."""

from __future__ import annotations

import copy
import types
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, report, verdict


class Plain:
    """Variables without templates."""

    def template(self, value: Any, **_more: Any) -> Any:
        return value

    def copy_with_new_env(self, **_more: Any) -> Any:
        return self


class HostVars(dict[str, Any]):
    """The variables of all hosts."""

    def raw_get(self, host: str) -> Any:
        return self[host]


def told(action: type, arguments: dict[str, Any], *answers: Any, **task: Any) -> Any:
    """Return an action whose host gives these answers, one for each execution; an exception is raised.

    ``executed`` has the arguments of each execution, None for those of the task.
    """
    made = type("Told", (action,), {"_execute_module": _execute})
    shell = types.SimpleNamespace(tmpdir="/tmp/remote", join_path=lambda *parts: "/".join(parts))
    given = {"args": arguments, "async_val": 0, "check_mode": False, "delegate_to": None, "action": "x", **task}
    found = made(types.SimpleNamespace(**given), types.SimpleNamespace(_shell=shell), None, None, None, None)
    found.executed, found.answers = [], [copy.deepcopy(answer) for answer in answers]
    return found


def _execute(self: Any, module_args: dict[str, Any] | None = None, task_vars: dict[str, Any] | None = None) -> Any:
    self.executed.append(module_args)
    answer = self.answers.pop(0)
    if isinstance(answer, Exception):
        raise answer
    return answer


def honest(*checks: str, **keys: Any) -> dict[str, Any]:
    """Return what a module answers where all is well with these checks."""
    return {"changed": False, **report([verdict(name, PASS, "fine") for name in checks]), **keys}
