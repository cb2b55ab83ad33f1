# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run of a playbook found on each machine, collected from the results of its tasks. Private to the collection.

Pure: knows neither Ansible nor files. The document is what every format of the report is made from.
"""

from __future__ import annotations

from typing import Any

SCHEMA_VERSION = 1
_VERDICT_KEYS = frozenset({"check", "status", "summary", "remedy", "reproduce", "data"})


class Run:
    """One run, while it goes on.

    :arg playbook: name of the playbook, without directory and suffix.
    :arg started: ISO 8601 time.
    """

    def __init__(self, playbook: str, started: str) -> None:
        self._playbook, self._started = playbook, started
        self._hosts: dict[str, dict[str, Any]] = {}

    def task(self, host: str, task: str, result: dict[str, Any]) -> None:
        """Take in the result of a task that has run on a machine: its verdicts, and whether it changed anything."""
        record = self._host(host)
        # Several roles may look at one thing (the clock); each result says which task it is from.
        record["verdicts"] += [{**item, "task": task} for item in verdicts(result)]
        if result.get("changed"):
            record["changed"].append(task)

    def failure(self, host: str, task: str, message: str) -> None:
        """Take in that a machine has failed, with the message of the task that failed it."""
        self._host(host).update(state="failed", failed_task=task, message=message)

    def unreachable(self, host: str, message: str) -> None:
        """Take in that a machine could not be reached."""
        self._host(host).update(state="unreachable", message=message)

    def document(self, ended: str, never_started: list[str] = ()) -> dict[str, Any]:  # type: ignore[assignment]
        """Return the whole run as JSON can hold it; machines that no task reached are in it as such."""
        for host in never_started:
            self._host(host, state="not started")
        return {
            "schema_version": SCHEMA_VERSION,
            "playbook": self._playbook,
            "started": self._started,
            "ended": ended,
            "hosts": self._hosts,
        }

    def counts(self) -> dict[str, int]:
        """Return how many machines are in each state."""
        numbers: dict[str, int] = {}
        for record in self._hosts.values():
            numbers[record["state"]] = numbers.get(record["state"], 0) + 1
        return numbers

    def _host(self, name: str, state: str = "ok") -> dict[str, Any]:
        fresh = {"state": state, "message": "", "failed_task": "", "changed": [], "verdicts": []}
        return self._hosts.setdefault(name, fresh)


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
