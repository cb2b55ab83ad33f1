# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback ack_edge.node.fleet_report: what a run found on every host, as one document and a page made of it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report
type: notification
short_description: Report which hosts are ready and what to fix on the others, on one page
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Collects the verdicts that the modules of this collection return, host by host, with what was changed,
    which hosts failed and why, which were unreachable, and which were not started.
  - Writes them into one JSON document for each run, also while the run goes on, so that of a run that is killed
    everything up to a moment before is left. Its shape is in C(docs/fleet_report.schema.json).
  - Makes a page of it at the end, in which failures with the same cause are one row, and other formats on request.
  - Costs no task on the hosts. Works with C(ansible-playbook), with ansible-runner and in AWX. C(merge_reports.yml)
    makes one page of several runs, such as slices of a job, waves and retries.
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
  formats:
    description:
      - What is written beside the JSON document, of V(html), V(junit), V(csv) and V(limit), which is a file with the
        hosts to go on with, for C(--limit @FILE). Anything else is a warning, and costs no report.
    type: list
    elements: str
    default: [html, limit]
    env:
      - name: ACK_EDGE_REPORT_FORMATS
    ini:
      - section: callback_fleet_report
        key: formats
  language:
    description: Language of page and summary, V(en) or V(zh). Anything else is a warning, and English.
    type: str
    default: en
    env:
      - name: ACK_EDGE_LANG
    ini:
      - section: callback_fleet_report
        key: language
  progress:
    description:
      - Whether it is said during the run how many hosts are done, running, failed and left, and how long it
        will take. Anything but V(auto), V(line), V(lines) and V(off) is a warning, and V(auto).
      - V(line) keeps the last line of the terminal for it, V(lines) writes a line every O(progress_interval) seconds.
      - V(auto) is V(line) on a terminal, else V(lines), and V(off) where AWX or ansible-runner shows the run.
    type: str
    default: auto
    env:
      - name: ACK_EDGE_REPORT_PROGRESS
    ini:
      - section: callback_fleet_report
        key: progress
  progress_interval:
    description: Seconds between two lines of O(progress=lines). A run that is shorter has none.
    type: int
    default: 30
    env:
      - name: ACK_EDGE_REPORT_PROGRESS_INTERVAL
    ini:
      - section: callback_fleet_report
        key: progress_interval
