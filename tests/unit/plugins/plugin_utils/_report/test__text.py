# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import _text
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._causes import causes
from helpers_report import endpoint, run, verdict
from hypothesis import given
from hypothesis import strategies as st

DOCUMENT = run(
    hosts={
        "a": [verdict("x"), verdict("y", "skipped")],
        "b": [endpoint("oss", "1.2.3.4", "tcp.timeout"), verdict("z", "fail", required=False)],
        "c": "no route to host",
        "d": None,
    }
)


def test_csv():
    rows = list(csv.DictReader(io.StringIO(_text.as_csv(DOCUMENT))))
    assert [
        (row["host"], row["state"], row["ready"], row["check"], row["status"], row["required"]) for row in rows
    ] == [
        ("a", "ok", "yes", "x", "pass", "yes"),
        ("a", "ok", "yes", "y", "skipped", "yes"),
        ("b", "failed", "no", "oss", "fail", "yes"),
        ("b", "failed", "no", "z", "fail", "no"),
        ("c", "unreachable", "no", "", "", "no"),
        ("d", "not started", "no", "", "", "no"),
    ]
    assert (rows[0]["region"], rows[0]["site"], rows[4]["summary"]) == ("cn-beijing", "idc1", "no route to host")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_calculates_nothing(start):
    text = _text.as_csv(run(hosts={"a": [verdict("x", summary=start + "cmd|' /C calc'!A0")]}))
    assert next(csv.DictReader(io.StringIO(text, newline="")))["summary"] == "'" + start + "cmd|' /C calc'!A0"


def test_junit():
    root = ElementTree.fromstring(_text.as_junit(DOCUMENT))
    numbers = {
        suite.get("name"): [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] for suite in root
    }
    assert numbers == {
        "a": ["2", "0", "0", "1"],
        "b": ["2", "1", "0", "0"],
        "c": ["1", "0", "1", "0"],
        "d": ["1", "0", "1", "0"],
    }
    (failure,) = root.iter("failure")
    assert "to do: route 1.2.3.4" in failure.text
    assert root[0].get("time") == "7"


def test_junit_of_a_failure_without_a_verdict():
    document = run(hosts={"a": [verdict("x")]})
    document["hosts"]["a"] |= {"state": "failed", "failed_task": "Install", "message": "no repository"}
    (error,) = ElementTree.fromstring(_text.as_junit(document)).iter("error")
    assert error.text == "no repository"


def test_lines():
    lines = _text.as_lines(DOCUMENT, causes(DOCUMENT))
    assert lines[0] == "1 of 4 machines are ready (1 ok, 1 failed, 1 unreachable, 1 not started)"
    assert lines[1].startswith("  c: ssh: no route to host")
    assert "  b: tcp.timeout: oss.example (1.2.3.4) TCP 443: TCP connect to 1.2.3.4:443 timed out" in lines


def test_machines_that_were_not_looked_at_whole():
    document = run(hosts={"a": [verdict("x")], "b": [verdict("x")]})
    document["hosts"]["b"]["modules"] = []
    assert _text.as_lines(document, []) == [
        "1 of 2 machines are ready (2 ok); 1 not judged: this run did not look at all of it"
    ]
    assert [row["ready"] for row in csv.DictReader(io.StringIO(_text.as_csv(document)))] == ["yes", "unknown"]
    document["hosts"]["a"]["modules"] = []
    assert _text.as_lines(document, []) == ["2 machines (2 ok); this run did not look at readiness"]


def test_many_machines_and_many_causes():
    hosts = {f"edge-{number}": [verdict("x", "fail")] for number in range(9)}
    hosts |= {f"odd-{letter}": [verdict("y", "fail", remedy=f"do {letter}")] for letter in "abcdefghijkl"}
    document = run(hosts=hosts)
    lines = _text.as_lines(document, causes(document))
    assert lines[1].startswith("  9 machines (edge-0, edge-1, edge-2 and 6 more): x:")
    assert lines[-1] == "  and 3 more causes, which the report has"


def test_who_is_left():
    assert _text.as_limit(DOCUMENT) == "b\nc\nd\n"


ANY = st.text(max_size=30)


@given(ANY, ANY, ANY)
def test_nothing_of_a_machine_steers_a_reader(summary, remedy, message):
    hostile = "\x1b[2J\x00\u202e" + summary
    document = run(
        hosts={"a": [verdict("x", "fail", summary=hostile, remedy="r" + remedy)], "b": message + "\x1b]0;x\x07"}
    )
    lines = _text.as_lines(document, causes(document))
    assert not any(character in "".join(lines) for character in "\x1b\x00\x07\n\u202e")
    ElementTree.fromstring(_text.as_junit(document).encode("utf-8", "replace"))
    assert len(list(csv.DictReader(io.StringIO(_text.as_csv(document), newline="")))) == 2
