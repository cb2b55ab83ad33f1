# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of what AWX left: many runs, and verdicts that are the number of those that passed."""

from __future__ import annotations

import helpers_fleets as fleets
from helpers_browser import css


def test_many_slices_are_one_line_and_what_is_wrong_with_one_stays_in_sight(show):
    document, causes, handover = fleets.small()
    (run,) = document["runs"]
    document["runs"] = [run | {"id": f"verify_edge-{number}"} for number in range(20)]
    document["runs"][7]["ended"] = None
    for record in document["hosts"].values():
        record["run"] = "verify_edge-0"
    browser = show((document, causes, handover))
    shown = css(browser, "#runs").text
    assert "19 runs of verify_edge" in shown and "verify_edge-7" in shown and "verify_edge-8" not in shown
    css(browser, "#runs summary").click()
    assert "verify_edge-8" in css(browser, "#runs").text


def test_what_stands_for_many_counts_as_many(show):
    """Out of artifacts of AWX: verdicts that pass are a count."""
    document, causes, handover = fleets.small()
    for record in document["hosts"].values():
        record["verdicts"] = [fleets.verdict("passed", data={"required": False, "count": 1040})]
    document["hosts"]["bj-edge-1"]["verdicts"].append(fleets.verdict("passed", data={"required": False, "count": -4}))
    browser = show((document, causes, handover))
    assert "9,361 pass" in css(browser, "#totals").text
