# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of 200 machines, of which a tenth is broken in three ways: three rows, and a page that knows each machine."""

from __future__ import annotations

import fleet
import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.causes import causes
from helpers_browser import chromium, css, until
from helpers_browser import rows as listed


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A browser without a network."""
    driver = chromium(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def machines():
    """The machines of the fleet, with the faults that they really have."""
    yield fleet.up(fleet.LARGEST)
    fleet.down()


@pytest.fixture(scope="module")
def truth(machines):
    """Fault -> sorted names of the machines that have it; "" for those that have none."""
    return {
        fault: sorted(machine.name for machine in machines if machine.fault == fault) for fault in ("", *fleet.FAULTS)
    }


def test_the_fleet_is_as_it_says(machines, truth):
    assert {fault: len(names) for fault, names in truth.items()} == {
        "": 180,
        fleet.LOST: 10,
        fleet.CUT_OFF: 6,
        fleet.MISLED: 4,
    }
    assert set(yaml.safe_load(fleet.INVENTORY.read_text())["fleet"]["hosts"]) == {machine.name for machine in machines}


def test_three_causes_are_three_rows_and_the_page_agrees(play, truth, browser, tmp_path):
    outcome = play("verify_edge", "--tags", "reachability", inventory=fleet.INVENTORY)
    assert outcome.rc != 0
    rows = [row for row in causes(outcome.report) if row["status"] in ("fail", "unreachable")]
    assert [(row["id"], row["hosts"]) for row in rows] == [
        ("contact.no_route", truth[fleet.LOST]),
        ("route.next_hop", truth[fleet.CUT_OFF]),
        ("address.public", truth[fleet.MISLED]),
    ]
    # One section is not the whole gate, so nobody is called ready.
    left = (
        f"0 of {fleet.LARGEST} hosts are ready (180 ok, 10 failed, 10 unreachable); 180 not judged: only reachability"
    )
    assert left in outcome.out

    (page,) = tmp_path.glob("reports-*/*.html")
    browser.get(page.as_uri())
    assert css(browser, "#verdict").text.startswith(f"0 of {fleet.LARGEST} ")
    for number, row in enumerate(causes(outcome.report), 1):
        if row in rows:
            browser.get(f"{page.as_uri()}#cause={number}")
            until(browser, lambda row=row: sorted(listed(browser)) == row["hosts"])
    for fault, state, words in (
        (fleet.LOST, "unreachable", ""),
        (fleet.CUT_OFF, "not-ready", fleet.DEAD_GATEWAY),
        (fleet.MISLED, "not-ready", fleet.WRONG_RESOLVER),
        ("", "not-judged", ""),
    ):
        for name in truth[fault]:
            browser.get(f"{page.as_uri()}#node={name}")
            until(browser, lambda name=name: css(browser, "#node-title").text == name)
            assert css(browser, "#node .badge").get_attribute("class").endswith(state), name
            assert words in css(browser, "#node").text
