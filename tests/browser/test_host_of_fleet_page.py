# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page of the fleet report shows of one host, and links that lead there, in a real browser."""

from __future__ import annotations

import helpers_fleets as fleets
import pytest
from helpers_browser import (
    choose,
    css,
    rows,
    texts,
    until,
)


def test_node_has_everything(show):
    browser = show(fleets.small())
    css(browser, "[data-row='0'] .cell.fail").click()
    asked = css(browser, "#node .verdict.asked")
    assert "41.2 s behind" in asked.text
    assert browser.execute_script("return document.activeElement") == asked
    text = css(browser, "#node").text
    for part in ("10.20.1.12", "bj-yizhuang", "3 min 30 s", "Say what fails", "2 checks stop a join", "To do",
                 "chronyc -n tracking && chronyc makestep", "24 pass"):  # fmt: skip
        assert part in text
    assert texts(browser, "#node .task h3") == ["Look at what a join needs", "Look at the way to every endpoint"]
    css(browser, "#node [aria-label='Next host']").click()
    assert css(browser, "#node-title").text == "bj-edge-11"
    assert texts(browser, "#node .task h3")[0] == "Look at the way to every endpoint", "failing first"


def test_node_says_what_was_changed_and_how_it_was_before(show):
    browser = show(fleets.small(), link="node=bj-edge-1")
    text = css(browser, "#node").text
    assert "Write chrony.conf" in text
    assert "failed 2026-11-22 09:12:44 UTC" in text
    assert "Set the routes: no gateway answers" in text


def test_link_opens_what_somebody_else_saw(show):
    browser = show(fleets.small())
    choose(browser, "region", "cn-beijing")
    css(browser, "#q").send_keys("edge-1 ")
    until(browser, lambda: len(rows(browser)) == 4)
    choose(browser, "sort", "name")
    seen = rows(browser)
    link = browser.current_url.split("#")[1]
    other = show(fleets.small(), link=link)
    assert rows(other) == seen == ["bj-edge-1", "bj-edge-10", "bj-edge-11", "bj-edge-12"]
    assert css(other, "#region").get_attribute("value") == "cn-beijing"
    other.execute_script("location.hash = 'state=ready'")
    until(other, lambda: len(rows(other)) == 3)


@pytest.mark.parametrize(
    "link", ["%", "sort=check:none", "sort=%00&cause=-4", "sort=constructor", "node=no", "cause=1e9", "=&&"]
)
def test_nonsense_behind_the_address_does_no_harm(show, link):
    assert len(rows(show(fleets.small(), link=link))) == 9
