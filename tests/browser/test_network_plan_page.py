# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a network plan in a real browser, from disk: readable on a phone, on a desk, in the dark and on paper."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import LANGUAGES
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan import plans
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import load
from helpers_browser import lightness, media, narrow
from selenium import webdriver

SITE = {
    "name": "idc-bj " + "x" * 50,
    "region": "cn-beijing",
    "vpc_cidrs": "192.168.0.0/16 172.16.0.0/16 2001:db8:1::/56",
    "node_cidrs": ["10.20.0.0/16", "10.21.0.0/16", "2001:db8:1234:5678::/64"],
    "addons": "logging",
}


@pytest.fixture(params=LANGUAGES)
def shown(request: pytest.FixtureRequest, browser: webdriver.Chrome, tmp_path: Path) -> webdriver.Chrome:
    path = tmp_path / "plan.html"
    path.write_text(BY_NAME["html"].text(plans.make(load(), [SITE])[0], request.param), encoding="utf-8")
    browser.get(path.as_uri())
    return browser


@pytest.mark.parametrize(("width", "picture"), [(390, "down"), (1440, "across")])
def test_nothing_is_wider_than_the_page(shown: webdriver.Chrome, width: int, picture: str) -> None:
    narrow(shown, width)
    script = "const e = document.documentElement; return [e.scrollWidth, e.clientWidth]"
    whole, seen = shown.execute_script(script)
    assert whole <= seen == width
    visible = """return [...document.querySelectorAll('svg')].filter(e => e.getBoundingClientRect().width)
        .map(e => e.classList[1])"""
    assert shown.execute_script(visible) == [picture]
    # A text of the picture that is wider than its box would run into the next one.
    wide = """return [...document.querySelectorAll(`svg.${arguments[0]} rect.hop`)].filter((box) => {
        const edge = box.getBBox(), texts = [box.nextElementSibling, box.nextElementSibling.nextElementSibling];
        return texts.some((text) => text.getBBox().width > edge.width); }).length"""
    assert shown.execute_script(wide, picture) == 0
    cut = """return [...document.querySelectorAll(`svg.${arguments[0]} text`)].filter((text) => {
        const edge = text.getBBox(), seen = text.ownerSVGElement.viewBox.baseVal;
        return edge.x < 0 || edge.x + edge.width > seen.width; }).map((text) => text.textContent)"""
    assert shown.execute_script(cut, picture) == []
    # A table can be scrolled sideways, where its rows stand side by side; on a phone they stand below each other.
    cells = """return [...document.querySelectorAll('td')].filter((cell) => cell.scrollWidth > cell.clientWidth)
        .map((cell) => cell.textContent)"""
    assert shown.execute_script(cells) == []


def test_open_items_come_first_and_the_links_lead_somewhere(shown: webdriver.Chrome) -> None:
    first = shown.execute_script("return document.querySelector('main > section').id")
    assert first == "open_items"
    lost = (
        "return [...document.querySelectorAll('a')].filter(e => !document.querySelector(e.getAttribute('href'))).length"
    )
    assert shown.execute_script(lost) == 0


def test_light_dark_and_paper(shown: webdriver.Chrome) -> None:
    media(shown, scheme="light")
    assert lightness(shown) > 200
    media(shown, scheme="dark")
    assert lightness(shown) < 60
    pages = base64.b64decode(
        shown.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.7})["data"]
    )
    assert 2 <= pages.count(b"/Type /Page\n") <= 12
