# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as CSV, as JUnit XML and as lines for a terminal. Private to the collection. Pure.

Every text may come from a machine that nobody should trust, so each format disarms it in its own way.
"""

from __future__ import annotations

import csv
import datetime
import io
import ipaddress
import re
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from ansible_collections.ack_edge.node.plugins.plugin_utils._report._answers import printable
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._causes import OPEN_POINT, Cause
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._standing import (
    FAILED,
    NOT_JUDGED,
    NOT_STARTED,
    OPEN,
    READY,
    SECTIONS,
    STATES,
    STOPPED,
    UNREACHABLE,
    counted,
    left,
    looked_at,
    open_points,
    points,
    standings,
)

CSV_COLUMNS = (
    *("host", "state", "ready", "region", "site", "access_mode", "wave", "address"),
    *("check", "status", "required", "summary", "remedy", "reproduce", "task"),
)
# What XML 1.0 has no way to hold, and what steers a terminal.
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
# Where a spreadsheet begins to calculate: at the start of a cell, and behind what may end one or a line where another
# separator than ours is customary; also in full width, and behind what it skips.
_FORMULA = re.compile(
    "(^|[;|\\t\\n])([\\s\\ufffd'\"\\u2018-\\u201d]*)(?=[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20\\u2212\\ufe62\\ufe63\\ufe66\\ufe6b])"
)
_LOST = (UNREACHABLE, NOT_STARTED, STOPPED)
_NAMED_HOSTS = 3
_MOST_LETTERS = 1000
_NOT_LITERAL = frozenset("*?[]:,;!&@~\\{}\"'#")
_GROUPS = frozenset({"all", "ungrouped"})


def as_csv(document: dict[str, Any]) -> str:
    """Return a line for each verdict on each host, and one for a host without any."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS)
    writer.writeheader()
    for (host, record), standing in zip(document["hosts"].items(), standings(document).values(), strict=True):
        shared = {key: record[key] for key in ("state", "region", "site", "access_mode", "wave", "address")}
        shared |= {"host": host, "ready": _ready(record, standing)}
        nothing = {"summary": record["message"], "task": record["failed_task"], "data": {}}
        for item in record["verdicts"] or [nothing]:
            row = shared | {key: item.get(key, "") for key in CSV_COLUMNS if key not in shared}
            row["required"] = "yes" if item["data"].get("required") else "no"
            writer.writerow({key: cell(value) for key, value in row.items()})
    return text.getvalue()


def _ready(record: dict[str, Any], standing: str) -> str:
    if standing == OPEN:
        return points([len(open_points(record))])
    return {READY: "yes", NOT_JUDGED: "unknown"}.get(standing, "no")


def cell(value: Any) -> str:
    """Return what a spreadsheet shows and does not calculate."""
    raw = "" if value is None else str(value)
    text = _FORMULA.sub(r"\1'\2", printable(raw, keep="\n\t"))
    # A cell that begins with a tab or a line end hides from readers what it begins with.
    return f"'{text}" if raw[:1] in ("\t", "\n", "\r") and text[:1] != "'" else text


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
        if record["state"] in _LOST or (record["state"] == FAILED and not numbers["failures"]):
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
    """Return the hosts to go on with, a line each, as ``--limit @FILE`` takes them.

    A name that Ansible would take for more than one host is left out: in such a file, "*" is the whole fleet.
    """
    return "".join(f"{host}\n" for host in left(document) if is_literal(host))


def not_in_limit(document: dict[str, Any]) -> str:
    """Return a line that names the hosts that the file for ``--limit`` should have and cannot, '' for none."""
    names = [ascii(host) for host in left(document) if not is_literal(host)]
    more = f" and {len(names) - _NAMED_HOSTS} more" if len(names) > _NAMED_HOSTS else ""
    shown = ", ".join(name[:_MOST_LETTERS] for name in names[:_NAMED_HOSTS]) + more
    why = "Ansible would not take these names literally; give the hosts other names in the inventory"
    return f"Not in the file for --limit: {shown}. {why}" if names else ""


