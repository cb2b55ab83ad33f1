# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a document has the shape that docs/fleet_report.schema.json gives it. Private to the collection. Pure.

A document may come from another controller and be written by anybody, so all of it is checked before it is used.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import is_shallow, problem_of
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import STATES
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.run import SCHEMA_VERSION
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document, HostRecord, Run

Test = tuple[Callable[[Any], bool], str]

_KEYS = frozenset({"schema_version", "runs", "hosts"})
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?\+00:00\Z")
# Version 3 knew no module of a verdict; its tasks begin with the name of the role, which tells it.
_OLD = 3
_MODULES_OF_ROLES = {
    "ack_edge.node.readiness": "ack_edge.node.readiness_info",
    "ack_edge.node.system_tools": "ack_edge.node.system_tools",
    "ack_edge.node.time_sync": "ack_edge.node.time_sync",
    "ack_edge.node.inbound_ports": "ack_edge.node.inbound_ports",
    "ack_edge.node.leased_line_routes": "ack_edge.node.static_routes",
    "ack_edge.node.reachability": "ack_edge.node.reachability_info",
}


class MergeError(Exception):
    """A document that cannot be merged; the text names it and says what to do."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or not _TIME.match(value):
        return False
    try:
        return bool(datetime.datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 10**9


TEXT: Test = (_is_text, "a text")
NAME: Test = (lambda value: _is_text(value) and bool(value), "a text that is not empty")
TRUTH: Test = (lambda value: isinstance(value, bool), "true or false")
TIME: Test = (_is_time, "a time such as 2026-11-23T15:46:28+00:00")
MAYBE_TIME: Test = (lambda value: value is None or _is_time(value), f"null or {TIME[1]}")
TIME_OR_NONE: Test = (lambda value: value == "" or _is_time(value), f"'' or {TIME[1]}")
STATE: Test = (lambda value: _is_text(value) and value in STATES, f"one of {', '.join(STATES)}")
WAVE: Test = (lambda value: value is None or _is_number(value), "null or a whole number from 1")
OBJECT: Test = (lambda value: isinstance(value, dict), "an object")
LIST: Test = (lambda value: isinstance(value, list), "a list")

_RUN = {"id": NAME, "playbook": TEXT, "started": TIME, "ended": MAYBE_TIME, "stopped": TEXT, "check_mode": TRUTH,
        "job": TEXT, "workflow": TEXT}  # fmt: skip
# What documents do not have that were written before AWX was known of.
_OF_NO_JOB = {"job": "", "workflow": ""}
_LINE = {"run": NAME, "state": STATE, "failed_task": TEXT, "message": TEXT, "ended": TIME_OR_NONE}
_HOST = {
    **_LINE, "failed_module": TEXT, "region": TEXT, "access_mode": TEXT, "site": TEXT, "address": TEXT, "wave": WAVE,
    "started": TIME_OR_NONE, "changed": LIST, "modules": OBJECT, "verdicts": LIST, "history": LIST,
}  # fmt: skip
_LOOK = {"run": NAME, "ended": TIME_OR_NONE, "proves": TRUTH}
_VERDICT = {
    "check": TEXT, "status": TEXT, "summary": TEXT, "remedy": TEXT, "reproduce": TEXT, "data": OBJECT, "task": TEXT,
    "module": TEXT,
}  # fmt: skip


def is_document(content: Any) -> bool:
    """Return whether some JSON has the outline of a document, of whatever version."""
    return isinstance(content, dict) and content.keys() >= _KEYS


def check(document: Any, name: str) -> Document:
    """Return a document that has the shape of one, one of version 3 as if it were of this version.

    :arg name: of its file, for messages.
    :raises MergeError: if it is no document of a run, or of another version of the collection.
    """
    if not is_document(document):
        raise MergeError(f"{name} is not a report of ack_edge.node, expected JSON with schema_version, runs and hosts")
    version = document["schema_version"]
    if not isinstance(version, int) or isinstance(version, bool) or version not in (_OLD, SCHEMA_VERSION):
        raise MergeError(
            f"{name} has schema_version {_shown(version)}, expected {SCHEMA_VERSION} or {_OLD}; "
            "merge it with the version of the collection that wrote it"
        )
    try:
        runs = _runs(_is(document["runs"], "runs", LIST))
        hosts = _is(document["hosts"], "hosts", OBJECT)
        return {
            "schema_version": SCHEMA_VERSION,
            "runs": [runs[identity] for identity in runs],
            "hosts": {host: _host(host, record, runs, version == _OLD) for host, record in hosts.items()},
        }
    except _Wrong as error:
        raise MergeError(f"{name} is not a complete report of ack_edge.node: {error}") from None


class _Wrong(Exception):
    """Where a document is not as it should be."""


def _runs(items: list[Any]) -> dict[str, Run]:
    if not items:
        raise _Wrong("runs is empty, expected at least one run")
    checked = [_fields(_OF_NO_JOB | item if isinstance(item, dict) else item, f"runs[{number}]", _RUN)
               for number, item in enumerate(items)]  # fmt: skip
    return {run["id"]: run for run in checked}


def _host(host: str, record: Any, runs: dict[str, Run], old: bool) -> HostRecord:
    where = f"hosts[{_shown(host)}]"
    if not host:
        raise _Wrong("hosts has a host without a name")
    found = _fields(_renewed(record) if old else record, where, _HOST)
    _known(found["run"], f"{where}.run", runs)
    for number, task in enumerate(found["changed"]):
        _is(task, f"{where}.changed[{number}]", TEXT)
    for module, look in found["modules"].items():
        at = f"{where}.modules[{_shown(module)}]"
        _known(_fields(look, at, _LOOK)["run"], f"{at}.run", runs)
    for number, item in enumerate(found["verdicts"]):
        at = f"{where}.verdicts[{number}]"
        if wrong := problem_of(_fields(item, at, _VERDICT)):
            raise _Wrong(f"{at}: {wrong}")
        if not is_shallow(item["data"]):
            raise _Wrong(f"{at}.data is nested too deep")
    for number, line in enumerate(found["history"]):
        _known(_fields(line, f"{where}.history[{number}]", _LINE)["run"], f"{where}.history[{number}].run", runs)
    return found


def _renewed(record: Any) -> Any:
    """Return the record of a host of version 3 as this version has it; what has another shape stays as it is."""
    if not isinstance(record, dict) or not isinstance(record.get("modules"), list):
        return record
    look = {"run": record.get("run"), "ended": record.get("ended"), "proves": True}
    modules = {name: look for name in record["modules"] if isinstance(name, str)}
    items = record.get("verdicts")
    verdicts = [
        {**item, "module": _module_of(item.get("task"))} if isinstance(item, dict) else item for item in items
    ] if isinstance(items, list) else items  # fmt: skip
    return {**record, "failed_module": "", "modules": modules, "verdicts": verdicts}


def _module_of(task: Any) -> str:
    return _MODULES_OF_ROLES.get(str(task).partition(" : ")[0], "")


def _fields(value: Any, where: str, tests: dict[str, Test]) -> Any:
    found = _is(value, where, OBJECT)
    if missing := tests.keys() - found.keys():
        raise _Wrong(f"{where} has no {sorted(missing)[0]}")
    if unknown := found.keys() - tests.keys():
        raise _Wrong(f"{where} has {_shown(sorted(unknown)[0])}, which its schema does not have")
    for key, test in tests.items():
        _is(found[key], f"{where}.{key}", test)
    return found


def _is(value: Any, where: str, test: Test) -> Any:
    if not test[0](value):
        raise _Wrong(f"{where} is {_shown(value)}, expected {test[1]}")
    return value


def _known(run: str, where: str, runs: dict[str, Run]) -> None:
    if run not in runs:
        raise _Wrong(f"{where} is {_shown(run)}, expected the id of one of its runs")


def _shown(value: Any) -> str:
    """Return a value for a message: escaped, and no longer than one reads."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    text = ascii(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
