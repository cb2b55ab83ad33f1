# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as CSV, as JUnit XML and as lines for a terminal. Private to the collection. Pure.

Every text may come from a machine that nobody should trust, so each format disarms it in its own way.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from ansible_collections.ack_edge.node.plugins.plugin_utils._report._causes import Cause
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._run import (
    FAILED,
    NOT_JUDGED,
    NOT_STARTED,
    READY,
    STATES,
    UNREACHABLE,
    counted,
    left,
    standings,
)

CSV_COLUMNS = (
    *("host", "state", "ready", "region", "site", "access_mode", "wave", "address"),
    *("check", "status", "required", "summary", "remedy", "reproduce", "task"),
)
# What XML 1.0 has no way to hold, and what steers a terminal.
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_NOT_PRINTED = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]+")
_NAMED_HOSTS = 3
_READY = {READY: "yes", NOT_JUDGED: "unknown"}


def as_csv(document: dict[str, Any]) -> str:
    """Return a line for each verdict on each machine, and one for a machine without any."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS)
    writer.writeheader()
    for (host, record), standing in zip(document["hosts"].items(), standings(document).values(), strict=True):
        shared = {key: record[key] for key in ("state", "region", "site", "access_mode", "wave", "address")}
        shared |= {"host": host, "ready": _READY.get(standing, "no")}
        nothing = {"summary": record["message"], "task": record["failed_task"], "data": {}}
        for item in record["verdicts"] or [nothing]:
            row = shared | {key: item.get(key, "") for key in CSV_COLUMNS if key not in shared}
            row["required"] = "yes" if item["data"].get("required") else "no"
            writer.writerow({key: cell(value) for key, value in row.items()})
    return text.getvalue()


def cell(value: Any) -> str:
    """Return what a spreadsheet shows and does not calculate."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def as_junit(document: dict[str, Any]) -> str:
    """Return a test suite for each machine with a test case for each verdict, for pipelines that show such."""
    root = ElementTree.Element("testsuites", name="ack_edge.node")
    for host, record in document["hosts"].items():
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(host), time=f"{duration(record):.0f}")
        numbers = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
        for item in record["verdicts"]:
            numbers["tests"] += 1
            kind = _case(suite, host, item)
            if kind:
                numbers[kind] += 1
        if record["state"] in (UNREACHABLE, NOT_STARTED) or (record["state"] == FAILED and not numbers["failures"]):
            numbers["tests"] += 1
            numbers["errors"] += 1
            name = _xml(record["failed_task"] or "run")
            case = ElementTree.SubElement(suite, "testcase", classname=_xml(host), name=name)
            ElementTree.SubElement(case, "error", message=_xml(record["state"])).text = _xml(record["message"])
        for name, number in numbers.items():
            suite.set(name, str(number))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, host: str, item: dict[str, Any]) -> str:
    """Add one verdict; return which of the numbers of the suite it counts for, '' for none."""
    case = ElementTree.SubElement(suite, "testcase", classname=_xml(host), name=_xml(item["check"]))
    text = "\n".join(filter(None, (item["summary"], item["remedy"] and f"to do: {item['remedy']}", item["reproduce"])))
    if item["status"] == "fail" and item["data"].get("required", True):
        ElementTree.SubElement(case, "failure", message=_xml(item["summary"])).text = _xml(text)
        return "failures"
    if item["status"] == "skipped":
        ElementTree.SubElement(case, "skipped", message=_xml(item["summary"]))
        return "skipped"
    ElementTree.SubElement(case, "system-out").text = _xml(f"{item['status']}: {text}")
    return ""


def _xml(text: Any) -> str:
    return _NOT_XML.sub("\ufffd", str(text))


def as_limit(document: dict[str, Any]) -> str:
    """Return the machines to go on with, a line each, as ``--limit @FILE`` takes them."""
    return "".join(f"{host}\n" for host in left(document))


def as_lines(document: dict[str, Any], causes: Iterable[Cause], most: int = 10) -> list[str]:
    """Return the summary for a terminal: how many machines are ready, and the causes that keep the others.

    :arg most: how many causes are shown.
    """
    hosts = document["hosts"]
    standing = list(standings(document).values())
    ready, not_judged = standing.count(READY), standing.count(NOT_JUDGED)
    states = [(state, sum(record["state"] == state for record in hosts.values())) for state in STATES]
    split = ", ".join(f"{number} {state}" for state, number in states if number)
    stopping = [cause for cause in causes if cause["status"] in (UNREACHABLE, "fail", NOT_STARTED)]
    lines = [f"{ready} of {counted(len(hosts))} {'is' if len(hosts) == 1 else 'are'} ready ({split})"]
    if not_judged == len(hosts):
        lines = [f"{counted(len(hosts))} ({split}); this run did not look at readiness"]
    elif not_judged:
        lines[0] += f"; {not_judged} not judged: this run did not look at all of it"
    for cause in stopping[:most]:
        lines.append(f"  {_names(cause['hosts'])}: {cause['title']}: {cause['summary']}")
        lines.append(f"      to do: {cause['remedy']}")
    if len(stopping) > most:
        lines.append(f"  and {len(stopping) - most} more causes, which the report has")
    return [_NOT_PRINTED.sub("\ufffd", line) for line in lines]


def _names(hosts: list[str]) -> str:
    if len(hosts) == 1:
        return hosts[0]
    more = f" and {len(hosts) - _NAMED_HOSTS} more" if len(hosts) > _NAMED_HOSTS else ""
    return f"{len(hosts)} machines ({', '.join(hosts[:_NAMED_HOSTS])}{more})"


def duration(record: dict[str, Any]) -> float:
    """Return the seconds that a machine was worked on, 0 where it was not."""
    if not record["started"] or not record["ended"]:
        return 0.0
    begin, end = (datetime.datetime.fromisoformat(record[key]) for key in ("started", "ended"))
    return (end - begin).total_seconds()
