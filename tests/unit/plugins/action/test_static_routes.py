# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller comes back by a new connection to confirm, and one result says what the two executions did."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase
from ansible_collections.ack_edge.node.plugins.action import static_routes


def result(changed, **more):
    """Return a result of the module with one route and one name."""
    data = {"changed": list(changed), "live": "ok"}
    name = {"routes": [{"changed": list(changed)}]}
    return {"changed": True, "results": [{"check": "r", "data": data}, {"check": "n", "data": name}], **more}


FIRST = result(["live"], diff={"before": "", "after": "x"}, awaiting_confirmation={"token": "0a", "seconds": 30})
SECOND = result(["persisted"], diff={"before": "y", "after": "x"})


class Resettable:
    transport = "ssh"

    def __init__(self, log):
        self._log = log

    def reset(self):
        self._log.append("reset")


class Action(static_routes.ActionModule):
    """The action with an executor that hands out what it is given."""

    def __init__(self, *outcomes):
        self.log, self._outcomes = [], list(outcomes)
        self._connection = Resettable(self.log)
        self._task = type("Task", (), {"args": {"name": "site"}, "async_val": 0})()
        self._display = type("Display", (), {"vv": lambda _self, text: self.log.append(text)})()

    def _execute_module(self, module_args=None, task_vars=None):
        self.log.append(module_args)
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture(autouse=True)
def _base(monkeypatch):
    monkeypatch.setattr(static_routes.ActionBase, "run", lambda *_arguments, **_named: {})


def copy(value):
    import copy as module

    return module.deepcopy(value)


def test_a_change_is_confirmed_by_a_new_connection():
    action = Action(copy(FIRST), copy(SECOND))
    found = action.run()
    assert action.log == [None, "reset", {"name": "site", "confirm": "0a"}]
    assert (found["changed"], found["diff"], "awaiting_confirmation" in found) == (True, FIRST["diff"], False)
    assert found["results"][0]["data"]["changed"] == ["live", "persisted"]
    assert found["results"][1]["data"]["routes"][0]["changed"] == ["live", "persisted"]


@pytest.mark.parametrize("one", [{"changed": False, "results": []}, {"failed": True, "msg": "no", "results": []}])
def test_what_needs_no_confirmation_is_one_execution(one):
    action = Action(one)
    assert (action.run(), action.log) == (one, [None])


def test_a_change_that_was_taken_back_is_a_failure_and_no_change():
    taken_back = {"failed": True, "msg": "taken back", "results": [], "changed": False}
    assert Action(copy(FIRST), taken_back).run() == taken_back


def test_a_node_that_cannot_be_reached_is_asked_again_when_it_has_taken_its_routes_back(monkeypatch):
    slept = []
    monkeypatch.setattr(static_routes.time, "sleep", slept.append)
    taken_back = {"failed": True, "msg": "taken back", "results": [], "changed": False}
    action = Action(copy(FIRST), AnsibleConnectionFailure("timed out"), taken_back)
    assert action.run() == taken_back
    assert (action.log.count("reset"), 30 < slept[0] <= 33) == (2, True)


def test_a_connection_without_a_session_has_nothing_to_reset():
    class Local(Resettable):
        reset = ConnectionBase.reset

    action = Action(copy(FIRST), copy(SECOND))
    action._connection = Local(action.log)
    assert action.run()["changed"] is True
