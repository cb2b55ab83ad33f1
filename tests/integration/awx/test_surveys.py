# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a survey, in the variable file that AWX writes of them: an empty one hides nothing of the inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.release import __version__ as core_version
from ansible_collections.ack_edge.node.plugins.plugin_utils._variables import KNOWN
from fakes.requirements import WHOLE
from helpers_plays import Outcome, play

LOOKUP = "{{ lookup('ack_edge.node.edge_hosts', edge_hosts | default('', true)) }}"
WORK_OUT = {"ack_edge.node.requirements": None, "register": "found", "ignore_errors": True}
# What AWX adds to the answers.
OF_AWX = {"awx_job_id": "7", "tower_job_id": "7", "awx_job_template_name": "verify"}


def is_old() -> bool:
    return tuple(int(part) for part in core_version.split(".")[:2]) < (2, 19)


def variable_file(folder: Path, answers: dict[str, str | None]) -> str:
    """Write answers as AWX does, each as an unsafe text."""
    lines = [f"{name}: !unsafe '{value}'" for name, value in (OF_AWX | answers).items() if value is not None]
    lines += [f"{name}: null" for name, value in answers.items() if value is None]
    (folder / "extravars").write_text("\n".join(["---", *lines, ""]))
    return f"@{folder / 'extravars'}"


def asked(folder: Path, answers: dict[str, str | None], tasks: list[Any] | None = None, **own: Any) -> Outcome:
    hosts = {"all": {"hosts": {"edge-1": WHOLE | own}}}
    return play(folder, tasks or [WORK_OUT], hosts, "-e", variable_file(folder, answers), hosts=LOOKUP)


def test_an_empty_answer_is_as_if_nobody_was_asked(tmp_path: Path) -> None:
    answers = {name: "" if place % 2 else None for place, name in enumerate(sorted(KNOWN))}
    budget = {
        "ack_edge.node.error_budget": {"error_budget": "{{ error_budget | default('') }}"},
        "register": "budget",
    }
    shown = {
        "ansible.builtin.debug": {"msg": "budget {{ error_budget }} throttle {{ system_tools_throttle }}"},
        "throttle": "{{ system_tools_throttle }}",
    }
    outcome = asked(tmp_path, answers, [WORK_OUT, budget, shown], error_budget=0, system_tools_throttle=2, site="idc1")
    found = outcome.hosts["edge-1"]
    assert (found["failed"], found["region"], found["site"]) == (False, "cn-beijing", "idc1"), found["msg"]
    assert found["role_variables"]["leased_line_routes_gateway"] == WHOLE["leased_line_gateway"]
    assert "budget 0 throttle 2" in outcome.out


def test_in_plays_of_ones_own_too_and_an_answer_wins_over_the_inventory(tmp_path: Path) -> None:
    answers: dict[str, str | None] = {"region": "", "leased_line_gateway": "", "node_cidrs": ""}
    lists = {"vpc_cidrs": "10.8.0.0/16; 10.9.0.0/16", "skip_checks": "swap disk_space", "addons": "logging"}
    looked = "{{ lookup('ack_edge.node.region', 'cn-beijing', api_server='10.8.0.10') }}"
    look = {
        "ansible.builtin.debug": {"msg": "{{ looked.node_cidrs }} and {{ looked.vpc_cidrs }}"},
        "vars": {"looked": looked},
    }
    hosts = {"all": {"hosts": {"edge-1": WHOLE}}}
    given = variable_file(tmp_path, answers | lists | {"cluster_version": "v1.30"})
    outcome = play(tmp_path, [look, WORK_OUT], hosts, "-e", given)
    found = outcome.hosts["edge-1"]
    assert (found["region"], found["cluster_version"]) == ("cn-beijing", "1.30"), found["msg"]
    assert found["role_variables"]["leased_line_routes_gateway"] == WHOLE["leased_line_gateway"]
    assert found["vpc_cidrs"] == ["10.8.0.0/16", "10.9.0.0/16"]
    assert found["role_variables"]["readiness_skip"] == ["swap", "disk_space"]
    assert f"{WHOLE['node_cidrs']} and ['10.8.0.0/16', '10.9.0.0/16']" in outcome.out


def test_a_version_that_came_as_a_number_is_told_in_the_words_of_a_survey(tmp_path: Path) -> None:
    """AWX writes text; ansible-core from 2.19 on makes a number of it, before it every version stays one."""
    found = asked(tmp_path, {"cluster_version": "1.30", "addons": "7"}).hosts["edge-1"]
    told = "cluster_version is 1.3: in a survey write v1.30, in an inventory quote it; it came as a number"
    assert ("cluster_version" not in found["msg"]) if is_old() else (told in found["msg"])
    assert "addons is " in found["msg"]
