# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.causes import causes
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.files import make
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import as_csv, as_junit, as_limit, terminal
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.registry import BY_NAME, FORMATS
from fakes.report import GATE, endpoint, looks, run, verdict
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
    rows = list(csv.DictReader(io.StringIO(as_csv.as_csv(DOCUMENT))))
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


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_spreadsheet_calculates_nothing(start):
    text = as_csv.as_csv(run(hosts={"a": [verdict("x", summary=start + "cmd|' /C calc'!A0")]}))
    assert next(csv.DictReader(io.StringIO(text, newline="")))["summary"] == "'" + start + "cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("given", "cell"),
    [
        ("\n=1", "'\n=1"),
        ("\r=1", "'\ufffd=1"),
        ("  =1", "'  =1"),
        ("\x00=1", "'\ufffd=1"),
        ("\u200b=1", "'\ufffd=1"),
        ("\xa0@x", "'\xa0@x"),
        ("x;=1", "x;'=1"),
        ("x; =1", "x;' =1"),
        ('x;"=1', "x;'\"=1"),
        ("x\t=1", "x\t'=1"),
        ("x\n+1", "x\n'+1"),
        ("x\n\n+1", "x\n\n'+1"),
        ("x|\t=1", "x|\t'=1"),
        (";\n=1", ";\n'=1"),
        ("a=1, b-c; d", "a=1, b-c; d"),
        ("\x1b[2Jx\u202e", "\ufffd[2Jx\ufffd"),
    ],
)
def test_a_spreadsheet_with_another_separator_calculates_nothing_either(given, cell):
    document = run(hosts={"a": [verdict("x")]})
    document["hosts"]["a"]["verdicts"][0]["reproduce"] = given
    for written in (as_csv.as_csv(run(hosts={"a": [verdict("x", reproduce=given)]})), as_csv.as_csv(document)):
        assert next(csv.DictReader(io.StringIO(written, newline="")))["reproduce"] == cell


def test_junit():
    root = ElementTree.fromstring(as_junit.as_junit(DOCUMENT))
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
    (error,) = ElementTree.fromstring(as_junit.as_junit(document)).iter("error")
    assert error.text == "no repository"


def test_lines():
    lines = terminal.as_lines(DOCUMENT, causes(DOCUMENT))
    assert lines[0] == "1 of 4 hosts are ready (1 ok, 1 failed, 1 unreachable, 1 not started)"
    assert lines[1].startswith("  c: ssh: No route to host: no route to host")
    assert (
        "  b: oss.example (1.2.3.4) TCP 443: connections time out (tcp.timeout): TCP connect to 1.2.3.4:443 timed out"
    ) in lines


def test_machines_that_were_not_looked_at_whole():
    document = run(hosts={"a": [verdict("x")], "b": [verdict("x")]})
    document["hosts"]["b"]["modules"] = looks(modules=GATE[:2])
    assert terminal.as_lines(document, []) == [
        "1 of 2 hosts are ready (2 ok); 1 not judged: only readiness, time_sync looked at, "
        "not inbound_ports, leased_line_routes, reachability"
    ]
    assert [row["ready"] for row in csv.DictReader(io.StringIO(as_csv.as_csv(document)))] == ["yes", "unknown"]
    document["hosts"]["a"]["modules"] = looks(modules=GATE[1:])
    assert terminal.as_lines(document, []) == [
        "2 hosts (2 ok); not judged: only time_sync looked at, "
        "not readiness, inbound_ports, leased_line_routes, reachability"
    ]


def test_open_points():
    gap = verdict("gap_api_server", "unproven", remedy="set api_server")
    document = run(hosts={"a": [verdict("x")], "b": [gap, verdict("gap_ntp", "unproven", remedy="set ntp_servers")]})
    assert terminal.as_lines(document, causes(document)) == [
        "1 of 2 hosts are ready, 1 ready but for 2 open points (2 ok)",
        "  b: open point: gap_api_server: gap_api_server unproven",
        "      to do: set api_server",
        "  b: open point: gap_ntp: gap_ntp unproven",
        "      to do: set ntp_servers",
    ]
    rows = list(csv.DictReader(io.StringIO(as_csv.as_csv(document))))
    assert [row["ready"] for row in rows] == ["yes", *["ready but for 2 open points"] * 2]
    # Nothing has failed there, and another run would find the same.
    assert as_limit.as_limit(document) == ""
    several = run(hosts={"a": [gap], "b": [gap]})
    assert terminal.as_lines(several, [])[0] == "0 of 2 hosts are ready, 2 ready but for 1 open point each (2 ok)"
    several["hosts"]["b"]["verdicts"] *= 3
    assert terminal.as_lines(several, [])[0] == "0 of 2 hosts are ready, 2 ready but for 1 to 3 open points (2 ok)"


def test_hosts_that_have_joined_are_counted_on_their_own():
    new, joined = (verdict("host_state", data={"state": state}) for state in ("new", "joined"))
    hosts = {f"j{number}": [joined] for number in range(1204)} | {f"n{number}": [new] for number in range(96)}
    hosts |= {
        f"b{number}": [joined if number % 2 else new, verdict("swap", "fail", remedy="x")] for number in range(12)
    }
    document = run(hosts=hosts)
    line = terminal.as_lines(document, [])[0]
    assert line == "1,204 joined and healthy, 96 ready, 12 not ready (1300 ok, 12 failed)"
    gap = verdict("gap_ntp", "unproven", remedy="set ntp_servers")
    few = run(hosts={"a": [joined], "b": [joined, gap], "c": [new], "d": [new], "e": [new]})
    few["hosts"]["d"]["modules"] = looks(modules=GATE[:2])
    few["hosts"]["e"]["state"] = "unreachable"
    assert terminal.as_lines(few, [])[0] == (
        "1 joined and healthy, 1 ready, 1 ready but for 1 open point, 1 not ready (4 ok, 1 unreachable); 1 not judged: "
        "only readiness, time_sync looked at, not inbound_ports, leased_line_routes, reachability"
    )


