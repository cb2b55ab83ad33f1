# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run makes of what nodes answer: one that answers with anything harms nobody's report but its own."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from helpers_stand_in import ANSWER, ROOT, collection

LOOKS = ("readiness_info", "time_sync", "inbound_ports", "static_routes", "reachability_info")
ONCE = """    - ack_edge.node.duplicate_hosts: {}
      run_once: true
"""
PLAY = "- hosts: all\n  gather_facts: false\n  tasks:\n    - ack_edge.node.requirements: {}\n"


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a play: run(answers, tags) -> (lines, hosts of the document, limit)."""
    names = (*LOOKS, "requirements", "duplicate_hosts", "assert_ready")
    path = collection(tmp_path, ANSWER, names)
    tasks = "".join(f"    - ack_edge.node.{name}: {{}}\n      tags: {name}\n" for name in LOOKS)
    (tmp_path / "play.yml").write_text(PLAY + tasks + ONCE + "    - ack_edge.node.assert_ready: {}\n")

    def outcome(answers: dict, *options: str, name: str = "reports") -> tuple[str, dict, list[str]]:
        (tmp_path / "answers.json").write_text(json.dumps(answers))
        known = os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_COLLECTIONS_PATH": str(path)}
        known |= {"ACK_EDGE_REPORT_DIR": str(tmp_path / name), "ACK_EDGE_REPORT_FORMATS": "html,junit,csv,limit"}
        command = ["ansible-playbook", "-i", "good,hostile,other,", "play.yml"]
        command += ["-e", f"answers={tmp_path}/answers.json"]
        done = subprocess.run(
            [*command, *options], cwd=tmp_path, env=known, capture_output=True, text=True, check=False
        )
        assert "Callback dispatch" not in done.stderr, done.stderr
        (document,) = (tmp_path / name).glob("*.json")
        limit = document.with_suffix(".limit")
        hosts = json.loads(document.read_text())["hosts"]
        return done.stdout, hosts, limit.read_text().split() if limit.exists() else []

    return outcome


@pytest.mark.parametrize(
    "answer",
    [
        {"results": [{"data": "x"}]},
        {"results": [{"check": "a", "status": "fail", "summary": 5, "remedy": None, "reproduce": "", "data": None}]},
        {"results": ["x", ["a"], {"a": 1}]},
        {"results": {"a": 1}},
        {"results": "x", "ansible_facts": {"ack_edge_requirements": {"region": "elsewhere"}}, "msg": {"a": [1]}},
    ],
)
def test_one_hostile_node_is_one_host_that_is_not_ready(run, answer):
    said, hosts, limit = run({"hostile": {"reachability_info": answer}})
    assert "2 of 3 hosts are ready (3 ok)" in said
    assert "reachability_info answered with something that is not a verdict" in said
    assert limit == ["hostile"]
    assert {record["region"] for record in hosts.values()} == {""}


def test_a_run_of_a_part_calls_nobody_ready(run):
    said, _hosts, limit = run({}, "--tags", "reachability_info")
    assert "3 hosts (3 ok); not judged: only reachability looked at, not readiness, time_sync" in said
    assert limit == []


def test_open_points_and_duplicates(run):
    gap = {"check": "gap_api_server", "status": "unproven", "summary": "api_server is not set"}
    gap |= {"remedy": "set api_server", "reproduce": "", "data": {"required": True}}
    twin = gap | {"check": "machine_id_unique", "status": "fail", "summary": "the machine id is also that of hostile"}
    answers = {"other": {"requirements": {"results": [gap], "region": "cn-beijing", "site": "idc1"}}}
    answers["good"] = {"duplicate_hosts": {"hosts": {"good": [twin], "hostile": [twin]}}}
    said, hosts, limit = run(answers)
    assert "0 of 3 hosts are ready, 1 ready but for 1 open point (3 ok)" in said
    assert "2 hosts (good, hostile): machine_id_unique: the machine id is also" in said
    assert "other: open point: gap_api_server: api_server is not set\n      to do: set api_server" in said
    assert limit == ["good", "hostile"]
    assert (hosts["other"]["region"], hosts["other"]["site"]) == ("cn-beijing", "idc1")
