# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said before a wave; how waves go is in tests/integration/waves."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.action.error_budget import ActionModule
from helpers_action import told

HOSTS = ["a", "b", "c"]
SLICE = {"awx_job_template_name": "prepare", "awx_workflow_job_name": "prepare"}


def found(budget: Any, **variables: Any) -> dict[str, Any]:
    known = {"groups": {"ack_edge_wave_passed": []}, "ansible_play_hosts_all": HOSTS, "ansible_play_batch": HOSTS[1:]}
    return told(ActionModule, {"error_budget": budget}).run(task_vars=known | variables)


@pytest.mark.parametrize("budget", [0, "0", "", None])
def test_zero_is_zero_and_the_usual_one_allows_none_of_so_few(budget: Any) -> None:
    said = found(budget)
    assert said["exceeded"] is True
    assert said["msg"].startswith("The run ends before the next wave: 1 of 1 hosts failed or were unreachable")
    assert "slice" not in said["msg"]


def test_one_may_be_lost() -> None:
    assert found(1)["exceeded"] is False


def test_a_slice_says_that_the_others_go_on() -> None:
    said = found(0, **SLICE)["msg"]
    assert "Waves and error_budget are those of this slice: the other slices of the job go on" in said
    assert "slice" not in found(1, **SLICE)["msg"]
