# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run of a playbook found on each machine, collected from the results of its tasks. Private to the collection.

Pure: knows neither Ansible nor files. The document is what every format of the report is made from; its shape is in
docs/fleet_report.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

SCHEMA_VERSION = 3
OK, FAILED, UNREACHABLE, NOT_STARTED = "ok", "failed", "unreachable", "not started"
STATES = (OK, FAILED, UNREACHABLE, NOT_STARTED)
READY, NOT_READY, NOT_JUDGED = "ready", "not ready", "not judged"
# The modules that a machine must have passed before it is called ready. A run of some roles only, or one that takes
# everything back, may end well without a word on that.
_GATE = frozenset({"ack_edge.node.readiness_info", "ack_edge.node.reachability_info"})
_VERDICT_KEYS = frozenset({"check", "status", "summary", "remedy", "reproduce", "data"})
# Where the machine is, as far as the inventory or the requirement set says it.
PLACES = ("region", "access_mode", "site", "address")


class Run:
    """One run, while it goes on.

    :arg name: of the run, unique among those that may be merged with it.
    :arg playbook: name of the playbook, without directory and suffix.
    :arg started: ISO 8601 time.
    """

    def __init__(self, name: str, playbook: str, started: str, check_mode: bool = False) -> None:
        self._run: dict[str, Any] = {"id": name, "playbook": playbook, "started": started, "ended": None}
        self._run |= {"stopped": "", "check_mode": check_mode}
        self._hosts: dict[str, dict[str, Any]] = {}
        # As JSON, a text for each task: Ansible forks for each task on each machine, and what a fork costs grows with
        # the number of objects that the collector of garbage goes through, to which texts do not belong.
        self._verdicts: dict[str, list[str]] = {}

    def task(self, host: str, task: str, result: dict[str, Any], now: str = "", module: str = "") -> None:
        """Take in the result of a task that has run on a machine: its verdicts, and whether it changed anything.

        :arg module: full name of the module that the task called.
        """
        record = self._host(host)
        record["started"], record["ended"] = record["started"] or now, now
        # Several roles may look at one thing (the clock); each result says which task it is from.
        if found := [{**item, "task": task} for item in verdicts(result)]:
            self._verdicts.setdefault(host, []).append(json.dumps(found, default=str))
            if module not in record["modules"]:
                record["modules"].append(module)
        if result.get("changed"):
            record["changed"].append(task)
        facts = result.get("ansible_facts") or {}
        self.place(host, **_places(facts.get("ack_edge_requirements")), site=facts.get("ack_edge_site"))

    def place(self, host: str, wave: int | None = None, **places: Any) -> None:
        """Take in where a machine is; what is not known stays as it was."""
        record = self._host(host)
        record.update({key: str(value) for key, value in places.items() if value})
        if wave is not None:
            record["wave"] = wave

    def failure(self, host: str, task: str, message: str, now: str = "") -> None:
        """Take in that a machine has failed, with the message of the task that failed it."""
        self._host(host).update(state=FAILED, failed_task=task, message=message, ended=now)

    def unreachable(self, host: str, message: str, now: str = "") -> None:
        """Take in that a machine could not be reached."""
        self._host(host).update(state=UNREACHABLE, message=message, ended=now)

    def stop(self, reason: str) -> None:
        """Take in why the run ended before it came to all machines."""
        self._run["stopped"] = reason

    def wave_lost(self) -> None:
        """Take in that the run has ended: after a wave that failed as a whole there is no next one."""
        last = max((record["wave"] or 0 for record in self._hosts.values()), default=0)
        states = [record["state"] for record in self._hosts.values() if record["wave"] == last]
        if states and not self._run["stopped"] and not {*states} - {FAILED, UNREACHABLE}:
            self.stop(f"Wave {last} was lost as a whole: {counted(len(states))}, all failed or not reached")

    def rescued(self, failed: Iterable[str]) -> None:
        """Take in which machines have failed in the end: a failure of any other one was put right in the same play."""
        for host in self._hosts.keys() - set(failed):
            if self._hosts[host]["state"] == FAILED:
                self._hosts[host].update(state=OK, failed_task="", message="")

    def document(self, ended: str | None = None, never_started: Iterable[str] = ()) -> dict[str, Any]:
        """Return the run as JSON can hold it; machines that no task reached are in it as such.

        :arg ended: ISO 8601 time, None while the run goes on: what is written then is what is left of a run that is
            killed.
        """
        waiting = {name: _fresh(NOT_STARTED) for name in sorted(never_started) if name not in self._hosts}
        beside: dict[str, Any] = {"run": self._run["id"], "history": []}
        hosts = {
            name: {**record, "verdicts": self._verdicts_of(name), **beside}
            for name, record in sorted((self._hosts | waiting).items())
        }
        return {"schema_version": SCHEMA_VERSION, "runs": [{**self._run, "ended": ended}], "hosts": hosts}

    def _verdicts_of(self, host: str) -> list[dict[str, Any]]:
        return [item for text in self._verdicts.get(host, ()) for item in json.loads(text)]

    def _host(self, name: str) -> dict[str, Any]:
        if name not in self._hosts:
            self._hosts[name] = _fresh(OK)
        return self._hosts[name]


