# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the fleet report as somebody uses it, in a real browser, from disk."""

from __future__ import annotations

import itertools
import json

import helpers_fleets as fleets
import pytest
from helpers_browser import (
    active,
    choose,
    contrast,
    css,
    lightness,
    media,
    narrow,
    no_scroll,
    overlaps,
    rows,
    texts,
    until,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

WORST_FIRST = [
    "bj-edge-2", "bj-edge-11", "bj-edge-12", "sz-edge-4", "bj-edge-10", "sz-edge-2", "bj-edge-1", "sz-edge-1",
    "sz-edge-3",
]  # fmt: skip


def test_says_at_a_glance_how_the_fleet_stands(show):
    browser = show(fleets.small())
    assert css(browser, "#verdict").text == "3 of 9 hosts ready to join, 2 ready but for open points."
    tiles = [tile.text.split("\n")[:2] for tile in browser.find_elements(By.CSS_SELECTOR, ".tile")]
    assert [number for number, _one in tiles] == ["9", "3", "2", "2", "1", "1"]
    assert "Ready but for open points" in tiles[2][1]
    assert "Never started" in tiles[5][1]
    bars = texts(browser, ".bar-row")
    split = "1 ready, 1 ready but for open points, 2 not ready, 1 unreachable"
    assert any("cn-beijing" in strip and split in strip for strip in bars)
    assert any("Wave 3" in strip and "1 never started" in strip for strip in bars)
    assert not css(browser, "#check-mode").is_displayed()
    assert "verify_edge" in css(browser, "#runs").text
    assert "11 min 34 s" in css(browser, "#runs").text
    assert rows(browser) == WORST_FIRST


def test_open_points_are_told_and_filtered(show):
    browser = show(fleets.small(), link="node=bj-edge-10")
    panel = css(browser, "#node").text
    assert "Ready but for 1 open point" in panel
    assert "Open point" in panel
    assert "readiness, time_sync, inbound_ports, leased_line_routes, reachability" in panel
    css(browser, "#node-close").click()
    css(browser, ".tile.open-points").click()
    assert rows(browser) == ["bj-edge-10", "sz-edge-2"]
    css(browser, "#clear").click()
    choose(browser, "status", "open")
    assert rows(browser) == ["bj-edge-10", "sz-edge-2"]
    assert "Open point" in css(browser, ".cause.open").text


def test_a_host_in_work_when_the_run_was_stopped_is_not_ready(show):
    document, causes, handover = fleets.small()
    document["hosts"]["sz-edge-1"] |= {"state": "stopped", "message": 'the run was stopped at the task "Look"'}
    browser = show((document, causes, handover), link="node=sz-edge-1")
    assert "the run was stopped at the task" in css(browser, "#node").text
    assert "Not ready" in css(browser, "#node").text


def test_a_run_that_looked_at_part_calls_nobody_ready(show):
    document, causes, handover = fleets.small()
    for name in ("sz-edge-1", "sz-edge-2"):
        del document["hosts"][name]["modules"][fleets.GATE[-1]]
    browser = show((document, causes, handover), link="node=sz-edge-1")
    assert "not all was looked at: reachability." in css(browser, "#node").text
    css(browser, "#node-close").click()
    assert css(browser, "#verdict").text == "2 of 9 hosts ready to join, 1 ready but for open points."
    tile = css(browser, ".tile.not-judged")
    assert tile.text.split("\n")[0] == "2"
    assert any("1 ready, 1 never started, 2 not judged" in strip for strip in texts(browser, ".bar-row"))
    tile.click()
    assert rows(browser) == ["sz-edge-1", "sz-edge-2"]

    for record in document["hosts"].values():
        record |= {"state": "ok", "verdicts": [], "modules": {}}
    browser = show((document, [], ""))
    assert css(browser, "#verdict").text == (
        "9 hosts, not judged: nothing looked at, not readiness, time_sync, inbound_ports, leased_line_routes, "
        "reachability."
    )


def test_hosts_that_have_joined_are_counted_on_their_own(show):
    document, causes, handover = fleets.small()
    for name in ("sz-edge-1", "bj-edge-2"):
        document["hosts"][name]["verdicts"].append(
            fleets.verdict("host_state", data={"required": True, "state": "joined"}, module=fleets.GATE[0])
        )
    browser = show((document, causes, handover))
    assert css(browser, "#verdict").text == (
        "1 joined and healthy, 2 ready to join, 2 ready but for open points, 4 not ready."
    )


def test_says_plainly_that_nothing_was_changed(show):
    browser = show(fleets.small(check_mode=True), link="node=bj-edge-1")
    assert "Nothing was changed" in css(browser, "#check-mode").text
    assert "Would have been changed (check mode)" in css(browser, "#node").text


def test_says_that_a_run_was_killed(show):
    document, causes, handover = fleets.small()
    document["runs"][0] |= {"ended": None, "stopped": "No host of wave 2 completed"}
    browser = show((document, causes, handover))
    assert "was ended before it was done" in css(browser, "#runs").text
    assert "No host of wave 2 completed" in css(browser, "#runs").text


def test_empty_report_is_a_page_too(show):
    browser = show(({"runs": [], "hosts": {}}, [], ""))
    assert css(browser, "#verdict").text == "0 of 0 hosts ready to join."
    assert "No finding" in css(browser, "#cause-list").text
    assert not css(browser, "#handover").is_displayed()
    assert "No host matches" in css(browser, "#grid").text


@pytest.mark.parametrize(
    ("control", "value", "left"),
    [
        ("state", "unreachable", ["bj-edge-12"]),
        ("region", "cn-shenzhen", ["sz-edge-4", "sz-edge-2", "sz-edge-1", "sz-edge-3"]),
        ("site", "(none)", ["sz-edge-4"]),
        ("wave", "3", ["sz-edge-4"]),
        ("status", "warn", ["bj-edge-10", "sz-edge-3"]),
        ("status", "fail-optional", ["sz-edge-2"]),
    ],
)
def test_filters(show, control, value, left):
    browser = show(fleets.small())
    choose(browser, control, value)
    assert rows(browser) == left
    assert css(browser, "#shown").text == f"{len(left)} of 9 hosts"
    assert css(browser, "#shown").get_attribute("aria-live") == "polite"
    css(browser, "#clear").click()
    assert css(browser, "#shown").text == "All 9 hosts"


def test_counts_and_bars_filter_and_say_so(show):
    browser = show(fleets.small())
    tile = css(browser, ".tile.not-ready")
    tile.click()
    assert rows(browser) == ["bj-edge-2", "bj-edge-11"]
    assert tile.get_attribute("aria-pressed") == "true"
    tile.send_keys(Keys.ENTER)
    assert len(rows(browser)) == 9


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("edge-1", ["bj-edge-11", "bj-edge-12", "bj-edge-10", "bj-edge-1", "sz-edge-1"]),
        ("41.2 BEHIND", ["bj-edge-2"]),
        ("/dev/vda3", ["bj-edge-10", "sz-edge-3"]),
        ("gpu_driver", ["sz-edge-2"]),
        ("no route to host", ["bj-edge-12"]),
        ("sz-edge swap vda3", ["sz-edge-3"]),
        ("nowhere", []),
    ],
)
def test_searches_names_checks_and_summaries(show, words, left):
    browser = show(fleets.small())
    css(browser, "#q").send_keys(words)
    until(browser, lambda: rows(browser) == left)
    assert ("No host matches" in css(browser, "#grid").text) is (not left)


