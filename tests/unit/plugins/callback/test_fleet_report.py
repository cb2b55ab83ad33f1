# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of ansible become a document; that of a real run is read by the system tests."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible_collections.ack_edge.node.plugins.callback.fleet_report import CallbackModule


def result(host: str, task: str = "look", *, ignore_unreachable: bool = False, **content: object) -> SimpleNamespace:
    named = SimpleNamespace(get_name=lambda: task, ignore_unreachable=ignore_unreachable)
    return SimpleNamespace(host=SimpleNamespace(get_name=lambda: host), task=named, result={"changed": False} | content)


@pytest.fixture
def callback(tmp_path: Path) -> CallbackModule:
    made = CallbackModule()
    made.get_option = lambda name: str(tmp_path / "reports")
    made.v2_playbook_on_start(SimpleNamespace(_file_name="playbooks/verify_edge.yml"))
    return made


def document(callback: CallbackModule, tmp_path: Path, *seen: str) -> dict:
    callback.v2_playbook_on_stats(SimpleNamespace(processed=dict.fromkeys(seen, 1)))
    (path,) = (tmp_path / "reports").iterdir()
    assert path.stat().st_mode & 0o777 == 0o644
    return json.loads(path.read_text())


def test_states_of_machines(callback: CallbackModule, tmp_path: Path) -> None:
    callback.v2_runner_on_ok(result("a", changed=True))
    callback.v2_runner_on_failed(result("b", "open ports", msg="no"))
    callback.v2_runner_on_failed(result("c", msg="ignored"), ignore_errors=True)
    callback.v2_runner_on_unreachable(result("d", msg="timed out"))
    callback._targets = {"a", "e"}
    hosts = document(callback, tmp_path, "a", "b", "c", "d")["hosts"]
    assert {name: host["state"] for name, host in hosts.items()} == {
        "a": "ok",
        "b": "failed",
        "c": "ok",
        "d": "unreachable",
        "e": "not started",
    }
    assert (hosts["a"]["changed"], hosts["b"]["failed_task"], hosts["d"]["message"]) == (
        ["look"],
        "open ports",
        "timed out",
    )


def test_a_host_that_was_asked_in_the_name_of_a_machine_is_not_the_machine(
    callback: CallbackModule, tmp_path: Path
) -> None:
    callback.v2_runner_on_ok(result("a"))
    callback.v2_runner_on_unreachable(result("a", "try from the VPC", ignore_unreachable=True, msg="lost"))
    assert document(callback, tmp_path, "a")["hosts"]["a"]["state"] == "ok"


def test_a_run_without_machines_writes_nothing(callback: CallbackModule, tmp_path: Path) -> None:
    callback.v2_playbook_on_stats(SimpleNamespace(processed={}))
    assert not (tmp_path / "reports").exists()


def test_a_directory_that_cannot_be_written_is_a_warning(callback: CallbackModule, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    warnings: list[str] = []
    callback._display = SimpleNamespace(warning=warnings.append, display=lambda text: None)
    callback.v2_runner_on_ok(result("a"))
    callback.v2_playbook_on_stats(SimpleNamespace(processed={"a": 1}))
    assert len(warnings) == 1 and "Set ACK_EDGE_REPORT_DIR" in warnings[0]
