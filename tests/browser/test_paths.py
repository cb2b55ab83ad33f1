# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the paths, as somebody sees, hears, prints and uses it, in a real browser."""

from __future__ import annotations

from typing import Any

import helpers_fleets as fleets
import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import paths
from helpers_browser import active, contrast, css, media, narrow, no_scroll, overlaps, rows, texts, until
from helpers_paths import fleet, found
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from test_hostile_nodes import HOSTILE

SEEN = "return [...document.querySelectorAll('.picture')].filter((e) => e.getBoundingClientRect().width)"
# Texts that leave their picture, or their box, or lie over another text of it.
CUT = f"""{SEEN}.flatMap((picture) => {{
    const all = [...picture.querySelectorAll('text')], size = picture.viewBox.baseVal;
    const boxes = [...picture.querySelectorAll('rect')].map((box) => box.getBBox());
    const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    const inside = (a, b) => a.x >= b.x && a.x + a.width <= b.x + b.width && a.y >= b.y
        && a.y + a.height <= b.y + b.height;
    return all.filter((text) => {{
        const edge = text.getBBox();
        return edge.x < size.x || edge.x + edge.width > size.x + size.width
            || edge.y < 0 || edge.y + edge.height > size.height
            || boxes.some((box) => meet(edge, box) && !inside(edge, box))
            || all.some((other) => other !== text && meet(edge, other.getBBox()) && edge.height > 0
                && Math.abs(edge.y - other.getBBox().y) < 8);
    }}).map((text) => text.textContent);
}})"""


def spoken(browser: Chrome) -> list[str]:
    """Return what a screen reader says of the pictures that are seen."""
    return browser.execute_script(f"{SEEN}.map((picture) => picture.getAttribute('aria-label'))")


def test_each_site_has_a_picture_of_where_its_path_ends(show: Any) -> None:
    browser = show(fleet())
    assert spoken(browser) == [
        "Path of dc-hangzhou. Host, 20 hosts: 2 end here, 3 not checked. Next hop, 2 in use: 6 end here. "
        "Leased line: 2 end here. Service, 10 endpoints: 7 through.",
        "Path of idc-beijing-2. Host, 14 hosts: none ends here. Next hop, 10.20.0.253: none ends here. "
        "Leased line: 3 end here. Service, 10 endpoints: 1 ends here, 10 through.",
        "Path of office-shanghai. Host, 6 hosts: none ends here. Internet: none ends here. "
        "Service, 10 endpoints: 6 through.",
    ]  # fmt: skip
    # What goes on to the next stop.
    numbers = browser.execute_script(f"{SEEN}.map((e) => [...e.querySelectorAll('.number')].map((n) => n.textContent))")
    assert numbers == [["15", "9", "7"], ["14", "14", "11"], ["6", "6"]]
    lines = [line.text.replace("\n", " ") for line in css(browser, ".path").find_elements(By.CSS_SELECTOR, "li")]
    assert lines[0].startswith("\u2715 6 hosts end at the next hop 10.0.0.1: it does not answer; 10 endpoints")
    assert "For the network team" in lines[0]
    assert lines[-1] == "\u2013 3 hosts not checked: 2 unreachable, 1 not started"
    assert "All 6 hosts reach every service" in browser.find_elements(By.CSS_SELECTOR, ".path")[2].text


def test_an_end_leads_to_its_hosts_by_keyboard_and_link(show: Any) -> None:
    browser = show(fleet())
    button = css(browser, ".path:nth-child(2) .end-list button")
    button.send_keys(Keys.TAB)
    assert active(browser) == "Show in table: 1 host at the service"
    button.send_keys(Keys.ENTER)
    assert rows(browser) == ["idc-beijing-2-031", "idc-beijing-2-032", "idc-beijing-2-033"]
    assert css(browser, ".chip").text.startswith("Path of idc-beijing-2 ends on the leased line behind 10.20.0.253")
    other = show(fleet(), link=browser.current_url.split("#")[1])
    assert len(rows(other)) == 3
    css(other, ".chip").click()
    assert css(other, "#shown").text == "All 40 hosts"


