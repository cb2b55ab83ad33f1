# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several engines at the same time: none waits for another, and none takes the verdicts of another away."""

from __future__ import annotations

import threading
import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._preflight.run import Section, run
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report, verdict

SPEC = {"wanted": {"type": "str", "default": "nothing"}, "number": {"type": "int"}}


def says(status="pass", changed=False, **more):
    """Return an engine with one verdict that shows what it was given."""

    def engine(_node, params, check_mode):
        item = verdict("it", status, f"{params['wanted']} {params['number']} {check_mode}", "do it")
        return dict(report([item]), changed=changed, **more)

    return engine


def refuses(text, verdicts=()):
    def engine(_node, _params, _check_mode):
        raise NodeError(text, verdicts=list(verdicts))

    return engine


def look(deadline=30.0, asked=None, **engines):
    sections = {name: Section(engine, SPEC) for name, engine in engines.items()}
    given = {name: {} for name in engines} if asked is None else asked
    return run(None, {"sections": given, "deadline": deadline}, sections)


def test_each_section_gets_its_arguments_in_check_mode():
    found = look(asked={"two": {"number": "7"}, "one": {"wanted": "x"}}, one=says(), two=says(), three=says())
    assert [(item["data"]["section"], item["summary"]) for item in found["results"]] == [
        ("one", "x None True"),
        ("two", "nothing 7 True"),
    ]
    assert list(found["sections"]) == ["one", "two"]
    assert found["changed"] is False


def test_what_a_section_would_change_is_told_and_not_done():
    diff = {"before": "a", "after": "b"}
    found = look(ports=says("fail", changed=True, diff=diff, backend="ufw"))
    told = {"would_change": True, "refused": False, "finished": True, "msg": "", "diff": diff, "backend": "ufw"}
    assert found["sections"] == {"ports": told}
    assert (found["changed"], found["failed_checks"]) == (False, ["it"])


def test_a_refusal_is_a_verdict_of_its_section_and_harms_no_other():
    found = look(routes=refuses("two managers hold idc0"), clock=says())
    assert [(item["check"], item["status"], item["summary"]) for item in found["results"]] == [
        ("routes", "fail", "two managers hold idc0"),
        ("it", "pass", "nothing None True"),
    ]
    assert found["sections"]["routes"]["refused"] is True
    assert found["sections"]["routes"]["msg"] == "two managers hold idc0"
    assert "failed" not in found


def test_a_refusal_with_failed_verdicts_needs_no_other():
    item = verdict("kubelet", "fail", "two firewalls are active", "keep one")
    found = look(ports=refuses("two firewalls", [item]))
    assert [item["check"] for item in found["results"]] == ["kubelet"]


def test_what_an_engine_did_not_expect_is_a_verdict_with_its_place():
    def breaks(_node, _params, _check_mode):
        raise KeyError("local")

    found = look(ports=breaks, clock=says())
    assert found["failed_checks"] == ["ports"]
    item = found["results"][0]
    assert item["summary"] == "the section ended with KeyError: 'local'"
    assert 'raise KeyError("local")' in item["data"]["traceback"]
    assert found["sections"]["ports"]["refused"] is True


def test_sections_look_at_the_same_time():
    meeting = threading.Barrier(3, timeout=10)

    def meets(_node, _params, _check_mode):
        meeting.wait()
        return dict(report([]), changed=False)

    assert all(told["finished"] for told in look(a=meets, b=meets, c=meets)["sections"].values())


def test_a_section_that_does_not_end_is_unproven_at_the_deadline():
    end = threading.Event()

    def hangs(_node, _params, _check_mode):
        end.wait(30)

    start = time.monotonic()
    found = look(deadline=0.2, slow=hangs, clock=says())
    end.set()
    assert time.monotonic() - start < 10
    assert [(item["check"], item["status"]) for item in found["results"]] == [("slow", "unproven"), ("it", "pass")]
    assert "within the overall deadline of 0.2 s" in found["results"][0]["summary"]
    assert found["sections"]["slow"]["finished"] is False


@pytest.mark.parametrize(
    ("asked", "deadline", "problem"),
    [
        ({"four": {}}, 30.0, "sections has four; expected some of one, two"),
        ({"one": [1]}, 30.0, "sections has one: [1]; expected the arguments of its module"),
        ({"one": {"number": "many"}}, 30.0, "one: "),
        ({"one": {"colour": "red"}}, 30.0, "one: "),
        ([], 30.0, "sections is []; expected the arguments of each section"),
        ({"one": {}}, 0.0, "deadline is 0; expected a number of seconds above 0"),
        ({"one": {}}, float("nan"), "deadline is nan; expected a number of seconds above 0"),
    ],
)
def test_wrong_input_is_said_before_anybody_looks(asked, deadline, problem):
    def never(_node, _params, _check_mode):
        raise AssertionError("looked")

    with pytest.raises(InputError) as caught:
        look(deadline, asked, one=never, two=never)
    assert problem in str(caught.value)