@pytest.mark.parametrize(
    "item",
    [
        verdict("host_state", data={"state": "new"}),
        verdict("host_state", "unproven", data={"state": "joined"}),
        verdict("host_state", "fail", remedy="x", data={"state": "joined"}),
        verdict("host_state", data={"state": ["joined"]}),
        verdict("other", data={"state": "joined"}),
    ],
)
def test_who_has_not_joined_is_counted_as_before(item):
    assert " of 2 hosts are ready" in terminal.as_lines(run(hosts={"a": [item], "b": [verdict("x")]}), [])[0]


def test_only_readiness_says_that_a_host_has_joined():
    document = run(hosts={"a": [verdict("host_state", data={"state": "joined"})]}, modules=GATE[::-1])
    assert terminal.as_lines(document, [])[0] == "1 of 1 host is ready (1 ok)"


def test_a_run_that_was_stopped_after_all_hosts_says_so():
    document = run(hosts={"a": [verdict("x")]})
    document["runs"][0]["stopped"] = "Detect: no"
    assert terminal.as_lines(document, []) == ["1 of 1 host is ready (1 ok)", "Detect: no"]


LITERAL = ("a", "idc1-web-004.example", "10.0.0.1", "fd00::1", "ops@10.0.0.1", "\u8fb9", "a+b", "(x)", "-a", "a%b")
PATTERNS = (
    *("h1\nall", "*", "~.*", "!a", "&a", "@/etc/hosts", "a b", " a", "a\t", "a[0]", "a[1:2]", "a:b", "a,b", "web?"),
    *("all", "ungrouped", "a\r", "\x1b[2J", "a\u202eb", "a\u3000b", "a\u2028all", "fd00::1%eth0", "a;b"),
)


@pytest.mark.parametrize("name", LITERAL)
def test_names_that_are_names(name):
    assert as_limit.as_limit(run(hosts={name: None})) == f"{name}\n"
    assert as_limit.not_in_limit(run(hosts={name: None})) == ""


@pytest.mark.parametrize("name", PATTERNS)
def test_names_that_would_be_patterns_are_left_out_and_named(name):
    """H9: a file with such a line is the whole fleet."""
    document = run(hosts={name: None, "a": None})
    assert as_limit.as_limit(document) == "a\n"
    line = as_limit.not_in_limit(document)
    assert line.startswith(f"Not in the file for --limit: {name!a}. Ansible would not take")
    assert line.isprintable()


def test_many_machines_and_many_causes():
    hosts = {f"edge-{number}": [verdict("x", "fail")] for number in range(9)}
    hosts |= {f"odd-{letter}": [verdict("y", "fail", remedy=f"do {letter}")] for letter in "abcdefghijkl"}
    document = run(hosts=hosts)
    lines = terminal.as_lines(document, causes(document))
    assert lines[1].startswith("  9 hosts (edge-0, edge-1, edge-2 and 6 more): x:")
    assert lines[-1] == "  and 3 more causes, which the report has"


def test_who_is_left():
    assert as_limit.as_limit(DOCUMENT) == "b\nc\nd\n"


ANY = st.text(max_size=30)


@given(ANY, ANY, ANY)
def test_nothing_of_a_machine_steers_a_reader(summary, remedy, message):
    hostile = "\x1b[2J\x00\u202e" + summary
    document = run(
        hosts={"a": [verdict("x", "fail", summary=hostile, remedy="r" + remedy)], "b": message + "\x1b]0;x\x07"}
    )
    lines = terminal.as_lines(document, causes(document))
    assert not any(character in "".join(lines) for character in "\x1b\x00\x07\n\u202e")
    ElementTree.fromstring(as_junit.as_junit(document).encode("utf-8", "replace"))
    assert len(list(csv.DictReader(io.StringIO(as_csv.as_csv(document), newline="")))) == 2


def test_a_format_is_one_file_and_its_line_in_the_registry() -> None:
    folder = Path(as_csv.__file__).parent
    files = {path.stem for path in folder.glob("as_*.py")} - {"as_json"}  # that is the document itself
    assert files == {f"as_{form.name}" for form in FORMATS} == {f"as_{name}" for name in BY_NAME}
    assert len({form.suffix for form in FORMATS} | {".json"}) == len(FORMATS) + 1


@pytest.mark.parametrize("path", ["callback/fleet_report.py", "modules/merge_reports.py"])
def test_the_documentation_names_every_format(path: str) -> None:
    text = (Path(as_csv.__file__).parents[3] / path).read_text(encoding="utf-8")
    (described,) = re.findall(r"\n  formats:\n(.*?)\n  [a-z_]+:\n", text, re.DOTALL)
    assert [name for name in BY_NAME if not re.search(rf"V\({name}\)|[\[ ]{name}[,\]]", described)] == []


def test_the_page_of_the_report_has_a_row_for_every_format() -> None:
    page = (Path(as_csv.__file__).parents[4] / "docs" / "fleet_report.md").read_text(encoding="utf-8")
    assert [name for name in BY_NAME if f"\n| `{name}` |" not in page] == []


def test_another_format_needs_nothing_but_its_line(tmp_path: Path) -> None:
    BY_NAME["names"] = Format("names", ".names", lambda view: "\n".join(view.document["hosts"]))
    try:
        made = make(DOCUMENT, tmp_path / "run", ["names"])
    finally:
        del BY_NAME["names"]
    assert {path.name: text for path, text in made.items()}["run.names"] == "a\nb\nc\nd"