def counted(machines: int) -> str:
    """Return a number of machines in words."""
    return f"{machines} machine" if machines == 1 else f"{machines} machines"


def _fresh(state: str) -> dict[str, Any]:
    return {
        "state": state,
        "message": "",
        "failed_task": "",
        **dict.fromkeys(PLACES, ""),
        "wave": None,
        "started": "",
        "ended": "",
        "changed": [],
        "modules": [],
    }


def _places(requirements: Any) -> dict[str, Any]:
    if not isinstance(requirements, dict):
        return {}
    return {key: requirements.get(key) for key in ("region", "access_mode")}


def verdicts(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the verdicts in the result of a task, [] if it is not from a module of the collection."""
    items = result.get("results")
    if not isinstance(items, list):
        return []
    return [
        {key: item[key] for key in sorted(_VERDICT_KEYS)}
        for item in items
        if isinstance(item, dict) and item.keys() >= _VERDICT_KEYS
    ]


def findings(record: dict[str, Any], *statuses: str) -> list[dict[str, Any]]:
    """Return the verdicts of a machine that have one of these statuses; fail means a fail of a required item."""
    return [
        item
        for item in record["verdicts"]
        if item["status"] in statuses and (item["status"] != "fail" or item["data"].get("required", True))
    ]


def standings(document: dict[str, Any]) -> dict[str, str]:
    """Return where each machine stands on its way to the cluster.

    READY (nothing keeps it from joining, and all was looked at), NOT_READY, NOT_JUDGED (nothing is known to be wrong,
    and not all was looked at, or something would have been changed), UNREACHABLE or NOT_STARTED.
    """
    dry = {run["id"] for run in document["runs"] if run["check_mode"]}
    return {name: _standing(record, record["run"] in dry) for name, record in document["hosts"].items()}


def _standing(record: dict[str, Any], check_mode: bool) -> str:
    if record["state"] in (UNREACHABLE, NOT_STARTED):
        return record["state"]
    if record["state"] == FAILED or findings(record, "fail"):
        return NOT_READY
    looked_at = set(record["modules"]) >= _GATE and not (check_mode and record["changed"])
    return READY if looked_at else NOT_JUDGED


def left(document: dict[str, Any]) -> list[str]:
    """Return the machines to go on with: all that something keeps from joining, and those that a run broke off at."""
    broken_off = {run["id"] for run in document["runs"] if not run["ended"]}
    return [
        name
        for name, found in standings(document).items()
        if found != READY and (found != NOT_JUDGED or document["hosts"][name]["run"] in broken_off)
    ]
