# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runs are merged."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.merge import merge
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.selection import Selection, moment, selected
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError
from fakes.report import run

NOW = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.timezone.utc)
OLD = run("verify-1", {"a": []}, "2026-11-23T10:00:00+00:00")
NEW = run("prepare-2", {"a": []}, "2026-11-28T10:00:00+00:00", playbook="prepare_edge")
NEW["runs"][0]["workflow"] = "70"


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), [OLD, NEW]),
        (Selection(workflows=["70"]), [NEW]),
        (Selection(playbooks=["verify_edge"]), [OLD]),
        (Selection(since=moment("24h", NOW)), [NEW]),
        (Selection(since=moment("30d", NOW)), [OLD, NEW]),
    ],
)
def test_selected(selection, expected) -> None:
    assert selected([OLD, NEW], selection) == expected


def test_of_a_merged_document_every_run_must_be_meant() -> None:
    assert selected([merge([OLD, NEW]), NEW], Selection(workflows=["70"])) == [NEW]


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(MergeError, match="none of 2 documents is from a run that workflow_job, since and playbooks"):
        selected([OLD, NEW], Selection(workflows=["71"]))
    assert selected([], Selection(workflows=["71"])) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("2026-11-23", datetime.datetime(2026, 11, 23, tzinfo=datetime.timezone.utc)),
        (datetime.date(2026, 11, 23), datetime.datetime(2026, 11, 23, tzinfo=datetime.timezone.utc)),
        ("2026-11-23T10:00:00Z", datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.timezone.utc)),
        ("2026-11-23T10:00:00+08:00", datetime.datetime(2026, 11, 23, 2, tzinfo=datetime.timezone.utc)),
    ],
)
def test_moments(value, expected) -> None:
    assert moment(value, NOW) == expected


@pytest.mark.parametrize("value", ["yesterday", "7", "7 d", "d", "99999999d"])
def test_what_is_no_time(value) -> None:
    with pytest.raises(MergeError, match=r"since is .* expected a time such as 2026-11-23"):
        moment(value, NOW)