def test_search_with_a_status_looks_at_verdicts_of_that_status(show):
    browser = show(fleets.small(), link="status=fail&q=clock")
    assert rows(browser) == ["bj-edge-2"]


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("name", ["bj-edge-1", "bj-edge-2", "bj-edge-10", "bj-edge-11"]),
        ("state", WORST_FIRST[:4]),
        ("fails", ["bj-edge-2", "bj-edge-11", "bj-edge-1", "bj-edge-10"]),
        ("time", ["bj-edge-2", "bj-edge-1", "bj-edge-11", "sz-edge-1"]),
    ],
)
def test_sorts(show, order, first):
    browser = show(fleets.small())
    choose(browser, "sort", order)
    assert rows(browser)[:4] == first


def test_head_of_the_table_sorts_and_turns(show):
    browser = show(fleets.small())
    for turn, names in (("ascending", ["bj-edge-1", "bj-edge-2"]), ("descending", ["sz-edge-4", "sz-edge-3"])):
        css(browser, ".th.name").click()
        assert css(browser, ".th.name").get_attribute("aria-sort") == turn
        assert rows(browser)[:2] == names
    css(browser, ".th[title=swap]").click()
    assert rows(browser)[:2] == ["bj-edge-10", "sz-edge-3"]


def test_only_checks_with_findings(show):
    browser = show(fleets.small())
    css(browser, "#findings").click()
    shown = browser.execute_script("return [...document.querySelectorAll('.th.check')].map(e => e.textContent)")
    assert shown == ["clock", "swap", "container_registry_vpc", "ntp-2", "gpu_driver"]


