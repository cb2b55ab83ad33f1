# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said before a wave, and which hosts of the earlier ones have passed; how waves go is in tests/integration."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.action.error_budget import ActionModule
from fakes.action import HostVars, told

HOSTS = ["a", "b", "c", "d"]
SLICE = {"awx_job_template_name": "prepare", "awx_workflow_job_name": "prepare"}


def asked(looks: dict[str, Any], passed: list[str], **arguments: Any) -> dict[str, Any]:
    variables = {host: {"ack_edge_preflight": looks[host]} if host in looks else {} for host in HOSTS}
    known = {"groups": {"ack_edge_wave_passed": passed}, "hostvars": HostVars(variables)}
    known |= {"ansible_play_hosts_all": HOSTS, "ansible_play_batch": ["d"]}
    return told(ActionModule, {"error_budget": 0, **arguments}).run(task_vars=known)


def test_a_host_with_nothing_to_do_has_passed() -> None:
    assert asked({"b": {"nothing_to_do": True}, "c": {"nothing_to_do": True}}, ["a"])["exceeded"] is False


@pytest.mark.parametrize("look", [None, {"nothing_to_do": False}, {"failed": True}, "text", {"nothing_to_do": "yes"}])
def test_any_other_has_to_come_to_the_end(look: Any) -> None:
    looks = {"b": {"nothing_to_do": True}, **({} if look is None else {"c": look})}
    found = asked(looks, ["a"])
    assert found["exceeded"] is True
    assert "1 of 3 hosts failed or were unreachable" in found["msg"]
    assert "They are c." in found["msg"]


def test_a_budget_that_is_none_is_refused() -> None:
    found = asked({}, HOSTS, error_budget="few")
    assert (found["failed"], found["exceeded"]) == (True, True)


def found(budget: Any, **variables: Any) -> dict[str, Any]:
    known = {
        "groups": {"ack_edge_wave_passed": []},
        "ansible_play_hosts_all": HOSTS[:3],
        "ansible_play_batch": HOSTS[1:3],
    }
    known |= {"hostvars": HostVars({host: {} for host in HOSTS})}
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
    assert "Waves and error_budget apply to this slice only: the other slices of the job continue" in said
    assert "slice" not in found(1, **SLICE)["msg"]
