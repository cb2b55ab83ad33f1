# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback ack_edge.node.fleet_report: one JSON document for each run, with every verdict on every machine."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report
type: notification
short_description: Write what a run found on every machine into one JSON document
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Collects the verdicts that the modules of this collection return, machine by machine, with what was changed,
    which machines failed and why, and which could not be reached.
  - Costs no task and no execution on the machines. The document is written at the end of the run.
  - Works with C(ansible-playbook), with ansible-runner and in AWX.
options:
  directory:
    description: Directory for the documents on the controller. It is made if it is not there.
    type: path
    default: ack_edge_reports
    env:
      - name: ACK_EDGE_REPORT_DIR
    ini:
      - section: callback_fleet_report
        key: directory
"""

EXAMPLES = r"""
# ansible.cfg
# [defaults]
# callbacks_enabled = ack_edge.node.fleet_report
# [callback_fleet_report]
# directory = reports
"""

import datetime
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._run import Run


class CallbackModule(CallbackBase):
    """Hands events to a Run and writes its document; decides nothing."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "ack_edge.node.fleet_report"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._name = ""
        self._targets: set[str] = set()

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Begin the document."""
        self._name = Path(playbook._file_name).stem  # the only place where Ansible keeps it
        self._run = Run(self._name, _now())

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Remember which machines the play is for, so that one which no task reaches is in the document."""
        variables = play.get_variable_manager()
        inventory = variables._inventory if variables else None
        if inventory is not None and play.hosts:
            self._targets.update(host.name for host in inventory.get_hosts(play.hosts))

    def v2_runner_on_ok(self, result: Any) -> None:
        """Take in verdicts and changes."""
        self._take(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Take in verdicts of a failure as well, and why it failed."""
        host, task, content = self._take(result)
        if self._run and not ignore_errors:
            self._run.failure(host, task, str(content.get("msg", "")))

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Take in a machine that was lost; a task that ignores it has asked somebody else, and goes on."""
        host, _task, content = _parts(result)
        task = getattr(result, "task", None) or result._task
        if self._run and not getattr(task, "ignore_unreachable", False):
            self._run.unreachable(host, str(content.get("msg", "")))

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Write the document and say where it is."""
        if self._run is None:
            return
        document = self._run.document(_now(), sorted(self._targets - set(stats.processed)))
        if not document["hosts"]:
            return
        directory = Path(str(self.get_option("directory")))
        path = directory / f"{self._name}-{datetime.datetime.now():%Y%m%dT%H%M%S}-{os.getpid()}.json"
        try:
            _write(path, json.dumps(document, indent=1, default=str) + "\n")
        except OSError as error:
            why = f"The report cannot be written to {directory}: {error.strerror}"
            self._display.warning(f"{why}. Set ACK_EDGE_REPORT_DIR to a directory that can be written.")
            return
        states = ", ".join(f"{number} {state}" for state, number in sorted(self._run.counts().items()))
        self._display.display(f"Report of {len(document['hosts'])} machines ({states}): {path}")

    def _take(self, result: Any) -> tuple[str, str, dict[str, Any]]:
        host, task, content = _parts(result)
        if self._run:
            self._run.task(host, task, content)
        return host, task, content


def _parts(result: Any) -> tuple[str, str, dict[str, Any]]:
    """Return host, task and content of a result; ansible-core 2.19 gave them public names."""
    host = getattr(result, "host", None) or result._host
    task = getattr(result, "task", None) or result._task
    content = getattr(result, "result", None) or result._result
    return host.get_name(), task.get_name(), content


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


def _write(path: Path, text: str) -> None:
    """Write in one step, so that a reader never meets half a document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", delete=False) as handle:
        handle.write(text)
    Path(handle.name).chmod(0o644)
    Path(handle.name).rename(path)
