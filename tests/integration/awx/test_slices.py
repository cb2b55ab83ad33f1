# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in slices, as AWX runs it: what each slice says, what is left of it, and what the merge makes of all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.controller import Access, artifacts
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError
from jobs import Controller, Job, merge, sliced
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


def test_a_healthy_host_has_few_lines_and_events(controller: Controller) -> None:
    """Measured in the event files of a job that shows all that AWX shows by itself."""
    names = sliced(READY, 1, 2)
    job = controller.run(90, "verify_edge", names, {}, ANSIBLE_DISPLAY_OK_HOSTS="1", ANSIBLE_DISPLAY_SKIPPED_HOSTS="1")
    assert job.rc == 0, job.shown
    of_hosts = [one for one in job.events if one["event"].startswith("runner_on_")]
    lines = sum(one["stdout"].count("\n") + 1 for one in of_hosts if one["stdout"])
    # Three for each, and one of the comparison, which is made once.
    assert 0 < lines <= 3 * len(names) + 1, job.shown
    assert 0 < len(of_hosts) <= 6 * len(names) + 2
    # What is beside them is of the job, whatever its size: play, tasks, recap, summary.
    assert len(job.events) - len(of_hosts) <= 15
    assert len(job.shown.splitlines()) <= 25 + 4 * len(names)


def test_with_the_settings_of_the_project_a_host_that_is_well_is_no_line(jobs: list[Job]) -> None:
    shown = [one["stdout"] for one in jobs[2].events if one["event"] in ("runner_on_ok", "runner_on_skipped")]
    # Those of this slice have an open point, and with it their table.
    assert not [text for text in shown if text and "gap_vpc_probe_host" not in text]


def test_the_table_of_a_host_is_lines(jobs: list[Job]) -> None:
    (broken,) = [one for one in jobs[0].events if one["event"] == "runner_on_failed"]
    assert "FAIL     route: the route to 100.103.0.251 is missing" in broken["stdout"]
    assert "\\n" not in broken["stdout"]


def test_a_slice_that_ends_early_ends_no_other(tmp_path: Path) -> None:
    """Waves and error_budget of a sliced prepare_edge.yml are those of each slice, and the merge has the truth."""
    controller = Controller(tmp_path, {"edge-1": {"broken": True}, **{f"edge-{number}": {} for number in range(2, 7)}})
    variables = {"waves": "2,100%", "error_budget": "0", "ack_edge_slices": "2"}
    ended, whole = controller.slices(81, 2, "prepare_edge", 80, variables)
    assert (ended.rc, whole.rc) == (2, 0), ended.shown
    budget = "The run ends before the next wave: 1 of 2 hosts failed or were unreachable, and error_budget is 0"
    assert budget in ended.shown
    assert "the other slices of the job continue" in ended.shown
    assert "The run ends before the next wave" not in whole.shown
    rc, said, document = merge(tmp_path, **ended.artifacts, **whole.artifacts)
    states = {name: record["state"] for name, record in document["hosts"].items()}
    prepared = dict.fromkeys(("edge-2", "edge-3", "edge-4", "edge-6"), "ok")
    assert states == {"edge-1": "failed", "edge-5": "not started"} | prepared
    assert (rc, "2 of 6 hosts are not ready (edge-1, edge-5)" in said) == (2, True), said


def truth(document: dict[str, Any]) -> None:
    """Assert that a merged document says of every host what is so."""
    assert sorted(document["hosts"]) == sorted(HOSTS)
    failed = {
        name: [item["check"] for item in record["verdicts"] if item["status"] == "fail"]
        for name, record in document["hosts"].items()
    }
    assert {name: checks for name, checks in failed.items() if checks} == {
        **{name: ["machine_id_unique"] for name in CLONES},
        BROKEN: ["route"],
    }
    assert document["hosts"][DEAD]["state"] == "unreachable"
    assert {run["workflow"] for run in document["runs"]} == {str(WORKFLOW)}


def test_what_a_workflow_hands_over_is_the_whole_fleet(jobs: list[Job], tmp_path: Path) -> None:
    handed = {name: text for job in jobs for name, text in job.artifacts.items()}
    # With the settings of the project no task that went well is shown, but what it has to say is.
    rc, said, document = merge(tmp_path, **handed, ANSIBLE_DISPLAY_OK_HOSTS="0")
    truth(document)
    assert "ready but for 1 open point each" in said
    assert f"Report: {tmp_path}/fleet.json" in said
    assert "ok: [localhost]" not in said
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
        api.jobs[job.number] = {
            "name": "verify",
            "status": status,
            "playbook": job.playbook,
            "artifacts": job.artifacts,
        }
    with serving(api):
        access = {"CONTROLLER_HOST": api.url, "CONTROLLER_OAUTH_TOKEN": TOKEN}
        # In a job of AWX, whose folder is gone when it ends.
        access |= {"AWX_ISOLATED_DATA_DIR": f"{tmp_path}/artifacts/64"}
        rc, said, document = merge(tmp_path, awx_job_id="64", awx_workflow_job_id=str(OUTER), **access)
        truth(document)
        assert (rc, "4 of 12 hosts are not ready" in said) == (2, True)
        assert len(api.asked) == 5 + 5, api.asked
        assert "The page is gone when the container of this job ends" in said
        assert "Report: " not in said

        # A slice whose container was killed has left nothing, and that is no ready fleet.
        api.jobs[jobs[2].number] |= {"artifacts": {}, "status": "error"}
        found = artifacts(Access(api.url, TOKEN), [str(OUTER)])
        assert found.without == [f"job {jobs[2].number} (verify, error) has no report among its artifacts"]
        assert len(found.artifacts) == 2
        wanted = "with 401 Unauthorized; give a token"
        with pytest.raises(MergeError, match=wanted):
            artifacts(Access(api.url, "other"), [str(OUTER)])
        with pytest.raises(MergeError, match="with 404 Not Found; check controller_url and workflow_job"):
            artifacts(Access(api.url, TOKEN), ["7"])
    with pytest.raises(MergeError, match="the controller cannot be asked"):
        artifacts(Access(api.url, TOKEN), [str(OUTER)])


def test_a_token_goes_nowhere_else() -> None:
    api, other = Api(), Api()
    api.nodes = {OUTER: [("jobs", 61)]}
    with serving(api), serving(other):
        api.moved = {"/api/v2/jobs/61/": f"{other.url}/api/v2/jobs/61/"}
        with pytest.raises(MergeError, match="/api/v2/jobs/61/ with 302"):
            artifacts(Access(api.url, TOKEN), [str(OUTER)])
    assert other.asked == []


def test_answers_that_are_none() -> None:
    api = Api()
    api.nodes = {OUTER: [("jobs", 61), ("workflow_jobs", OUTER)], 7: []}
    # A workflow that names itself ends all the same, and what had no_log is no report.
    api.jobs = {61: {"name": "verify", "status": "successful", "playbook": "p/verify_edge.yml", "artifacts": "$hidden"}}
    with serving(api):
        found = artifacts(Access(api.url, TOKEN), [str(OUTER), "7"])
        assert found.artifacts == {}
        assert found.without == ["job 61 (verify, successful) has no report among its artifacts"]
        api.nodes = {OUTER: [("jobs", 62)]}
        with pytest.raises(MergeError, match="/api/v2/jobs/62/ with 404"):
            artifacts(Access(api.url, TOKEN), [str(OUTER)])
