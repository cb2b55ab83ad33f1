# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that answer what they like, through ansible-playbook: none of them harms another one, or the controller.

Their Python is a program that prints the answer, which is what root on a node can do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
GOOD = {"check": "swap", "status": "pass", "summary": "off", "remedy": "", "reproduce": "", "data": {"required": True}}
STEERING = "\x1b]0;x\x07\x1b[2J"
ANSWERS = {
    "shape": {"changed": False, "results": ["x"]},
    "facts": {"results": [], "ansible_facts": "x"},
    "deep": '{"results": ' + "[" * 10**5 + "]" * 10**5 + "}",
    "types": {"results": [{**GOOD, "data": {"required": True, "x": {"__ansible_type": "Event", "msg": 5}}}]},
    "steering": {"failed": True, "msg": STEERING + "{{ lookup('pipe', 'touch executed') }}", "results": []},
    "warning": {"results": [GOOD], "warnings": [STEERING], "_ansible_x": STEERING, "msg": "fine"},
    "garbage": STEERING + "no JSON",
    "smuggler": {
        "changed": False,
        "results": [GOOD],
        "add_host": {"host_name": "intruder", "groups": ["vpc_probes"], "host_vars": {}},
        "ansible_facts": {"region": "cn-elsewhere", "ansible_host": "192.0.2.1"},
        "ansible_stats": {"data": {"hosts": 0}},
        "unreachable": True,
        "skipped": True,
    },
}
PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ack_edge.node.readiness_info:
        checks: [swap]
      register: found
      ignore_errors: true
    - ansible.builtin.copy:
        content: "{{ [found, groups.keys() | list, ansible_facts] | to_json }}"
        dest: "{{ playbook_dir }}/{{ inventory_hostname }}.found"
        mode: "0600"
      vars:
        ansible_python_interpreter: "{{ ansible_playbook_python }}"
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """Return what the run printed, and what each host has registered."""
    path = tmp_path_factory.mktemp("hostile")
    hosts: dict[str, Any] = {"honest": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}}
    for name, answer in ANSWERS.items():
        (path / f"{name}.answer").write_text(answer if isinstance(answer, str) else json.dumps(answer))
        (path / f"{name}.python").write_text(f"#!/bin/sh\ncat '{path}/{name}.answer'\n")
        (path / f"{name}.python").chmod(0o755)
        hosts[name] = {"ansible_connection": "local", "ansible_python_interpreter": f"{path}/{name}.python"}
    (path / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    (path / "play.yml").write_text(PLAY)
    (path / "ansible.cfg").write_text(f"[defaults]\ncollections_path = {ROOT / '.collections'}\n")
    kept = {key: text for key, text in os.environ.items() if not key.startswith("ANSIBLE_")}
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "-i", "hosts.json", "play.yml"],
        cwd=path,
        env={**kept, "ANSIBLE_CONFIG": str(path / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1", "HOME": str(path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not (path / "executed").exists()
    printed = done.stdout + done.stderr
    found = {
        name: json.loads((path / f"{name}.found").read_text()) for name in hosts if (path / f"{name}.found").exists()
    }
    assert found.keys() == hosts.keys(), printed
    return printed, found


def test_nobody_else_is_harmed(run: tuple[str, dict[str, Any]]) -> None:
    honest, groups, _facts = run[1]["honest"]
    assert (honest["failed"], [item["check"] for item in honest["results"]]) == (False, ["swap"])
    assert sorted(groups) == ["all", "ungrouped"]


@pytest.mark.parametrize("name", ["shape", "facts", "deep", "types"])
def test_a_bad_answer_is_a_failure(run: tuple[str, dict[str, Any]], name: str) -> None:
    found = run[1][name][0]
    assert (found["failed"], found["results"], found["failed_checks"]) in (
        (True, [], ["answer"]),
        # What this version of Ansible does not take for an object, or mends by itself, is data.
        (False, json.loads(json.dumps(found["results"])), []) if name in ("types", "facts") else None,
    )
    if found["failed"]:
        assert f"{name} answered readiness_info with something that it never answers" in found["msg"]


def test_nothing_of_ansible_is_answered(run: tuple[str, dict[str, Any]]) -> None:
    found, groups, facts = run[1]["smuggler"]
    assert (found["results"], found["failed"]) == ([GOOD], False)
    assert found.keys() & {"add_host", "ansible_facts", "ansible_stats", "unreachable", "skipped"} == set()
    assert (sorted(groups), facts) == (["all", "ungrouped"], {})
    assert "intruder" not in run[1]


def test_no_terminal_is_steered(run: tuple[str, dict[str, Any]]) -> None:
    assert "\x1b" not in run[0]
    assert "\x07" not in run[0]
    assert "\ufffd[2J{{ lookup('pipe', 'touch executed') }}" in run[0]


def test_what_came_instead_of_an_answer_is_shown(run: tuple[str, dict[str, Any]]) -> None:
    assert run[1]["garbage"][0]["module_stdout"].endswith("[2Jno JSON")
