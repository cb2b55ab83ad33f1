# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A test suite for each host, for pipelines that show such. Private to the collection. Pure."""

from __future__ import annotations

import datetime
import re
from typing import Any
from xml.etree import ElementTree

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import FAILED, LOST
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document, HostRecord, ReportedVerdict

# What XML 1.0 has no way to hold, and what steers a terminal.
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def as_junit(document: Document) -> str:
    """Return a test suite for each host with a test case for each verdict, for pipelines that show such."""
    root = ElementTree.Element("testsuites", name="ack_edge.node")
    for host, record in document["hosts"].items():
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(host), time=f"{duration(record):.0f}")
        numbers = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
        for item in record["verdicts"]:
            numbers["tests"] += 1
            kind = _case(suite, host, item)
            if kind:
                numbers[kind] += 1
        if record["state"] in LOST or (record["state"] == FAILED and not numbers["failures"]):
            numbers["tests"] += 1
            numbers["errors"] += 1
            name = _xml(record["failed_task"] or "run")
            case = ElementTree.SubElement(suite, "testcase", classname=_xml(host), name=name)
            ElementTree.SubElement(case, "error", message=_xml(record["state"])).text = _xml(record["message"])
        for name, number in numbers.items():
            suite.set(name, str(number))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, host: str, item: ReportedVerdict) -> str:
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


def duration(record: HostRecord) -> float:
    """Return the seconds that a host was worked on, 0 where it was not."""
    if not record["started"] or not record["ended"]:
        return 0.0
    begin, end = (datetime.datetime.fromisoformat(record[key]) for key in ("started", "ended"))
    return (end - begin).total_seconds()


FORMAT = Format("junit", ".xml", lambda view: as_junit(view.document))
