# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where each host stands on its way to the cluster. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import OURS, value_of
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import Message
from ansible_collections.ack_edge.node.plugins.plugin_utils._published import PUBLISHED
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import PREPARE, Document, HostRecord, ReportedVerdict

OK, FAILED, UNREACHABLE, NOT_STARTED, STOPPED = "ok", "failed", "unreachable", "not started", "stopped"
STATES = (OK, FAILED, STOPPED, UNREACHABLE, NOT_STARTED)
# Those in which a run has not gone through all of its tasks on a host.
LOST = (UNREACHABLE, NOT_STARTED, STOPPED)
# The status of a cause that is an open point: something required that nothing speaks against and nothing proves.
OPEN_POINT = "open"
READY, OPEN, NOT_READY, NOT_JUDGED = "ready", "ready but for open points", "not ready", "not judged"
# The modules that must have looked at a host before it is called ready, and the tag with which a playbook runs each. A
# run of some roles only, or one that undoes everything, may end well without a word on that.
SECTIONS = {
    "ack_edge.node.readiness_info": "readiness",
    "ack_edge.node.time_sync": "time_sync",
    "ack_edge.node.inbound_ports": "inbound_ports",
    "ack_edge.node.static_routes": "leased_line_routes",
    "ack_edge.node.reachability_info": "reachability",
}
# The task that says whether a host is ready: it fails for what others have found, and finds nothing of its own.
ASSERT_READY = "ack_edge.node.assert_ready"
# The playbook that undoes everything, which is no look at a host.
RESET = "reset_edge"

# The check that says what a host is, and who may say so: "" in documents where the task does not tell its module.
HOST_STATE, JOINED = "host_state", "joined"
_READINESS = ("ack_edge.node.readiness_info", "")
# The check that is the number of those that passed, out of an artifact of AWX.
PASSED = "passed"
# Nobody looks at a host in more ways than this; what says so is wrong.
_MOST_CHECKS = 10_000
# The module whose checks each have a remedy of their own.
_BY_CHECK = "readiness_info"
# Whether it is one point, and of several hosts -> how it is said.
_POINTS = {
    (True, False): "ready but for {number} open point",
    (True, True): "ready but for {number} open point each",
    (False, False): "ready but for {number} open points",
    (False, True): "ready but for {number} open points each",
}
TEMPLATES = tuple(_POINTS.values())
# What the page says of the row that a route is made from.
_ROW = ("row", "purpose", "region", "sources")


def findings(record: HostRecord, *statuses: str) -> list[ReportedVerdict]:
    """Return the verdicts of a host that have one of these statuses; fail means a fail of a required item."""
    return [
        item
        for item in record["verdicts"]
        if item["status"] in statuses and (item["status"] != "fail" or item["data"].get("required", True))
    ]


def open_points(record: HostRecord) -> list[ReportedVerdict]:
    """Return the verdicts on required items that nothing speaks against and nothing proves."""
    return [item for item in findings(record, "unproven") if item["data"].get("required", True)]


def looked_at(record: HostRecord) -> list[str]:
    """Return the names of the sections that somebody has looked at, in the order of the playbooks."""
    return [name for module, name in SECTIONS.items() if (look := record["modules"].get(module)) and look["proves"]]


def has_joined(record: HostRecord) -> bool:
    """Return whether a host is a member of its cluster, by the last look at its host_state."""
    states = [
        item for item in record["verdicts"] if item.get("check") == HOST_STATE and item.get("module", "") in _READINESS
    ]
    return bool(states) and states[-1]["status"] == "pass" and states[-1]["data"].get("state") == JOINED


def not_looked_at(record: HostRecord) -> list[str]:
    """Return the names of the sections that nobody has looked at, or that a run would have changed or has undone."""
    known = looked_at(record)
    return [name for name in SECTIONS.values() if name not in known]


def standings(document: Document) -> dict[str, str]:
    """Return where each host stands.

    READY (nothing keeps it from joining, and all was looked at), OPEN (the same, but something required is unproven),
    NOT_READY, NOT_JUDGED (nothing is known to be wrong, and not all was looked at, or something would have been
    changed), UNREACHABLE or NOT_STARTED.
    """
    return {name: _standing(record) for name, record in document["hosts"].items()}


def _standing(record: HostRecord) -> str:
    if record["state"] in (UNREACHABLE, NOT_STARTED):
        return record["state"]
    if record["state"] == STOPPED or findings(record, "fail"):
        return NOT_READY
    if record["state"] == FAILED and not is_only_open(record):
        return NOT_READY
    if not_looked_at(record):
        return NOT_JUDGED
    return OPEN if open_points(record) else READY


def is_only_open(record: HostRecord) -> bool:
    """Return whether a host failed only because it was said that it has open points."""
    judged = record["failed_module"] == ASSERT_READY
    return bool(judged and not not_looked_at(record) and not findings(record, "fail") and open_points(record))


def left(document: Document) -> list[str]:
    """Return the hosts to go on with: all that something keeps from joining, and those that a run broke off at.

    Hosts that are ready but for open points are not among them: nothing has failed there, and another run would find
    the same.
    """
    broken_off = {run["id"] for run in document["runs"] if not run["ended"]}
    return [
        name
        for name, found in standings(document).items()
        if found not in (READY, OPEN) and (found != NOT_JUDGED or document["hosts"][name]["run"] in broken_off)
    ]


def counted(hosts: int) -> Message:
    """Return a number of hosts in words."""
    return Message("{number} host", number=hosts) if hosts == 1 else Message("{number} hosts", number=hosts)


def points(numbers: Iterable[int]) -> Message:
    """Return how many open points hosts have, such as "ready but for 2 open points", for one number for each host."""
    least, most = min(found := list(numbers)), max(found)
    if least != most:
        return Message("ready but for {least} to {most} open points", least=least, most=most)
    return Message(_POINTS[most == 1, len(found) > 1], number=most)


def cause_of(item: ReportedVerdict, fixed_by: str = "") -> str:
    """Return the id of what a verdict is about, by which other languages know its remedy; "" for none.

    It is the run that fixes it, else the problem of an endpoint, the readiness check, or the module.

    :arg fixed_by: who fixes it, where that is known beside the verdict.
    """
    if PREPARE in (fixed_by, value_of(item.get("data"), "fixed_by")):
        return PREPARE
    if problem := value_of(item.get("data"), "problem"):
        return problem
    module, check = item.get("module", "").removeprefix(OURS), item.get("check", "")
    if check == module:
        return ""  # the module gave no verdict, and this one says why
    return f"{module}.{check}" if module == _BY_CHECK else module


def said(item: ReportedVerdict) -> str:
    """Return the summary of a verdict with the row that its route is made from, where there is one."""
    found = item["data"].get(PUBLISHED)
    if not isinstance(found, Mapping) or not all(isinstance(found.get(key), str) for key in _ROW):
        return item.get("summary", "")
    return (
        f"{item['summary']}; published as {found['row']} ({found['purpose']}) of {found['region']}: {found['sources']}"
    )


def stands_for(item: ReportedVerdict) -> int:
    """Return how many verdicts a verdict stands for: more than one where it is a count."""
    is_count = item.get("check") == PASSED and item["status"] == "pass"
    number = item["data"].get("count") if is_count else 1
    return number if isinstance(number, int) and 0 < number <= _MOST_CHECKS else 1
