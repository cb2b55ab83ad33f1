# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run of a playbook found on each host, collected from the results of its tasks. Private to the collection.

Pure: knows neither Ansible nor files. The document is what every format of the report is made from; its shape is in
docs/fleet_report.schema.json.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable
from typing import Any, cast

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import (
    OURS,
    as_json,
    failing,
    no_verdict,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight import looks
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.contact import kind_of, reason
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    ASSERT_READY,
    FAILED,
    NOT_STARTED,
    OK,
    STOPPED,
    UNREACHABLE,
    counted,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cleaned
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import (
    Document,
    HostRecord,
    Look,
    ReportedVerdict,
    Verdict,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Run as RunRecord

SCHEMA_VERSION = 4
# Where the host is, as far as the inventory or the requirement set says it.
PLACES = ("region", "access_mode", "site", "address")
# What these return says nothing of the host, or is taken in by other ways.
_NO_VERDICTS = frozenset({f"{OURS}port_probe_info", f"{OURS}merge_reports", ASSERT_READY})
# Signs that a module could not do its work, though its task was told not to fail.
_COULD_NOT = ("module_stdout", "module_stderr", "exception", "failed_when_suppressed_exception", "failed_checks")
_NO_REMEDY = "fix the reported problem and run again"


class Run:
    """One run, while it goes on.

    :arg name: of the run, unique among those that may be merged with it.
    :arg playbook: name of the playbook, without directory and suffix.
    :arg started: ISO 8601 time.
    """

    def __init__(self, name: str, playbook: str, started: str, check_mode: bool = False) -> None:
        self._run = RunRecord(
            id=name,
            playbook=playbook,
            started=started,
            ended=None,
            stopped="",
            check_mode=check_mode,
            job="",
            workflow="",
        )
        self.playbook = playbook
        self._hosts: dict[str, dict[str, Any]] = {}
        # As JSON, a text for each task: Ansible forks for each task on each host, and what a fork costs grows with
        # the number of objects that the collector of garbage goes through, to which texts do not belong.
        self._verdicts: dict[str, list[str]] = {}
        # {host: {module: what the look at the whole host found}}, until the module itself has run there.
        self._first: dict[str, dict[str, str]] = {}

    def task(
        self,
        host: str,
        task: str,
        result: dict[str, Any],
        now: str = "",
        module: str = "",
        failed: bool = False,
        undone: bool = False,
    ) -> None:
        """Take in the result of a task that has run on a host: its verdicts, and whether it changed anything.

        :arg module: full name of the module that the task called; only verdicts of this collection's modules count.
        :arg failed: whether the task failed; then its message is kept by :meth:`failure`.
        :arg undone: whether the task undid what the module had done before, which is no look at the host.
        """
        record = self._host(host)
        record["started"], record["ended"] = record["started"] or now, now
        if result.get("changed"):
            record["changed"].append(task)
        if not module.startswith(OURS) or module in _NO_VERDICTS or result.get("skipped"):
            return
        parts: dict[str, dict[str, Any]] = {}
        if module == f"{OURS}{looks.MODULE}" and "sections" in result:
            # A result that is none of ours is one wrong result, of this host.
            with contextlib.suppress(AttributeError, LookupError, TypeError):
                parts = looks.split(result)
        for name, part in parts.items():
            self._look(host, task, part, now, f"{OURS}{name}", first=True)
        if not parts:
            self._look(host, task, result, now, module, failed=failed, undone=undone)

    def _look(
        self,
        host: str,
        task: str,
        result: dict[str, Any],
        now: str,
        module: str,
        *,
        failed: bool = False,
        undone: bool = False,
        first: bool = False,
    ) -> None:
        found, wrong, proves = self._answer(result, module, failed)
        if found or proves or failed or wrong:
            self._keep(host, task, module, found, now, proves and not undone, first)

    def _answer(self, result: dict[str, Any], module: str, failed: bool) -> tuple[list[Verdict], str, bool]:
        """Return the verdicts of a result, what is wrong with it, and whether the module has looked at the host."""
        found, wrong = verdicts(result["results"]) if "results" in result else ([], "")
        if wrong:
            return [*found, no_verdict(module, wrong)], wrong, False
        if any(item["status"] == "fail" for item in found):
            return found, "", True
        if not failed and any(result.get(key) for key in _COULD_NOT):
            # The task was told to go on, so that nothing else says it.
            message = reason(result)
            kind = kind_of(message)
            could_not = failing(kind.title if kind else module.removeprefix(OURS), message or "no message",
                                kind.remedy if kind else _NO_REMEDY)  # fmt: skip
            return [*found, could_not], "", False
        return found, "", "results" in result and not failed

    def shared(self, task: str, result: dict[str, Any], known: Collection[str], now: str, module: str) -> None:
        """Take in the result of a task that looked at many hosts: ``hosts`` is {host: verdicts}.

        :arg known: the hosts that are targets of the play; what is said of others is left out.
        """
        hosts = result.get("hosts")
        for host, items in hosts.items() if isinstance(hosts, dict) else ():
            if host in known:
                found, wrong = verdicts(items)
                self._keep(host, task, module, [*found, no_verdict(module, wrong)] if wrong else found, now, not wrong)

    def _keep(
        self, host: str, task: str, module: str, found: list[Verdict], now: str, proves: bool, first: bool = False
    ) -> None:
        modules = self._host(host)["modules"]
        # What a module finds after it has changed the host takes the place of what the first look found.
        before = self._first.setdefault(host, {}).pop(module, None)
        # One module may have several tasks: each must have looked.
        known = modules.get(module, {"proves": True}) if before is None else {"proves": True}
        modules[module] = {"run": self._run["id"], "ended": now, "proves": proves and known["proves"]}
        # Several roles may look at one thing (the clock); each verdict says which task it is from.
        texts = [as_json(item, task=cleaned(task, 200), module=module) for item in found]
        if first:
            self._first[host][module] = f"[{', '.join(texts)}]"
        elif found:
            self._verdicts.setdefault(host, []).append(f"[{', '.join(texts)}]")

    def place(self, host: str, wave: int | None = None, **places: Any) -> None:
        """Take in where a host is; what is not known, or not a text, stays as it was."""
        record = self._host(host)
        record.update({key: cleaned(value, 200) for key, value in places.items() if value and isinstance(value, str)})
        if wave is not None:
            record["wave"] = wave

    def failure(self, host: str, task: str, message: str, now: str = "", module: str = "") -> None:
        """Take in that a host has failed, with the message of the task that failed it."""
        failed = {"failed_task": cleaned(task, 200), "failed_module": module, "message": cleaned(message)}
        self._host(host).update(state=FAILED, ended=now, **failed)

    def unreachable(self, host: str, message: str, now: str = "") -> None:
        """Take in that a host could not be reached."""
        self._host(host).update(state=UNREACHABLE, message=cleaned(message), ended=now)

    def of_job(self, job: object, workflow: object) -> None:
        """Take in the ids of the job of AWX that this is a run of, and of its workflow; "" where there is none."""
        self._run["job"], self._run["workflow"] = cleaned(job, 100), cleaned(workflow, 100)

    def stop(self, reason: str) -> None:
        """Take in why the run ended before it came to all hosts."""
        self._run["stopped"] = cleaned(reason)

    def broken_off(self, task: str, hosts: Iterable[str]) -> None:
        """Take in that the run was stopped from outside at a task, with the hosts that were in work then."""
        at = f' at the task "{cleaned(task, 200)}"' if task else ""
        self._run["stopped"] = self._run["stopped"] or f"The run was stopped{at}"
        for host in hosts:
            record = self._host(host)
            if record["state"] == OK:
                record.update(state=STOPPED, message=f"the run was stopped{at}, before this host was done")

    def wave_lost(self) -> None:
        """Take in that the run has ended: after a wave that failed as a whole there is no next one."""
        last = max((record["wave"] or 0 for record in self._hosts.values()), default=0)
        states = [record["state"] for record in self._hosts.values() if record["wave"] == last]
        if states and not self._run["stopped"] and not {*states} - {FAILED, UNREACHABLE}:
            self.stop(f"No host of wave {last} completed: {counted(len(states))}, all failed or unreachable")

    def rescued(self, failed: Iterable[str]) -> None:
        """Take in which hosts have failed in the end: a failure of any other one was rescued in the same play."""
        for host in self._hosts.keys() - set(failed):
            if self._hosts[host]["state"] == FAILED:
                self._hosts[host].update(state=OK, failed_task="", failed_module="", message="")

    def document(self, ended: str | None = None, never_started: Iterable[str] = ()) -> Document:
        """Return the run as JSON can hold it; hosts that no task reached are in it as such.

        :arg ended: ISO 8601 time, None while the run goes on: what is written then is what is left of a run that is
            killed.
        """
        waiting = {name: _fresh(NOT_STARTED) for name in sorted(never_started) if name not in self._hosts}
        beside: dict[str, Any] = {"run": self._run["id"], "history": []}
        hosts = {
            name: {**record, "modules": self._modules_of(record), "verdicts": self._verdicts_of(name), **beside}
            for name, record in sorted((self._hosts | waiting).items())
        }
        return Document(
            schema_version=SCHEMA_VERSION,
            runs=[{**self._run, "ended": ended}],
            hosts=cast(dict[str, HostRecord], hosts),
        )

    def _modules_of(self, record: dict[str, Any]) -> dict[str, Look]:
        # In check mode, what would be changed is not there yet, and what else was found was found without it.
        modules: dict[str, Look] = record["modules"]
        if self._run["check_mode"] and record["changed"]:
            return {name: {**look, "proves": False} for name, look in modules.items()}
        return dict(modules)

    def _verdicts_of(self, host: str) -> list[ReportedVerdict]:
        texts = [*self._first.get(host, {}).values(), *self._verdicts.get(host, ())]
        return [item for text in texts for item in json.loads(text)]

    def _host(self, name: str) -> dict[str, Any]:
        if name not in self._hosts:
            self._hosts[name] = _fresh(OK)
        return self._hosts[name]


def _fresh(state: str) -> dict[str, Any]:
    return {
        "state": state,
        "message": "",
        "failed_task": "",
        "failed_module": "",
        **dict.fromkeys(PLACES, ""),
        "wave": None,
        "started": "",
        "ended": "",
        "changed": [],
        "modules": {},
    }
