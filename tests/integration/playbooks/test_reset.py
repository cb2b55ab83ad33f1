# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""reset_edge.yml where a role fails: the others still undo theirs, and the host fails with what each one said."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from helpers_stand_in import ANSWER, ROOT, collection

ENGINES = ("static_routes", "inbound_ports", "time_sync", "system_tools")


@pytest.fixture
def reset(tmp_path):
    """Return a function that resets hosts a and b: reset(their answers, *options) -> (what ended, hosts)."""
    path = collection(tmp_path, ANSWER, ENGINES)

    def run(answers, *options):
        (tmp_path / "answers.json").write_text(json.dumps(answers))
        known = os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_COLLECTIONS_PATH": str(path)}
        known["ACK_EDGE_REPORT_DIR"] = str(tmp_path / "reports")
        command = ["ansible-playbook", "-i", "a,b,", "-c", "local", "-e", "ansible_become=false"]
        command += ["-e", f"answers={tmp_path}/answers.json", "ack_edge.node.reset_edge", *options]
        done = subprocess.run(command, cwd=tmp_path, env=known, capture_output=True, text=True, check=False)
        (document,) = (tmp_path / "reports").glob("*.json")
        return done, json.loads(document.read_text())["hosts"]

    return run


def broken(name):
    return {"failed": True, "results": [], "msg": f"{name} broke"}


@pytest.mark.parametrize("failing", [*[(name,) for name in ENGINES], ("static_routes", "time_sync"), ENGINES])
def test_a_role_that_fails_keeps_no_other_from_undoing(reset, failing):
    done, hosts = reset({"a": {name: broken(name) for name in failing}})
    assert done.returncode == 2
    assert hosts["a"]["state"] == "failed"
    assert hosts["a"]["message"].split("\n") == [f"{name} broke" for name in failing]
    for name in set(ENGINES) - set(failing):
        assert f"ack_edge.node.{name}" in {verdict["module"] for verdict in hosts["a"]["verdicts"]}
    assert hosts["b"]["state"] == "ok"


def test_only_the_role_of_the_tag_runs_and_it_fails_the_host(reset):
    done, hosts = reset({"a": {"time_sync": broken("time_sync")}}, "--tags", "time_sync")
    assert done.returncode == 2
    assert hosts["a"]["message"] == "time_sync broke"
    assert {verdict["module"] for verdict in hosts["b"]["verdicts"]} == {"ack_edge.node.time_sync"}


def test_what_a_host_says_is_text_and_nothing_to_evaluate(reset):
    said = "{{ lookup('pipe', 'id -u') }} {% raw %} ['a', {{ 7 * 7 }}]"
    done, hosts = reset({"a": {"time_sync": {"failed": True, "results": [], "msg": said}}})
    assert done.returncode == 2
    assert hosts["a"]["message"] == said
    assert hosts["b"]["state"] == "ok"
