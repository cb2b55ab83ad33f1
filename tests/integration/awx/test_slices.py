# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in slices, as AWX runs it: what each slice says, what is left of it, and what the merge makes of all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers_plays import ROOT, environment
from jobs import Controller, Job, sliced
from stand_in_api import TOKEN, Api, serving

HOSTS: dict[str, dict[str, Any]] = {f"edge-{number}": {} for number in range(1, 13)}
CLONES, DEAD, BROKEN = ("edge-1", "edge-2"), "edge-3", "edge-4"
HOSTS["edge-1"] = HOSTS["edge-2"] = {"machine_id": "c" * 32}
HOSTS[DEAD] = {"dead": True}
HOSTS[BROKEN] = {"broken": True}
READY = sorted({*HOSTS} - {*CLONES, DEAD, BROKEN})
FIRST, SLICES, WORKFLOW, OUTER = 71, 3, 70, 60


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Controller:
    return Controller(tmp_path_factory.mktemp("awx"), HOSTS)


@pytest.fixture(scope="module")
def jobs(controller: Controller) -> list[Job]:
    """The slices of verify, with a probe host that is in none of them, and empty answers of a survey."""
    variables = {"vpc_probe_host": "vpc-host", "site": "", "cluster_version": "v1.30.7"}
    return controller.slices(FIRST, SLICES, "verify_edge", WORKFLOW, variables)


def test_slices_are_those_of_awx() -> None:
    assert sliced(list(HOSTS), 1, SLICES) == ["edge-1", "edge-12", "edge-4", "edge-7"]
    assert sliced(list(HOSTS), 3, SLICES) == ["edge-11", "edge-3", "edge-6", "edge-9"]


def test_each_slice_tells_the_truth_of_its_own_hosts(jobs: list[Job]) -> None:
    # In the first one is a broken host, in the third one a dead one; a clone that is alone is not found by its slice.
    assert [job.rc for job in jobs] == [2, 0, 4]
    for job in jobs:
        assert "This job is one slice: counts, duplicates, waves and error_budget are of its hosts alone" in job.shown
    assert "open point: gap_vpc_probe_host: vpc_probe_host vpc-host is not in the inventory of this slice" in (
        jobs[1].shown
    )


def test_no_path_is_shown_that_is_gone_with_the_container(jobs: list[Job]) -> None:
    for job in jobs:
        assert "No report file is written, because the files of a job are gone when its container ends" in job.shown
        assert "Report of" not in job.shown
        assert not list(Path.cwd().glob("ack_edge_reports"))


def test_each_slice_leaves_one_artifact(jobs: list[Job]) -> None:
    assert [list(job.artifacts) for job in jobs] == [[f"ack_edge_report_{FIRST + number}"] for number in range(SLICES)]
    assert max(len(text) for job in jobs for text in job.artifacts.values()) < 4000


def test_a_healthy_host_has_few_lines_and_events(jobs: list[Job]) -> None:
    """Of the second slice all hosts are healthy: what is beside one line for each task and play is of hosts."""
    job = jobs[1]
    names = [f"[{name}]" for name in sliced(list(HOSTS), 2, SLICES)]
    lines = [line for line in job.shown.splitlines() if line.startswith(("ok:", "skipping:", "changed:", "fatal:"))]
    lines += [line for line in job.shown.splitlines() if line.startswith("    ") and "to do:" not in line]
    of_hosts = [one for one in job.events if one["event"].startswith("runner_on_")]
    assert len(lines) <= 8 * len(names), job.shown
    assert len(of_hosts) <= 15 * len(names)
    assert len(job.shown.splitlines()) <= 12 + 8 * len(names)


def merge(folder: Path, **variables: Any) -> tuple[int, str, dict[str, Any]]:
    env = {key: str(variables.pop(key)) for key in list(variables) if key.isupper()}
    target = folder / "fleet.json"
    given = {"merged": str(target), "reports": "", "fail_unless_ready": True} | variables
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,"]
    command += [str(ROOT / "playbooks/merge_reports.yml"), "-e", json.dumps(given)]
    done = subprocess.run(
        command, cwd=folder, env=environment() | env, capture_output=True, text=True, check=False
    )
    said = " ".join((done.stdout + done.stderr).split())
    assert TOKEN not in said
    return done.returncode, said, json.loads(target.read_text()) if target.exists() else {}


