# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run as a job of AWX."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible.executor.stats import AggregateStats
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import job
from fakes.report import run


@pytest.mark.parametrize(
    ("mounts", "path", "expected"),
    [
        (["/"], "/reports", True),
        (["/"], "/runner/project/reports", True),
        (["/", "/runner"], "/runner/project/reports", True),
        (["/", "/srv"], "/srv/jobs/awx_7/project/reports", True),
        (["/", "/srv"], "/srv/jobs/reports", False),
        (["/", "/reports"], "/reports", False),
        (["/", "/reports"], "/reports/of/idc1", False),
        (["/", "/runners"], "/runners/x", False),
    ],
)
def test_what_is_gone_with_the_container(monkeypatch: pytest.MonkeyPatch, mounts, path, expected) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda folder: str(folder) in mounts)
    folder = "/srv/jobs/awx_7" if path.startswith("/srv") else "/runner"
    monkeypatch.setenv("AWX_ISOLATED_DATA_DIR", f"{folder}/artifacts/7")
    assert job.vanishes(Path(path)) is expected


def test_the_artifact_has_the_name_of_the_job_and_else_of_the_run() -> None:
    document, stats = run("verify-1", {"a": []}), AggregateStats()
    assert job.hand_over(stats, document)
    document["runs"][0]["job"] = "7"
    assert job.hand_over(stats, document)
    assert set(stats.custom["_run"]) == {"ack_edge_report_verify-1", "ack_edge_report_7"}
