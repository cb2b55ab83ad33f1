# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host is called ready only where all was looked at, nothing failed and nothing is open."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failure, report, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._gate import NEEDED, judge, part
from hypothesis import given
from hypothesis import strategies as st

FINE = report([verdict("a", "pass", "fine")])
OPEN = report([verdict("b", "unproven", "silent", "ask"), verdict("c", "unproven", "silent", "ask", required=False)])
WRONG = report([verdict("d", "fail", "wrong", "fix it", "show it"), verdict("e", "fail", "off", "fix", required=False)])
WHOLE = dict.fromkeys(NEEDED, FINE)


def test_ready() -> None:
    judged = judge("h", "r", {"requirements": report([]), **WHOLE})
    assert (judged.ready, judged.failed, judged.open_points) == (True, [], 0)
    assert judged.message == "h is ready for r"
    assert judged.lines[:4] == ["requirements:", "nothing to check", "readiness:", "1 of 1 pass"]


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("joined", "pass", "h has joined and is healthy (r)"),
        ("new", "pass", "h is ready for r"),
        ("joined", "warn", "h is ready for r"),
    ],
)
def test_a_member_is_ready_and_says_so(state: str, status: str, words: str) -> None:
    found = report([verdict("host_state", status, "known", "fix it", state=state)])
    judged = judge("h", "r", WHOLE | {"readiness": found})
    assert (judged.ready, judged.message) == (True, words)
    assert not judge("h", "r", WHOLE | {"readiness": found, "time_sync": WRONG}).ready
    if (state, status) == ("joined", "pass"):
        assert judge("h", "r", WHOLE | {"readiness": found, "time_sync": OPEN}).message == (
            "h has joined, with 1 open point (r)"
        )


def test_open_points() -> None:
    judged = judge("h", "r", WHOLE | {"readiness": OPEN})
    assert (judged.ready, judged.failed, judged.open_points) == (False, [], 1)
    assert judged.message == "h is ready but for 1 open point (r)"
    assert "2 open points" in judge("h", "r", WHOLE | {"readiness": OPEN, "requirements": OPEN}).message
    assert any(line.startswith("UNPROVEN b: silent") for line in judged.lines)


def test_not_ready() -> None:
    judged = judge("h", "r", WHOLE | {"readiness": WRONG, "duplicate_hosts": WRONG})
    assert (judged.ready, judged.failed) == (False, ["d", "d"])
    assert judged.message == "h is not ready for r: 2 required checks failed: d: wrong; d: wrong"
    assert "         by hand: show it" in judged.lines


@pytest.mark.parametrize("left_out", NEEDED)
def test_a_partial_run_does_not_say_ready(left_out: str) -> None:
    judged = judge("h", "r", {name: FINE for name in NEEDED if name != left_out})
    assert not judged.ready
    assert "ready" not in judged.message
    assert f"did not check {left_out}" in judged.message
    failing = judge("h", "r", {name: WRONG for name in NEEDED if name != left_out})
    assert failing.message.startswith("h is not ready for r")


def test_a_module_that_could_not_look_is_a_failure_although_the_playbook_lets_it_pass() -> None:
    lost = failure("no firewall can be read\nsee this") | {"failed": False}
    judged = judge("h", "r", WHOLE | {"inbound_ports": lost})
    assert judged.failed == ["module"]
    assert judged.lines[5:8] == ["no firewall can be read", "see this", "leased_line_routes:"]
    crashed = {"failed": False, "msg": "MODULE FAILURE", "module_stdout": "x"}
    assert judge("h", "r", WHOLE | {"time_sync": crashed}).failed == ["error"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["results", "failed_checks", "msg", "check", "data"]), inner, max_size=4)
    ),
)


@given(ANY_JSON)
def test_whatever_a_host_answers_there_is_a_verdict(answer: object) -> None:
    found = part(answer)
    assert all(isinstance(name, str) for name in found.failed)
    assert all(isinstance(line, str) for line in found.lines)
    if not (isinstance(answer, dict) and "results" in answer and "failed_checks" in answer):
        assert found.failed


def test_of_many_failures_the_first_are_told() -> None:
    many = report([verdict(f"c{number}", "fail", "wrong", "fix it") for number in range(9)])
    message = judge("h", "r", WHOLE | {"readiness": many}).message
    assert message == "h is not ready for r: 9 required checks failed: c0: wrong; c1: wrong; c2: wrong; and 6 more"
