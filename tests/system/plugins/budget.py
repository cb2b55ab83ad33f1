# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback for the tests: counts, machine by machine, task results and executions of modules on the machine."""

from __future__ import annotations

DOCUMENTATION = r"""
name: budget
type: aggregate
short_description: Count task results and remote executions
description: For the tests of the collection.
"""

import collections
import json
import os
from pathlib import Path

from ansible.plugins.action import ActionBase
from ansible.plugins.callback import CallbackBase

_FILE = os.environ.get("BUDGET_FILE", "")
_ORIGINAL = ActionBase._execute_module


def _execute_module(self, *args, **kwargs):
    """Note the execution in a file, for this runs in a process of its own, then do it."""
    name = kwargs.get("module_name") or (args[0] if args else None) or self._task.action
    host = kwargs.get("task_vars", {}).get("inventory_hostname") or self._task_host
    with Path(_FILE + ".executions").open("a", encoding="utf-8") as handle:
        handle.write(json.dumps([host, name]) + "\n")
    return _ORIGINAL(self, *args, **kwargs)


class CallbackModule(CallbackBase):
    """Counts results in the main process and executions in the workers."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "budget"

    def __init__(self):
        super().__init__()
        self._results = collections.Counter()
        ActionBase._execute_module = _execute_module

    def _count(self, result):
        host = getattr(result, "host", None) or result._host
        self._results[host.get_name()] += 1

    def v2_runner_on_ok(self, result):
        self._count(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._count(result)

    def v2_runner_on_skipped(self, result):
        self._count(result)

    def v2_playbook_on_stats(self, stats):
        executions = collections.defaultdict(list)
        for line in Path(_FILE + ".executions").read_text().splitlines():
            host, module = json.loads(line)
            executions[host].append(module)
        Path(_FILE).write_text(json.dumps({"results": self._results, "executions": executions}))
