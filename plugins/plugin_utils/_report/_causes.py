# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps machines from being ready, merged: one row for one cause, however many machines and checks show it.

Private to the collection. Pure.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report._run import (
    FAILED,
    NOT_STARTED,
    UNREACHABLE,
    findings,
)

ORDER = (UNREACHABLE, "fail", NOT_STARTED, "warn", "unproven")
# Numbers and addresses are of a machine, and the rest of a sentence is of its cause.
_OF_A_MACHINE = re.compile(r"(?<![\w.])(?:(?:[0-9a-f]*:){2,}[0-9a-f]*|[0-9]+(?:\.[0-9]+)*)(?:/[0-9]+)?(?![\w])", re.I)
_REASON_OF_SSH = re.compile(r"ssh: connect to host \S+ port \d+: ([^.]+)")
_BY_NAMESERVER = ("dns", "address")

Cause = dict[str, Any]


def causes(document: dict[str, Any]) -> list[Cause]:
    """Return the causes, worst first and then by the number of machines.

    Each is {status, title, kind, nameserver, checks: [names], targets: [texts], summary, remedy, reproduce, hosts:
    [names]}. status is one of ORDER; nameserver is who gave the wrong answer where names are the problem; summary,
    remedy and reproduce are those of the first machine; where there are several targets, a remedy that names one of
    them speaks of them all.
    """
    found: dict[tuple[str, ...], Cause] = {}
    stopped = {run["id"]: run["stopped"] for run in document["runs"]}
    for host in sorted(document["hosts"]):
        for key, item in _of_host(host, document["hosts"][host], stopped):
            cause = found.setdefault(key, {**item, "checks": [], "targets": [], "hosts": []})
            for name, values in (("hosts", [host]), ("checks", item["checks"]), ("targets", item["targets"])):
                cause[name] += [value for value in values if value not in cause[name]]
    for cause in found.values():
        cause["title"] = _title(cause)
        cause["remedy"] = _for_all(cause)
        del cause["names"]

    def order(cause: Cause) -> tuple[int, int, str]:
        return ORDER.index(cause["status"]), -len(cause["hosts"]), cause["title"]

    return sorted(found.values(), key=order)


def _of_host(host: str, record: dict[str, Any], stopped: dict[str, str]) -> list[tuple[tuple[str, ...], Cause]]:
    if record["state"] == UNREACHABLE:
        message = _first_line(record["message"])
        remedy = "see that the machine is up and that ssh leads to it; then run again with --limit"
        # Around the reason Ansible has one sentence or another, by what it was about to send.
        reason = _REASON_OF_SSH.search(message)
        return [_plain(UNREACHABLE, "ssh", reason.group(1) if reason else _general(message, host), message, remedy)]
    if record["state"] == NOT_STARTED:
        remedy = "run again with --limit, when what stopped the run is mended"
        why = stopped[record["run"]] or "the run ended before it came to this machine"
        return [_plain(NOT_STARTED, "not started", why, why, remedy)]
    failing = findings(record, "fail")
    items = [_of_verdict(host, item) for item in failing + findings(record, "warn", "unproven")]
    if record["state"] == FAILED and not failing:
        message = _first_line(record["message"])
        remedy = record["message"].partition("to do: ")[2] or "see the message of the task"
        items.append(_plain("fail", record["failed_task"], _general(message, host), message, remedy))
    return items


def _plain(status: str, check: str, key: str, summary: str, remedy: str) -> tuple[tuple[str, ...], Cause]:
    cause = {
        "status": status,
        "checks": [check],
        "targets": [],
        "summary": summary,
        "remedy": remedy,
        "reproduce": "",
        "names": (),
        "kind": "",
        "nameserver": "",
    }
    return (status, check, key), cause


def _of_verdict(host: str, item: dict[str, Any]) -> tuple[tuple[str, ...], Cause]:
    data = item["data"]
    problem = str(data.get("problem") or "")
    cause = {
        "status": item["status"],
        "checks": [item["check"]],
        "targets": [target] if (target := _target(item)) else [],
        "summary": item["summary"],
        "remedy": item["remedy"],
        "reproduce": item["reproduce"],
        "names": tuple(filter(None, (data.get("host"), data.get("address")))),
        "kind": problem,
        "nameserver": _nameserver(data) if data.get("stage") in _BY_NAMESERVER else "",
    }
    if problem:
        # One wrong answer is another problem for each name, by what is published of it; who gave it is the cause.
        same = "address" if data.get("stage") == "address" else problem
        return (item["status"], same, _way(data)), cause
    return (item["status"], item["task"], _general(item["remedy"] or item["summary"], host)), cause


def _way(data: dict[str, Any]) -> str:
    """Return what machines have in common that have the same problem: who answered, or the next hop."""
    if data.get("stage") in _BY_NAMESERVER:
        return _nameserver(data)
    via = data.get("via") or {}
    return f"{via.get('gateway', '')} {via.get('interface', '')}"


def _nameserver(data: dict[str, Any]) -> str:
    return str((data.get("dns") or {}).get("source", ""))


def _target(item: dict[str, Any]) -> str:
    data = item["data"]
    if data.get("host") and data.get("port"):
        address = data.get("address") or ""
        shown = f"{data['host']} ({address})" if address and address != data["host"] else str(data["host"])
        return f"{shown} {_transport(str(data.get('protocol', 'tcp')))} {data['port']}"
    return ""


def _transport(protocol: str) -> str:
    return "UDP" if protocol in ("udp", "ntp") else "TCP"


def _general(text: str, host: str) -> str:
    """Return a sentence without what is of one machine only."""
    return _OF_A_MACHINE.sub("#", text.replace(host, "#"))


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0]


def _title(cause: Cause) -> str:
    checks, targets = cause["checks"], cause["targets"]
    # An endpoint may have another address on each machine, each of which is a target for the network team.
    if targets and len(checks) > 1:
        return f"{cause['kind']}: {len(checks)} endpoints"
    if targets:
        return f"{cause['kind']}: {targets[0]}" if cause["kind"] else targets[0]
    return checks[0] if len(checks) == 1 else f"{checks[0]} and {len(checks) - 1} more"


def _for_all(cause: Cause) -> str:
    remedy = str(cause["remedy"])
    if len(cause["targets"]) > 1:
        for name in cause["names"]:
            remedy = remedy.replace(name, "each of these targets")
    return remedy
