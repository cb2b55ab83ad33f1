# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller comes back by a new connection to confirm, and one result says what the two executions did."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase
from ansible_collections.ack_edge.node.plugins.action import static_routes
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, failure, report, verdict
from fakes.action import honest, told

VARS = {"inventory_hostname": "n1"}
DIFF = {"before": "", "after": "x"}


def result(facts: list[str], **more: Any) -> dict[str, Any]:
    """Return an answer of the module with one route and one name."""
    verdicts = [
        verdict("r", PASS, "s", changed=facts, live="ok"),
        verdict("n", PASS, "s", routes=[{"changed": facts}]),
    ]
    return {"changed": True, **report(verdicts), **more}


FIRST = result(["live"], diff=DIFF, awaiting_confirmation={"token": "0a", "seconds": 30})
SECOND = result(["persisted"], diff={"before": "y", "after": "x"})
TAKEN_BACK = {"failed": True, "changed": False, **failure("taken back")}


class Resettable:
    transport = "ssh"

    def __init__(self, log: list[Any], shell: Any) -> None:
        self._log, self._shell = log, shell

    def reset(self) -> None:
        self._log.append("reset")


def action(*answers: Any, **arguments: Any) -> Any:
    made = told(static_routes.ActionModule, {"name": "site", **arguments}, *answers)
    made._connection = Resettable(made.executed, made._connection._shell)
    return made


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(static_routes.time, "sleep", found.append)
    return found


def test_a_change_is_confirmed_by_a_new_connection() -> None:
    made = action(FIRST, SECOND)
    found = made.run(task_vars=VARS)
    assert made.executed == [None, "reset", {"name": "site", "confirm": "0a"}]
    assert (found["changed"], found["diff"], "awaiting_confirmation" in found) == (True, DIFF, False)
    assert found["results"][0]["data"]["changed"] == ["live", "persisted"]
    assert found["results"][1]["data"]["routes"][0]["changed"] == ["live", "persisted"]


def test_a_route_says_which_published_row_it_is_made_from() -> None:
    row = {"destination": "100.103.9.0/24", "published": {"row": "oss-cn-beijing"}}
    first, second = (
        result(["live"], **more) for more in ({"awaiting_confirmation": {"token": "0a", "seconds": 30}}, {})
    )
    for answer in (first, second):
        answer["results"][0]["data"]["destination"] = row["destination"]
    for answers in ([second], [first, second]):
        made = action(*answers)
        made._task.args["routes"] = [row]
        assert made.run(task_vars=VARS)["results"][0]["data"]["published"] == {"row": "oss-cn-beijing"}


@pytest.mark.parametrize("one", [honest("r"), {"failed": True, **failure("no")}])
def test_what_needs_no_confirmation_is_one_execution(one: dict[str, Any]) -> None:
    made = action(one)
    assert (made.run(task_vars=VARS), made.executed) == (one, [None])


def test_a_failure_that_asks_for_a_confirmation_gets_none() -> None:
    made = action({**FIRST, "failed": True})
    assert (made.run(task_vars=VARS)["failed"], made.executed) == (True, [None])


def test_a_change_that_was_taken_back_is_a_failure_and_no_change() -> None:
    assert action(FIRST, TAKEN_BACK).run(task_vars=VARS) == TAKEN_BACK


def test_a_node_that_cannot_be_reached_is_asked_again_when_it_has_taken_its_routes_back(slept: list[float]) -> None:
    made = action(FIRST, AnsibleConnectionFailure("timed out"), TAKEN_BACK)
    assert made.run(task_vars=VARS) == TAKEN_BACK
    assert (made.executed.count("reset"), 30 < slept[0] <= 33) == (2, True)


@pytest.mark.parametrize(
    ("given", "most"),
    [({}, 33), ({"confirm_timeout": 5}, 8), ({"confirm_timeout": "5"}, 8), ({"confirm_timeout": "soon"}, 33)],
)
def test_a_node_does_not_say_how_long_the_controller_sleeps(slept: list[float], given: Any, most: int) -> None:
    asked = {**FIRST, "awaiting_confirmation": {"token": "0a", "seconds": 10**9}}
    action(asked, AnsibleConnectionFailure("timed out"), TAKEN_BACK, **given).run(task_vars=VARS)
    assert most - 2 < slept[0] <= most


@pytest.mark.parametrize(
    "awaiting",
    [
        {"token": "$(id)", "seconds": 1},
        {"token": "0a", "seconds": "x"},
        {"seconds": 1},
        "x",
        {"token": 1, "seconds": 1},
    ],
)
def test_a_question_that_no_module_asks_is_not_answered(awaiting: Any) -> None:
    made = action({**FIRST, "awaiting_confirmation": awaiting})
    found = made.run(task_vars=VARS)
    assert (found["failed_checks"], made.executed) == (["answer"], [None])
    assert "n1 answered static_routes with something that it never answers: awaiting_confirmation" in found["msg"]


@pytest.mark.parametrize(
    "second",
    [
        {**SECOND, "results": SECOND["results"][:1]},
        {**SECOND, "results": SECOND["results"][::-1]},
        {**SECOND, "results": [SECOND["results"][0], verdict("n", PASS, "s", routes=[])]},
        {**SECOND, "results": [SECOND["results"][0], verdict("n", PASS, "s", routes=[{"changed": []}] * 2)]},
        {**SECOND, "results": ["x", "y"]},
        {**SECOND, "results": [verdict("r", PASS, "s", changed=5), SECOND["results"][1]]},
        {},
        [],
        "x",
    ],
)
def test_a_second_answer_of_something_else_is_the_failure_of_its_host(second: Any) -> None:
    found = action(FIRST, second).run(task_vars=VARS)
    assert (found["failed"], found["results"], found["failed_checks"]) == (True, [], ["answer"])
    assert found["msg"].startswith("n1 answered static_routes with something that it never answers: ")


def test_facts_that_only_one_of_the_answers_has() -> None:
    bare = result([])
    for item in (bare["results"][0]["data"], bare["results"][1]["data"]["routes"][0]):
        del item["changed"]
    assert action({**FIRST, **bare}, SECOND).run(task_vars=VARS)["results"][0]["data"]["changed"] == ["persisted"]
    assert action(FIRST, bare).run(task_vars=VARS)["results"][1]["data"]["routes"][0]["changed"] == ["live"]


def test_a_confirmation_is_asked_for_once() -> None:
    made = action(FIRST, {**SECOND, "awaiting_confirmation": {"token": "0b", "seconds": 1}})
    assert "awaiting_confirmation" not in made.run(task_vars=VARS)
    assert len(made.executed) == 3


def test_a_connection_without_a_session_has_nothing_to_reset() -> None:
    class Local(Resettable):
        reset = ConnectionBase.reset

    made = action(FIRST, SECOND)
    made._connection = Local(made.executed, made._connection._shell)
    assert made.run(task_vars=VARS)["changed"] is True