def truth(document: dict[str, Any]) -> None:
    """Assert that a merged document says of every host what is so."""
    assert sorted(document["hosts"]) == sorted(HOSTS)
    failed = {
        name: [item["check"] for item in record["verdicts"] if item["status"] == "fail"]
        for name, record in document["hosts"].items()
    }
    assert {name: checks for name, checks in failed.items() if checks} == {
        **dict.fromkeys(CLONES, ["machine_id_unique"]),
        BROKEN: ["route"],
    }
    assert document["hosts"][DEAD]["state"] == "unreachable"
    assert {run["workflow"] for run in document["runs"]} == {str(WORKFLOW)}


def test_what_a_workflow_hands_over_is_the_whole_fleet(jobs: list[Job], tmp_path: Path) -> None:
    handed = {name: text for job in jobs for name, text in job.artifacts.items()}
    rc, said, document = merge(tmp_path, **handed)
    truth(document)
    assert rc == 2
    assert "4 of 12 hosts are not ready (edge-1, edge-2, edge-3, edge-4)" in said
    assert "2 hosts (edge-1, edge-2): Hosts with the same machine ID" in said or "machine_id_unique" in said
    page = (tmp_path / "fleet.html").read_text()
    assert "edge-12" in page and "machine_id_unique" in page
    assert (tmp_path / "fleet.limit").read_text().split() == [*CLONES, DEAD, BROKEN]


def test_the_api_has_them_as_well(jobs: list[Job], tmp_path: Path) -> None:
    api = Api()
    # The workflow: a check of others, the sliced job, an approval, the merge itself, which has not ended.
    api.nodes = {
        OUTER: [("jobs", 61), ("workflow_jobs", WORKFLOW), ("workflow_approvals", 62), ("jobs", 63), ("jobs", 0)],
        WORKFLOW: [("jobs", job.number) for job in jobs],
    }
    api.jobs = {
        61: {"name": "others", "status": "successful", "playbook": "other.yml", "artifacts": {}},
        63: {"name": "merge", "status": "running", "playbook": "merge_reports.yml", "artifacts": {}},
    }
    for job in jobs:
        status = "failed" if job.rc else "successful"
        api.jobs[job.number] = {"name": "verify", "status": status, "playbook": job.playbook, "artifacts": job.artifacts}
    with serving(api):
        access = {"CONTROLLER_HOST": api.url, "CONTROLLER_OAUTH_TOKEN": TOKEN}
        rc, said, document = merge(tmp_path, awx_workflow_job_id=str(OUTER), **access)
        truth(document)
        assert (rc, "4 of 12 hosts are not ready" in said) == (2, True)
        assert len(api.asked) == 5 + 5, api.asked

        # A slice whose container was killed has left nothing, and that is no ready fleet.
        api.jobs[jobs[2].number] |= {"artifacts": {}, "status": "error"}
        rc, said, document = merge(tmp_path, workflow_job=OUTER, controller_url=api.url, controller_token=TOKEN)
        assert rc == 2
        assert f"job {jobs[2].number} (verify, error) has no report among its artifacts" in said
        assert sorted(document["hosts"]) == sorted({*HOSTS} - {*sliced(list(HOSTS), 3, SLICES)})

        rc, said, _document = merge(tmp_path, workflow_job=OUTER, controller_url=api.url, controller_token="other")
        assert rc == 2
        assert "with 401 Unauthorized; give a token (controller_token, CONTROLLER_OAUTH_TOKEN)" in said
        rc, said, _document = merge(tmp_path, workflow_job="7", controller_url=api.url, controller_token=TOKEN)
        assert "with 404 Not Found; check controller_url and workflow_job" in said


def test_waves_and_budget_are_said_to_be_of_the_slice(controller: Controller) -> None:
    own = {"awx_workflow_job_id": "80", "awx_workflow_job_name": "prepare_edge", "waves": "1;1", "error_budget": "0"}
    job = controller.run(81, "prepare_edge", [DEAD, "edge-5", "edge-6"], own)
    assert "No host of wave 1 completed" in job.shown
    assert job.rc == 4
    assert list(job.artifacts) == ["ack_edge_report_81"]