def is_literal(name: str) -> bool:
    """Return whether Ansible takes a line of a file for ``--limit`` as the name of this one host."""
    if not name.isprintable() or any(sign.isspace() for sign in name) or name in _GROUPS:
        return False
    if ":" in name:
        # An address of version 6 has colons, and in a file they separate nothing.
        return _is_address(name)
    # "user@host" is a name; at the start, the sign is that of a file.
    return bool(name) and name[0] != "@" and not _NOT_LITERAL & set(name.replace("@", ""))


def _is_address(name: str) -> bool:
    try:
        return "%" not in name and bool(ipaddress.IPv6Address(name))
    except ValueError:
        return False


def as_lines(document: dict[str, Any], causes: Iterable[Cause], most: int = 10) -> list[str]:
    """Return the summary for a terminal: how many hosts are ready, and the causes that keep the others.

    :arg most: how many causes are shown; failures come before open points.
    """
    hosts = document["hosts"]
    stopping = [cause for cause in causes if cause["status"] in (*_LOST, "fail", OPEN_POINT)]
    lines = [_how_many(document)]
    lines += [run["stopped"] for run in document["runs"] if run["stopped"] and _is_said(run, hosts)]
    for cause in stopping[:most]:
        mark = "open point: " if cause["status"] == OPEN_POINT else ""
        lines.append(f"  {_names(cause['hosts'])}: {mark}{cause['title']}: {cause['summary']}")
        if cause["remedy"]:
            lines.append(f"      to do: {cause['remedy']}")
    if len(stopping) > most:
        lines.append(f"  and {len(stopping) - most} more causes, which the report has")
    return [terminal(line) for line in lines]


def terminal(line: str) -> str:
    """Return a line that steers no terminal and has an end."""
    short = line if len(line) <= _MOST_LETTERS else f"{line[:_MOST_LETTERS]}\u2026"
    return printable(short)


def _is_said(run: dict[str, Any], hosts: dict[str, Any]) -> bool:
    """Return whether a run that was stopped has left no host for which a cause says it."""
    return not any(record["state"] in (NOT_STARTED, STOPPED) for record in hosts.values() if record["run"] == run["id"])


def _how_many(document: dict[str, Any]) -> str:
    hosts = document["hosts"]
    where = standings(document)
    standing = list(where.values())
    ready, not_judged = standing.count(READY), standing.count(NOT_JUDGED)
    states = [(state, sum(record["state"] == state for record in hosts.values())) for state in STATES]
    split = ", ".join(f"{number} {state}" for state, number in states if number)
    unjudged = [hosts[name] for name, found in where.items() if found == NOT_JUDGED]
    if not_judged == len(hosts):
        return f"{counted(len(hosts))} ({split}); not judged: {_looked_at(unjudged)}"
    opened = [len(open_points(hosts[name])) for name, found in where.items() if found == OPEN]
    more = f", {len(opened)} {points(opened)}" if opened else ""
    line = f"{ready} of {counted(len(hosts))} {'is' if len(hosts) == 1 else 'are'} ready{more} ({split})"
    return f"{line}; {not_judged} not judged: {_looked_at(unjudged)}" if not_judged else line


def _looked_at(records: list[dict[str, Any]]) -> str:
    """Return what was looked at on all of some hosts, and what was not."""
    each = [looked_at(record) for record in records]
    known = [name for name in SECTIONS.values() if all(name in names for names in each)]
    lacking = [name for name in SECTIONS.values() if name not in known]
    return f"{'only ' + ', '.join(known) if known else 'nothing'} looked at, not {', '.join(lacking)}"


def _names(hosts: list[str]) -> str:
    if len(hosts) == 1:
        return hosts[0]
    more = f" and {len(hosts) - _NAMED_HOSTS} more" if len(hosts) > _NAMED_HOSTS else ""
    return f"{counted(len(hosts))} ({', '.join(hosts[:_NAMED_HOSTS])}{more})"


def duration(record: dict[str, Any]) -> float:
    """Return the seconds that a machine was worked on, 0 where it was not."""
    if not record["started"] or not record["ended"]:
        return 0.0
    begin, end = (datetime.datetime.fromisoformat(record[key]) for key in ("started", "ended"))
    return (end - begin).total_seconds()