def test_cause_has_its_nodes_once_and_leads_to_them(show):
    browser = show(fleets.small())
    card = css(browser, ".cause")
    assert "container_registry_vpc: no way to TCP 443" in card.text
    assert "ask the network team for a route" in card.text
    assert card.find_elements(By.CSS_SELECTOR, ".names li") == []
    card.find_element(By.CSS_SELECTOR, "summary").click()
    until(browser, lambda: texts(browser, ".cause:first-child .names li") == ["bj-edge-2", "bj-edge-11"])
    card.find_element(By.CSS_SELECTOR, ".cause-tools > button").click()
    assert rows(browser) == ["bj-edge-2", "bj-edge-11"]
    css(browser, ".chip").click()
    assert len(rows(browser)) == 9


@pytest.mark.parametrize("way", ["clipboard", "selection"])
def test_copies(show, way):
    browser = show(fleets.small())
    # What the browser would put on the clipboard is what the page tells it, by either way.
    browser.execute_script(
        """window.copied = [];
        const write = arguments[0] === 'clipboard' ? async (text) => { window.copied.push(text); }
            : async () => { throw new Error('not here'); };
        Object.defineProperty(navigator, 'clipboard', { value: { writeText: write } });
        document.addEventListener('copy', () => window.copied.push(document.activeElement.value));""",
        way,
    )
    css(browser, "#handover .copy").click()
    until(browser, lambda: browser.execute_script("return window.copied") == [fleets.HANDOVER])
    assert css(browser, "#handover .copy").text == "Copied"
    assert css(browser, "#said").get_attribute("textContent") == "Copied the text for the network team"
    css(browser, ".cause .command .copy").click()
    css(browser, ".cause-tools .copy").click()
    wanted = [fleets.HANDOVER, fleets.FAIL_REGISTRY["reproduce"], "bj-edge-2,bj-edge-11"]
    until(browser, lambda: browser.execute_script("return window.copied") == wanted)
    css(browser, "#grid-body .name").click()
    css(browser, "#node .command .copy").click()
    until(browser, lambda: browser.execute_script("return window.copied")[3:] == [fleets.FAIL_CLOCK["reproduce"]])


def test_dark_as_the_system_has_it_and_by_the_button(show):
    browser = show(fleets.small())
    media(browser, scheme="light")
    assert lightness(browser) > 200
    media(browser, scheme="dark")
    assert lightness(browser) < 60
    until(browser, lambda: css(browser, "#theme").text == "Light")
    css(browser, "#theme").click()
    assert lightness(browser) > 200
    browser.refresh()
    assert lightness(browser) > 200, "the choice is kept"


def test_keyboard_alone_is_enough(show):
    browser = show(fleets.small())
    cell = css(browser, "#grid-body [tabindex='0']")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#grid [tabindex='0']")) == 1, "one stop for the whole table"
    css(browser, "#clear").send_keys(Keys.TAB)
    assert active(browser) == "bj-edge-2: Not ready"
    keys = [Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_UP]
    for key in keys:
        browser.switch_to.active_element.send_keys(key)
    assert active(browser) == "os_support: Pass"
    browser.switch_to.active_element.send_keys(Keys.END)
    assert active(browser) == "gpu_driver: not looked at"
    browser.switch_to.active_element.send_keys(Keys.HOME, Keys.ENTER)
    assert css(browser, "#node").get_attribute("open")
    assert css(browser, "#node-title").text == "bj-edge-2"
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    until(browser, lambda: not css(browser, "#node").get_attribute("open"))
    assert active(browser) == "bj-edge-2: Not ready"
    assert cell.get_attribute("tabindex") == "0"
    browser.switch_to.active_element.send_keys(Keys.ARROW_UP, Keys.ENTER)
    assert rows(browser)[0] == "bj-edge-1", "the head sorts"


