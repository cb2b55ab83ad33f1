# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence about a host out of the variables that the tasks before have registered."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.ack_edge.node.plugins.action.assert_ready import ActionModule
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._gate import NEEDED, REPORTS
from fakes.action import Plain, told

TWIN = verdict("node_name_unique", "fail", "the host name is also that of edge-2", "rename one")
FINE = {REPORTS[name]: report([verdict("a", "pass", "fine")]) for name in NEEDED}
OPEN = FINE | {"readiness_report": report([verdict("b", "unproven", "silent", "ask")])}


def said(variables: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    action = told(ActionModule, arguments)
    action._templar = Plain()
    return action.run(task_vars={"inventory_hostname": "edge-1", "groups": {}, **variables})


def test_what_is_registered_of_all_hosts_counts_for_this_one() -> None:
    registered = {"ack_edge_duplicate_hosts": {"hosts": {"edge-1": [TWIN], "edge-3": []}}}
    assert said(FINE)["ready"] is True
    found = said(FINE | registered)
    assert (found["failed"], found["looked_at"][-1]) == (True, "duplicate_hosts")
    assert "is also that of edge-2" in found["msg"]
    other = {"ack_edge_duplicate_hosts": {"hosts": {"edge-3": [TWIN]}}}
    assert said(FINE | other)["ready"] is True


def test_an_argument_takes_the_place_of_what_is_registered() -> None:
    registered = {"ack_edge_duplicate_hosts": {"hosts": {"edge-1": [TWIN]}}}
    assert said(FINE | registered, duplicate_hosts={})["ready"] is True
    assert said(FINE, duplicate_hosts={"hosts": {"edge-1": [TWIN]}})["failed"] is True


@pytest.mark.parametrize("wrong", [{"skipped": True}, {"hosts": "all"}, {"hosts": {"edge-1": []}}, "text"])
def test_what_is_no_result_for_this_host_says_nothing(wrong: Any) -> None:
    assert said(FINE | {"ack_edge_duplicate_hosts": wrong})["ready"] is True


@pytest.mark.parametrize(
    ("variable", "argument", "failed"),
    [
        (None, None, False),
        ("", None, False),
        ("no", None, False),
        (True, None, True),
        ("yes", None, True),
        (True, False, False),
        (False, True, True),
    ],
)
def test_open_points_fail_a_host_where_proof_is_required(variable: Any, argument: Any, failed: bool) -> None:
    arguments = {} if argument is None else {"require_proof": argument}
    assert said(OPEN | {"require_proof": variable}, **arguments)["failed"] is failed
    assert said(FINE | {"require_proof": variable}, **arguments)["failed"] is False


def test_what_is_neither_true_nor_false_is_refused() -> None:
    with pytest.raises(AnsibleActionFail, match="require_proof is 'perhaps', expected true or false"):
        said(FINE | {"require_proof": "perhaps"})