"""

EXAMPLES = r"""
# ansible.cfg
# [defaults]
# callbacks_enabled = ack_edge.node.fleet_report
# [callback_fleet_report]
# directory = reports
# formats = html,junit
"""

import atexit
import collections
import datetime
import secrets
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ansible import context
from ansible.plugins.callback import CallbackBase
from ansible_collections.ack_edge.node.plugins.plugin_utils._extra import in_slice, of_awx
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import ENGLISH, chosen
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import events, files, job, screen
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.contact import reason
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    ASSERT_READY,
    FAILED,
    OK,
    UNREACHABLE,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import as_json
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.registry import BY_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.terminal import terminal
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.last_line import LastLine
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.progress import Progress
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.run import Run
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document

# Controller-only: where a host is comes from here and from the inventory, and from nothing that a node answers.
_REQUIREMENTS = "ack_edge.node.requirements"
_PREFLIGHT = "ack_edge.node.preflight_info"
# Controller-only, run once for all hosts: its result is of the hosts that it names.
_DUPLICATES = "ack_edge.node.duplicate_hosts"
_INTERVAL = 5.0  # seconds between two writings of a run that goes on,
_SHARE = 200  # and how many times as long as the last one took
_BLINK = 0.2  # seconds between two looks of a terminal's line
# So many results are looked at together. Ansible forks for each task on each host, and every page of memory that is
# touched between two forks is copied, also by code that runs: so it is done once for many of them.
_TOGETHER = 64
_IGNORED = "ignored"
# The tag of tasks, or of whole plays, that say nothing of the host for which they run.
_NO_REPORT = "ack_edge_no_report"


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
        self._noted: collections.deque[tuple[str, Any, float]] = collections.deque()
        # The hosts of the batch that is in work, the task that it is at, and those of them that are through.
        self._batch: set[str] = set()
        self._at = ""
        self._through: set[str] = set()
        self._for_hosts, self._unmatched = True, False
        self._seen: set[str] = set()
        self._play: Any = None
        self._wave, self._serial = 0, False
        self._progress: Progress | None = None
        self._last_line: LastLine | None = None
        self._next_write = self._next_show = float("inf")
        self._warned = False
        self._job, self._handed_over, self._of_a_slice, self._language = "", False, False, ENGLISH

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Begin the document."""
        playbook_name = Path(playbook._file_name).stem  # the only place where Ansible keeps it
        # Slices of a job begin in the same second, each in a container of its own with the same process ids.
        self._name = f"{playbook_name}-{datetime.datetime.now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        self._run = Run(
            self._name, playbook_name, events.stamp(time.time()), check_mode=bool(context.CLIARGS.get("check"))
        )
        self._next_write = time.monotonic() + _INTERVAL
        plays = playbook.get_plays() if hasattr(playbook, "get_plays") else []
        self._for_hosts = not plays or any(_NO_REPORT not in play.tags for play in plays)
        # Also of a run that is interrupted; a fork of Ansible ends without it.
        atexit.register(self._write_all)
        screen.on_termination(self._write_all)
        if screen.is_of_a_service():
            job.before_stats(self._hand_over)
        # Ansible would leave the whole report away for a wrong word in an option that has choices.
        self._expect("progress", [self.get_option("progress")], screen.PROGRESS)
        self._expect("formats", self.get_option("formats"), BY_NAME)
        self._language, warning = chosen(self.get_option("language"))
        if warning:
            self._display.warning(f"fleet_report: {warning}")
        shown = screen.shown(self.get_option("progress"))
        if shown == "line":
            self._last_line = LastLine(sys.stdout)
        if shown != "off":
            self._next_show = time.monotonic() + self._between()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Remember which hosts the play is for, so that one which no task reaches is in the document."""
        self._catch_up()
        # With serial it is called for each wave, with the same play.
        identity = getattr(play, "_uuid", None)
        self._wave = self._wave + 1 if identity == self._play else 1
        self._play = identity
        self._serial = bool(getattr(play, "serial", None))
        self._batch, self._at = set(), ""
        self._through.clear()
        variables = play.get_variable_manager()
        if self._run and (extra := getattr(variables, "extra_vars", None)):
            self._job, self._of_a_slice = of_awx(extra, "job_id"), in_slice(extra)
            self._run.of_job(self._job, of_awx(extra, "workflow_job_id"))
        inventory = variables._inventory if variables else None
        if inventory is None or not play.hosts or _NO_REPORT in (getattr(play, "tags", None) or ()):
            return
        # Hosts of later waves too, but only those that --limit leaves.
        targets = {host.name for host in inventory.get_hosts(play.hosts, ignore_restrictions=True)}
        self._targets |= targets
        self._batch = {host.name for host in inventory.get_hosts(play.hosts)}
        if self._next_show < float("inf"):
            if self._wave == 1:
                self._progress = Progress(
                    len(targets), events.results_expected(play, variables), context.CLIARGS["forks"]
                )
            if self._progress:
                self._progress.wave(self._batch, time.monotonic())

    def v2_playbook_on_no_hosts_matched(self) -> None:
        """Remember that a play was for nobody."""
        self._unmatched = True

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Remember what the hosts are at."""
        del is_conditional
        self._at = task.get_name()
        if self._progress:
            self._progress.task(self._at)

    def v2_runner_on_ok(self, result: Any) -> None:
        """Note verdicts and changes."""
        self._note(OK, result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Note that a host was come to, though a task had nothing to do there."""
        self._note(OK, result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Note verdicts of a failure as well, and why it failed."""
        self._note(OK if ignore_errors else FAILED, result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Note a host that failed or is unreachable; a task that ignores it has asked somebody else, and goes on."""
        self._note(_IGNORED if events.is_unreachable_ignored(result) else UNREACHABLE, result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Write everything and say where it is."""
        self._settle(stats)
        self._write_all(events.stamp(time.time()))

    def _hand_over(self, stats: Any) -> None:
        """Put the document among the artifacts of the job, which stay when its container is gone."""
        self._settle(stats)
        if self._run and (document := self._run.document(events.stamp(time.time()), self._targets))["hosts"]:
            self._handed_over = job.hand_over(stats, document)
            if not self._handed_over:
                self._say(job.TOO_LARGE)

    def _settle(self, stats: Any) -> None:
        self._catch_up()
        if self._run:
            # A block with a rescue fails a task without failing the host.
            self._run.rescued(host for host, count in stats.failures.items() if count)
            self._run.wave_lost()

    def _note(self, state: str, result: Any) -> None:
        self._noted.append((state, result, time.time()))
        if len(self._noted) >= _TOGETHER or time.monotonic() >= min(self._next_write, self._next_show):
            self._catch_up()

    def _catch_up(self) -> None:
        """Take in what was noted, and write and show what is due."""
        # One by one, for a signal may come in between, and what is left of the run is written then.
        while self._noted:
            state, result, moment = self._noted.popleft()
            self._take(state, result, events.stamp(moment))
        if time.monotonic() >= self._next_write:
            self._write_json()
        if self._progress and time.monotonic() >= self._next_show:
            self._show(self._progress.line(time.monotonic()))

    def _take(self, state: str, result: Any, moment: str) -> None:
        host, task, content = events.parts(result)
        if self._run is None or state == _IGNORED:
            return
        if self._progress:
            self._progress.result(host)
            if state != OK:
                self._progress.lost(host, state)
        module = events.module(result)
        if _NO_REPORT in events.tags(result):
            # Between waves one host is asked in the name of all, and has not started by that.
            if state == FAILED or content.get("exceeded"):
                self._run.stop(reason(content))
        elif module == _DUPLICATES:
            self._run.shared(task, content, self._targets, moment, module)
            if state == FAILED:
                # It looks at what others have found: whatever it met, it is not of the host that it ran for.
                self._run.stop(f"{task}: {reason(content)}")
        else:
            self._of_host(self._run, state, result, module, moment)

    def _of_host(self, run: Run, state: str, result: Any, module: str, moment: str) -> None:
        host, task, content = events.parts(result)
        self._place(run, host, result)
        if state == UNREACHABLE:
            run.unreachable(host, reason(content), moment)
            return
        # The action makes that part of the result, whatever the host has answered.
        where = content.get("requirements") if module == _PREFLIGHT else content if module == _REQUIREMENTS else None
        if isinstance(where, dict):
            run.place(host, **{key: where.get(key) for key in ("region", "access_mode", "site")})
        if module == ASSERT_READY:
            self._through.add(host)
        undone = events.is_undone(result, run.playbook)
        for one in events.each(result, content):
            run.task(host, task, one, moment, module, failed=state == FAILED, undone=undone)
        if state == FAILED:
            run.failure(host, task, reason(content), moment, module)

    def _place(self, run: Run, host: str, result: Any) -> None:
        if host in self._seen:
            return
        self._seen.add(host)
        known = events.variables(result)
        # What only a template would tell is not worth one here; the requirement set tells it later.
        plain = {key: known[key] for key in ("region", "site", "access_mode") if "{{" not in str(known.get(key, "{{"))}
        address = known.get("ansible_host", "")
        run.place(host, wave=self._wave if self._serial else None, address=address, **plain)

    def _show(self, text: str) -> None:
        if self._last_line:
            self._last_line.show(text)
        else:
            self._say(f"Progress: {text}")
        self._next_show = time.monotonic() + self._between()

    def _between(self) -> float:
        return _BLINK if self._last_line else float(self.get_option("progress_interval"))

    def _write_json(self) -> None:
        """Write the document of a run that goes on, seldom enough to cost next to nothing."""
        if self._run is None or self._vanishes():
            return
        begin = time.monotonic()
        base = Path(str(self.get_option("directory"))) / self._name
        try:
            document = self._run.document(never_started=self._targets)
            files.replace(base.with_name(f"{self._name}.json"), as_json.as_json(document))
        except (OSError, ValueError) as error:
            self._warn(base.parent, error)
        end = time.monotonic()
        self._next_write = end + max(_INTERVAL, _SHARE * (end - begin))

    def _write_all(self, ended: str | None = None) -> None:
        """Write everything, of a run that has ended or was interrupted, and say how it stands and where it is."""
        atexit.unregister(self._write_all)
        if self._last_line:
            self._last_line.close()
        self._progress, self._next_write = None, float("inf")
        self._catch_up()
        run, self._run = self._run, None
        if run is None:
            return
        if ended is None:
            run.broken_off(self._at, self._batch - self._through if self._at else ())
        document = run.document(ended, self._targets)
        if document["hosts"]:
            slice_line = [job.OF_A_SLICE] if self._of_a_slice else []
            lines = [*files.summary(document, self._language), *slice_line, *self._write_files(document)]
        else:
            lines = files.of_nobody(document, self._unmatched) if self._for_hosts else []
        for line in lines:
            self._say(line)

    def _write_files(self, document: Document) -> list[str]:
        """Write all files; return the lines that say where they are, or why there are none."""
        if self._vanishes():
            return [job.NO_FILES] if self._handed_over else []
        base = Path(str(self.get_option("directory"))) / self._name
        return files.written(document, base, self._formats(), self._language)

    def _vanishes(self) -> bool:
        return bool(self._job and job.vanishes(Path(str(self.get_option("directory")))))

    def _say(self, line: str) -> None:
        self._display.display(terminal(line), stderr=not screen.is_text())

    def _formats(self) -> list[str]:
        return [name for name in self.get_option("formats") if name in BY_NAME]

    def _expect(self, option: str, values: Iterable[str], known: Iterable[str]) -> None:
        for value in values:
            if value not in known:
                self._display.warning(
                    f"fleet_report: {option} is {value!r}, expected one of {', '.join(known)}; it is skipped"
                )

    def _warn(self, directory: Path, error: Exception) -> None:
        if not self._warned:
            self._display.warning(f"The report cannot be written: {files.why(directory, error)}")
        self._warned = True