def test_keyboard_keeps_its_place_while_rows_come_and_go(show):
    browser = show(fleets.large(300, 40))
    css(browser, "#clear").send_keys(Keys.TAB)
    for key in [Keys.END, *[Keys.PAGE_DOWN] * 30]:
        browser.switch_to.active_element.send_keys(key)
    last = browser.execute_script("return document.activeElement.closest('[data-row]').dataset.row")
    assert last == "299"
    assert len(rows(browser)) < 60
    script = """const cell = document.activeElement.getBoundingClientRect(), box = document.getElementById('grid')
        .getBoundingClientRect(); return cell.bottom <= box.bottom + 1 && cell.right <= box.right + 1"""
    assert browser.execute_script(script)
    browser.execute_script("document.getElementById('grid').scrollTop = 0")
    until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "[data-row='0']"))
    assert browser.execute_script("return document.activeElement.closest('[data-row]').dataset.row") == "299"


def test_works_without_a_network_and_asks_for_nothing(show):
    browser = show(fleets.small())
    assert browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_looks_right(show, width, scheme):
    browser = show(fleets.small())
    narrow(browser, width)
    media(browser, scheme=scheme)
    assert no_scroll(browser)
    blocks = ["#verdict", "#tiles", "#bars", "#cause-list", "#handover .block", "#controls", "#grid", "#legend"]
    assert all(css(browser, block).is_displayed() for block in blocks)
    script = "return arguments[0].map(s => { const r = document.querySelector(s).getBoundingClientRect();"
    boxes = browser.execute_script(script + " return [r.left, r.top, r.right, r.bottom] })", blocks)
    for (_left, _top, _right, bottom), (_left, top, _right, _bottom) in itertools.pairwise(boxes):
        assert bottom <= top, "one below the other"
    assert all(left >= 0 and right <= width for left, _top, right, _bottom in boxes)
    assert [overlaps(browser, selector) for selector in (".tile", ".controls > *", ".cause-head > *")] == [[], [], []]
    assert contrast(browser) >= 4.5


def test_paper_has_every_cause_and_the_nodes_that_are_not_ready(show):
    browser = show(fleets.small())
    media(browser, scheme="dark")
    media(browser, kind="print")
    until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#print tbody tr"))
    for selector in ("#nodes", "nav", "#theme", ".copy", ".cause-tools"):
        assert not css(browser, selector).is_displayed()
    cells = [row.text for row in browser.find_elements(By.CSS_SELECTOR, "#print tbody tr")]
    names = ["bj-edge-2", "bj-edge-11", "bj-edge-12", "sz-edge-4", "bj-edge-10", "sz-edge-2"]
    assert [row.split()[0] for row in cells] == names
    assert "ntp-2" in cells[4]
    assert "container_registry_vpc" in cells[0]
    # On A4, state, region, site and wave are one line each.
    narrow(browser, 720)
    script = """return [...document.querySelectorAll('#print td:nth-child(n + 2):nth-child(-n + 5)')].map((cell) => {
      const range = document.createRange(); range.selectNodeContents(cell); return range.getClientRects().length })"""
    assert max(browser.execute_script(script)) == 1
    assert css(browser, ".names-print").text == "bj-edge-2, bj-edge-11"
    assert len(browser.find_elements(By.CSS_SELECTOR, ".cause")) == 6
    assert css(browser, "#handover-text").text == fleets.HANDOVER.strip()
    assert lightness(browser) == 255


def test_large_fleet_draws_only_what_is_seen(show):
    browser = show(fleets.large(2000, 60))
    assert css(browser, "#shown").text == "All 2,000 hosts"
    assert len(rows(browser)) < 80
    browser.execute_script("document.getElementById('grid').scrollTop = 1e9")
    until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "[data-row='1999']"))
    assert len(rows(browser)) < 80
    data = browser.execute_script("return document.getElementById('data').textContent")
    assert len(json.loads(data)["hosts"]) == 2000