@pytest.mark.parametrize("link", ["end=9.9", "end=x", "end=1", "end=1.-1", "end=constructor.1"])
def test_a_link_to_no_end_shows_all(show: Any, link: str) -> None:
    assert css(show(fleet(), link=link), "#shown").text == "All 40 hosts"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "kind"), [(1440, "across"), (390, "down")])
def test_looks_right(show: Any, width: int, kind: str, scheme: str) -> None:
    browser = show(fleet(times=20))
    narrow(browser, width)
    media(browser, scheme=scheme)
    assert no_scroll(browser)
    assert browser.execute_script(f"{SEEN}.map((picture) => picture.classList[1])") == [kind] * 3
    assert browser.execute_script(CUT) == []
    scale = f"{SEEN}.map((picture) => picture.getBoundingClientRect().width / picture.viewBox.baseVal.width)"
    assert min(browser.execute_script(scale)) > 0.8, "small letters are not read"
    assert [overlaps(browser, selector) for selector in (".path", ".path-head > *", ".end-list > li > *")] == [
        [],
        [],
        [],
    ]
    order = browser.execute_script("return [...document.querySelectorAll('main > section')].map((e) => e.id)")
    assert order.index("counts") < order.index("paths") < order.index("causes")
    assert contrast(browser) >= 4.5


def test_long_names_and_addresses_stay_in_their_boxes(show: Any) -> None:
    hop = "2001:db8:1234:5678:9abc:def0:1234:5678"
    items = [found(0, "route.next_hop", hop, leased=True), found(1, "", "255.255.255.254", leased=True)]
    items[1]["data"]["via"]["proxy"] = "proxy.a-long-name.example.test:3128"
    document = fleets.document({
        name: fleets.host([item | {"task": "look"}], site=f"{name[0]}-site-with-a-long-name" * 9, access_mode=mode)
        for name, item, mode in (("a1", items[0], "leased_line"), ("a2", items[1], "leased_line"),
                                 ("b1", items[0], "internet"), ("c1", items[1], "internet"),
                                 ("d1", items[0], "leased_line"))
    })  # fmt: skip
    browser = show((document, [], "", paths(document)))
    assert "Proxy" in spoken(browser)[0]
    for width in (1440, 390):
        narrow(browser, width)
        assert no_scroll(browser)
        assert browser.execute_script(CUT) == []


def test_paper_has_every_path_and_no_buttons(show: Any) -> None:
    document, *_rest = fleet()
    for number, record in enumerate(document["hosts"].values()):
        record["site"] = f"site-{number % 9}"
    browser = show((document, [], "", paths(document)))
    assert len(browser.find_elements(By.CSS_SELECTOR, ".path")) == 6
    media(browser, kind="print")
    until(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, ".path")) > 8)
    narrow(browser, 690)
    assert css(browser, ".path .across").is_displayed()
    assert not css(browser, ".end-list button").is_displayed()


def test_without_a_look_at_paths_there_is_no_picture(show: Any) -> None:
    browser = show(fleets.small())
    assert not css(browser, "#paths").is_displayed()
    assert not css(browser, "[data-jump='paths']").is_displayed()


@pytest.mark.parametrize("width", [1440, 390])
def test_hostile_texts_stay_texts(show: Any, width: int) -> None:
    hosts = {}
    for text in HOSTILE.values():
        item = found(0, "route.next_hop", text, leased=True) | {"task": "look", "check": text}
        places = dict.fromkeys(("region", "site", "access_mode"), text)
        hosts[text] = fleets.host([item], **places, state="failed")
    document = fleets.document(hosts)
    browser = show((document, [], "", paths(document)))
    narrow(browser, width)
    assert no_scroll(browser)
    assert len(spoken(browser)) == 6
    media(browser, kind="print")
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert browser.execute_script("return window.owned") is None
    assert len(texts(browser, ".path h3")) == len(HOSTILE)
    kinds = "return [...new Set([...document.querySelectorAll('.path *')].map((e) => e.localName))].sort()"
    assert browser.execute_script(kinds) == [
        "b", "button", "div", "h3", "li", "line", "p", "path", "rect", "span", "svg", "text", "ul",
    ]  # fmt: skip
    drawn = browser.execute_script("return document.getElementById('paths').textContent")
    assert not set(drawn) & set("\x00\x07\x08\x1b\x9b\u202e\u202c\u2066\u200b\ufeff\u2028")
