# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps hosts from being ready, merged: one row for one cause, however many hosts and checks show it.

Private to the collection. Pure.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import OURS, value_of
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import Message
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.fixes import fixer
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.contact import kind_of, shown
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    FAILED,
    NOT_STARTED,
    OPEN_POINT,
    STOPPED,
    UNREACHABLE,
    cause_of,
    findings,
    is_only_open,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.titles import WRONG, title
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import (
    OPERATOR,
    PREPARE,
    Cause,
    Document,
    HostRecord,
    ReportedVerdict,
)

ORDER = (UNREACHABLE, "fail", STOPPED, NOT_STARTED, OPEN_POINT, "warn", "unproven")
# Numbers and addresses are of a host, and the rest of a sentence is of its cause.
_OF_A_MACHINE = re.compile(r"(?<![\w.])(?:(?:[0-9a-f]*:){2,}[0-9a-f]*|[0-9]+(?:\.[0-9]+)*)(?:/[0-9]+)?(?![\w])", re.I)
_BY_NAMESERVER = ("dns", "address")
# In what a module says when it could not do its work, a line that begins so says what helps.
_TO_DO = "to do: "
_UP = "check that the host is up and that ssh leads to it; then run again with --limit"
_SAID = ("summary", "remedy")

# While they are being merged, causes have some more keys: names, alike.
_Found = dict[str, Any]
_ALL = "each of these targets"
_NETWORKS = re.compile(r"[0-9a-fA-F.:]+/[0-9]+(?:, [0-9a-fA-F.:]+/[0-9]+)*")


def causes(document: Document) -> list[Cause]:
    """Return the causes, worst first, of those what needs people, and then by the number of hosts.

    Each is a Cause. status is one of ORDER; nameserver is who gave the wrong answer where names are the problem;
    summary, remedy and reproduce are those of the first host, which is named where others say it in other words;
    where there are several targets, a remedy that names one of them speaks of them all.
    """
    found: dict[tuple[str, ...], _Found] = {}
    stopped = {run["id"]: run["stopped"] for run in document["runs"]}
    for host in sorted(document["hosts"]):
        for key, item in _of_host(host, document["hosts"][host], stopped):
            cause = found.setdefault(key, {**item, "checks": [], "targets": [], "hosts": [], "alike": {}})
            for name, values in (("hosts", [host]), ("checks", item["checks"]), ("targets", item["targets"])):
                cause[name] += [value for value in values if value not in cause[name]]
            cause["complete"] = cause["complete"] and item["complete"]
            for name in _SAID:
                if item[name] == cause[name]:
                    cause["alike"].setdefault(name, set()).add(host)
    for cause in found.values():
        cause["title"] = cause["title"] or title(cause)
        cause["remedy"] = _for_all(cause)
        for name in _SAID:
            # What only one of them says must not read as if it were everybody's.
            if cause[name] and len(cause["alike"][name]) < len(cause["hosts"]):
                cause[name] = f"on {cause['hosts'][0]}: {cause[name]}"

    def order(cause: Cause) -> tuple[int, bool, int, str]:
        # What needs people comes before what a run fixes.
        by_a_run = cause["fixed_by"] == PREPARE
        return ORDER.index(cause["status"]), by_a_run, -len(cause["hosts"]), cause["title"]

    return sorted((_cause(item) for item in found.values()), key=order)


def _cause(found: _Found) -> Cause:
    """Return a cause without what was needed to merge it."""
    return Cause(
        status=found["status"],
        title=found["title"],
        checks=found["checks"],
        targets=found["targets"],
        summary=found["summary"],
        remedy=found["remedy"],
        reproduce=found["reproduce"],
        id=found["id"],
        kind=found["kind"],
        nameserver=found["nameserver"],
        fixed_by=found["fixed_by"],
        hosts=found["hosts"],
    )


def _of_host(host: str, record: HostRecord, stopped: dict[str, str]) -> list[tuple[tuple[str, ...], _Found]]:
    if record["state"] == UNREACHABLE:
        return [_of_message(host, record, UNREACHABLE, "ssh", _UP)]
    if record["state"] == NOT_STARTED:
        why = stopped.get(record["run"]) or "the run ended before it reached this host"
        return [_plain(NOT_STARTED, "not started", why, why, "fix what stopped the run, then run again with --limit")]
    failing = findings(record, "fail")
    found = failing + findings(record, "warn", "unproven")
    items = [_of_verdict(host, item, fixer(item, record["verdicts"])) for item in found]
    if record["state"] == STOPPED:
        items.append(_plain(STOPPED, "stopped", "", record["message"], "run again with --limit"))
    if record["state"] == FAILED and not failing and not is_only_open(record):
        items.append(_of_message(host, record, "fail", record["failed_task"], ""))
    return items


