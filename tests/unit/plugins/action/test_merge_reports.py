# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where documents come from, and whether a fleet is ready. Through Ansible: tests/integration/controller and awx."""

from __future__ import annotations

import json
import os
import types
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.action.merge_reports import ActionModule, gathered, why_not_ready
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.artifact import pack
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError
from fakes.action import told
from fakes.report import run, verdict

GOOD, BAD, OPEN = [verdict("x")], [verdict("x", "fail")], [verdict("x", "unproven")]
_OPTIONS = (
    "reports",
    "workflow_job",
    "since",
    "playbooks",
    "controller_url",
    "controller_token",
    "controller_username",
)
NONE: dict[str, Any] = dict.fromkeys((*_OPTIONS, "controller_password", "controller_ca_path"))


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CONTROLLER_HOST", "TOWER_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def found(**given: Any) -> list[str]:
    documents, _without = gathered(NONE | {"artifacts": {}} | given, Path("/nowhere/fleet.json"))
    return [document["runs"][0]["id"] for document in documents]


def test_files_folders_and_names_with_blanks(tmp_path: Path) -> None:
    for name in ("a b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.json").write_text(json.dumps(run(f"verify-{name}", {"h": GOOD})))
    assert found(reports="a b") == ["verify-a b"]
    assert found(reports=["a b", "c"]) == ["verify-a b", "verify-c"]
    assert found(reports="c/one.json;\nc") == ["verify-c"]
    with pytest.raises(MergeError, match="reports has 'ack_edge_reports', which matches no file"):
        found()


@pytest.mark.parametrize(
    "reports", ["~nobody-of-this-name/x", "x" * 300, "[**]/**x/y", "/proc/1/mem/x", 5, {"a": 1}, [["a.json"]], "\udcff"]
)
def test_what_leads_to_nothing_is_said_of_reports(reports: Any) -> None:
    with pytest.raises(MergeError, match=r"\Areports (has|is) .*expected documents of runs"):
        found(reports=reports)


def test_a_pipe_among_documents_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(run("verify-a", {"h": GOOD})))
    os.mkfifo(tmp_path / "b.json")
    with pytest.raises(MergeError, match=r"b\.json is not a report .* pipe or a device, expected a file"):
        found(reports=str(tmp_path))


def test_a_number_that_is_none_never_gets_into_the_page(tmp_path: Path) -> None:
    # A browser could read nothing of a page that has it.
    document = run("verify-7", {"h": BAD})
    document["hosts"]["h"]["verdicts"][0]["data"]["far"] = float("inf")
    (tmp_path / "a.json").write_text(json.dumps(document).replace("Infinity", "1e999"))
    with pytest.raises(MergeError, match="1e999 is a number that is too large"):
        found(reports="a.json")
    with pytest.raises(MergeError, match=r"ack_edge_report_7 is not a report .* Infinity is not a number of JSON"):
        found(artifacts={"ack_edge_report_7": pack(document)})


def test_artifacts_are_taken_with_files_and_alone() -> None:
    artifacts = {"ack_edge_report_7": pack(run("verify-7", {"h": GOOD}))}
    assert found(artifacts=artifacts) == ["verify-7"]
    # The number of a workflow is of files, where no controller is asked: what was handed over is of this workflow.
    assert found(artifacts=artifacts, workflow_job=70) == ["verify-7"]
    with pytest.raises(MergeError, match="none of 1 documents is from a run that workflow_job, since and playbooks"):
        found(artifacts=artifacts, playbooks="prepare_edge")


def test_a_wrong_number_is_said_before_anything_is_asked() -> None:
    with pytest.raises(MergeError, match="workflow_job is 'x', expected the number of a workflow job"):
        found(workflow_job="x")


@pytest.mark.parametrize(
    ("hosts", "without", "expected"),
    [
        ({"a": GOOD, "b": OPEN}, [], ""),
        ({"a": GOOD, "b": BAD}, [], "1 of 2 hosts are not ready (b)"),
        ({"a": "no route"}, [], "1 of 1 host is not ready (a)"),
        ({"a": None}, [], "1 of 1 host is not ready (a)"),
        ({"a": GOOD}, ["job 7 has no report"], "0 of 1 host is not ready; job 7 has no report"),
        (dict.fromkeys("abcdefg", "no route"), [], "7 of 7 hosts are not ready (a, b, c, d, e and 2 more)"),
    ],
)
def test_why_a_fleet_is_not_ready(hosts: dict[str, Any], without: list[str], expected: str) -> None:
    assert why_not_ready(run("verify-1", hosts), without) == expected


def test_a_host_that_was_not_judged_is_not_ready() -> None:
    part = run("verify-1", {"a": GOOD}, modules=("ack_edge.node.readiness_info",))
    assert why_not_ready(part, []) == "1 of 1 host is not ready (a)"


@pytest.mark.parametrize(
    ("environment", "option", "tag"),
    [("zh", None, "zh-CN"), ("fr", None, "en"), ("zh", "en", "en"), ("", "zh", "zh-CN")],
)
def test_the_language_is_that_of_the_task_or_the_environment(
    environment: str, option: str | None, tag: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ACK_EDGE_LANG", environment)
    (tmp_path / "one.json").write_text(json.dumps(run("verify-1", {"h": GOOD})))
    arguments = {"reports": "one.json", "dest": str(tmp_path / "fleet.json"), "formats": ["html"], "language": option}
    action = told(ActionModule, {key: value for key, value in arguments.items() if value})
    said: list[str] = []
    action._display = types.SimpleNamespace(warning=said.append, display=lambda text: None)
    assert action.run(task_vars={})["changed"]
    assert f'<html lang="{tag}"' in (tmp_path / "fleet.html").read_text(encoding="utf-8")
    wrong = ["ACK_EDGE_LANG is 'fr', expected one of en, zh; English is used"]
    assert said == (wrong if environment == "fr" else [])
