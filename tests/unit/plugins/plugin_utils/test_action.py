# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every action of ours does with an answer."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils._action import MOST_PRINTED
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.answer import BadAnswer
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.keys import KEYS
from fakes.action import honest, told

VARS = {"inventory_hostname": "n1"}
# Before it executes its module it works out what to ask; what it makes of answers is in test_preflight_info.py.
MODULES = sorted(KEYS.keys() - {"preflight_info"})


def action(module: str, *answers: Any, **task: Any) -> Any:
    loaded = importlib.import_module(f"ansible_collections.ack_edge.node.plugins.action.{module}")
    assert module == loaded.ActionModule.MODULE
    return told(loaded.ActionModule, {}, *answers, **task)


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("answer", [None, "x", ["x"], {"results": ["x"]}, {"results": {}}, {"ansible_facts": {"a": 1}}])
def test_a_bad_answer_of_any_module_is_a_failure(module: str, answer: Any) -> None:
    found = action(module, answer).run(task_vars=VARS)
    assert (found["failed"], found["failed_checks"], "ansible_facts" in found) == (True, ["answer"], False)
    assert found["msg"].startswith(f"n1 answered {module} with something that it never answers")


@pytest.mark.parametrize("module", sorted(KEYS))
def test_a_job_that_runs_on_is_refused(module: str) -> None:
    made = action(module, honest(), async_val=60)
    with pytest.raises(AnsibleActionFail, match=f"async is 60, expected none with {module}"):
        made.run(task_vars=VARS)
    assert made.executed == []


@pytest.mark.parametrize(
    "error", [AttributeError("x"), KeyError("x"), TypeError("x"), ValueError("x"), RecursionError()]
)
def test_what_ansible_cannot_read_is_a_failure(error: Exception) -> None:
    found = action("time_sync", error).run(task_vars=VARS)
    assert (
        f"n1 answered time_sync with something that it never answers: Ansible cannot read it ({type(error).__name__}"
        in (found["msg"])
    )


@pytest.mark.parametrize("error", [AnsibleConnectionFailure("unreachable"), AnsibleError("no such module")])
def test_what_is_no_answer_is_none(error: Exception) -> None:
    with pytest.raises(type(error)):
        action("time_sync", error).run(task_vars=VARS)


def test_the_host_of_a_delegated_task_is_named() -> None:
    assert (
        action("time_sync", "x", delegate_to="other").run(task_vars=VARS)["msg"].startswith("other answered time_sync")
    )


def test_only_the_interpreter_that_ansible_found_becomes_a_fact() -> None:
    made = action("time_sync", {**honest(), "ansible_facts": {"region": "x", "discovered_interpreter_python": "/x"}})
    made._discovered_interpreter_key = "discovered_interpreter_python"
    made._discovered_interpreter = "/usr/bin/python3"
    assert made.run(task_vars=VARS)["ansible_facts"] == {"discovered_interpreter_python": "/usr/bin/python3"}


def test_what_a_host_prints_is_cleaned_before_ansible_reads_it_and_has_a_bound(monkeypatch: Any) -> None:
    # That of Ansible takes and returns something else in each version.
    monkeypatch.setattr(ActionBase, "_parse_returned_data", lambda _self, res, *more, **named: (res, more, named))
    made = action("time_sync")
    read = made._parse_returned_data({"stdout": '{"a": "\\u001b"}', "stderr": "\x1b", "rc": 0}, "legacy", more=1)
    assert read == ({"stdout": '{"a": "\\ufffd"}', "stderr": "\ufffd", "rc": 0}, ("legacy",), {"more": 1})
    with pytest.raises(BadAnswer, match="it is text of 32000001 characters, expected at most 32000000"):
        made._parse_returned_data({"stdout": "x" * (MOST_PRINTED + 1), "stderr": "", "rc": 0}, "legacy")


@pytest.mark.parametrize(("verbosity", "shown"), [(0, False), (3, True)])
def test_arguments_are_checked_only_where_they_are_shown(verbosity: int, shown: bool, monkeypatch: Any) -> None:
    made = action("time_sync", {**honest(), "invocation": {"module_args": {"a": "\x1b"}}})
    monkeypatch.setattr(made._display, "verbosity", verbosity)
    assert made.run(task_vars=VARS).get("invocation") == ({"module_args": {"a": "\ufffd"}} if shown else None)


def test_what_is_unset_is_the_default_of_the_module_and_zero_is_zero() -> None:
    loaded = importlib.import_module("ansible_collections.ack_edge.node.plugins.action.time_sync")
    given = {"servers": "a; b\nc", "wait": 0, "max_offset": "", "state": None}
    made = told(loaded.ActionModule, given, honest())
    made.run(task_vars=VARS)
    assert made.executed == [{"servers": ["a", "b", "c"], "wait": 0}]