def _of_message(host: str, record: HostRecord, status: str, check: str, remedy: str) -> tuple[tuple[str, ...], _Found]:
    """Return what is known of a host that has no verdict: its message, and what the table of such reasons has of it."""
    message = record["message"]
    kind = kind_of(message, unreachable=status == UNREACHABLE)
    said = shown(message, kind)
    if kind:
        _key, cause = _plain(status, check, kind.title, said, kind.remedy)
        # Whatever task met it first: the reason is the same.
        return (status, kind.title), {**cause, "title": Message(kind.title), "id": f"contact.{kind.id}"}
    found = next((line.strip() for line in message.splitlines() if line.strip().startswith(_TO_DO)), "")
    return _plain(status, check, _general(said, host), said, found.removeprefix(_TO_DO) or remedy)


def _plain(status: str, check: str, key: str, summary: str, remedy: str) -> tuple[tuple[str, ...], _Found]:
    cause = {
        "status": status,
        "title": "",
        "checks": [check],
        "targets": [],
        "summary": summary,
        "remedy": remedy,
        "reproduce": "",
        "id": status.replace(" ", "_"),
        "names": (),
        "kind": "",
        "nameserver": "",
        "fixed_by": OPERATOR,
        "module": "",
        "drift": False,
        "complete": True,
    }
    return (status, check, key), cause


def _of_verdict(host: str, item: ReportedVerdict, fixed_by: str) -> tuple[tuple[str, ...], _Found]:
    data = item["data"]
    problem, stage = value_of(data, "problem"), value_of(data, "stage")
    is_open = item["status"] == "unproven" and data.get("required", True)
    status = OPEN_POINT if is_open else item["status"]
    cause = {
        "status": status,
        "title": "",
        "checks": [item["check"]],
        "targets": [target] if (target := _target(data)) else [],
        "summary": item["summary"],
        "remedy": item["remedy"],
        "reproduce": item["reproduce"],
        "id": cause_of(item, fixed_by),
        "names": tuple(filter(None, (value_of(data, "host"), value_of(data, "address")))),
        "kind": problem,
        "nameserver": value_of(data, "dns", "source") if stage in _BY_NAMESERVER else "",
        "fixed_by": fixed_by,
        "module": item.get("module", "").removeprefix(OURS),
        "drift": data.get("drift") is True,
        "complete": not WRONG & {value_of(data, key) for key in ("live", "persisted")},
    }
    if problem:
        # One wrong answer is another problem for each name, by what is published of it; who gave it is the cause.
        same = "address" if stage == "address" else problem
        return (status, same, _way(data, stage), fixed_by), cause
    return (
        status,
        fixed_by,
        item.get("module") or item["task"],
        _general(item["remedy"] or item["summary"], host),
        # What was never there is another thing than what somebody has taken out.
        "drift" if cause["drift"] else "",
    ), cause


def _way(data: dict[str, Any], stage: str) -> str:
    """Return what hosts have in common that have the same problem: who answered, or the next hop."""
    if stage in _BY_NAMESERVER:
        return value_of(data, "dns", "source")
    return f"{value_of(data, 'via', 'gateway')} {value_of(data, 'via', 'interface')}"


def _target(data: dict[str, Any]) -> str:
    host, port, address = (value_of(data, key) for key in ("host", "port", "address"))
    if not host or not port:
        return ""
    shown_host = f"{host} ({address})" if address and address != host else host
    return f"{shown_host} {_transport(value_of(data, 'protocol'))} {port}"


def _transport(protocol: str) -> str:
    return "UDP" if protocol in ("udp", "ntp") else "TCP"


def _general(text: str, host: str) -> str:
    """Return a sentence without what is of one host only."""
    if host and host in text:
        # As a word: a host may be called as a part of one.
        text = re.sub(rf"(?<![\w-]){re.escape(host)}(?![\w-])", "#", text)
    return _OF_A_MACHINE.sub("#", text)


def _for_all(cause: _Found) -> str:
    """Return the remedy of one target in words that go for all of them."""
    remedy, names = str(cause["remedy"]), cause["names"]
    if len(cause["targets"]) < 2:
        return remedy
    remedy = _NETWORKS.sub(lambda found: _ALL if any(name in found[0] for name in names) else found[0], remedy)
    host, address = names[0], names[-1]
    if host != address and host in remedy and address in remedy:
        return remedy.replace(address, f"the address of {_ALL}").replace(host, "its name")
    for name in names:
        remedy = remedy.replace(name, _ALL)
    return remedy
