# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the fleet report in Chinese, in a real browser: nothing that the page itself says is left in English."""

from __future__ import annotations

import re

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import CHINESE
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.handover import handover
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.language import messages
from helpers_browser import css, narrow, no_scroll
from helpers_paths import fleet

# Of what hosts say nothing is a label: their names, sentences and commands, regions and sites.
LABELS = (
    "h1, h2:not(#node-title), nav a, label, .tile > span:not(.big), button:not(.name, .bar-row), .th.name, .badge, "
    ".note, dt"
)
WORDS = """
const own = (element) => [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data);
return [...document.querySelectorAll(arguments[0])].map((element) => own(element).join("").trim());
"""


def test_the_page_in_chinese(show):
    document, causes, _handover, paths = fleet()
    words = messages(CHINESE)
    browser = show((document, causes, handover(document, causes, words), paths, words))
    assert browser.execute_script("return document.documentElement.lang") == "zh-CN"
    assert re.fullmatch("40 台主机中有 [0-9]+ 台可以加入集群。", css(browser, "#verdict").text)
    cause = css(browser, ".cause")
    assert cause.find_element("css selector", ".advice").text in words.remedies.values()
    cause.find_element("css selector", ".nodes-of summary").click()
    cause.find_element("css selector", "button.name").click()
    said = [text for text in browser.execute_script(WORDS, LABELS) if re.search(r"\w", text)]
    assert len(said) > 60
    assert [text for text in said if not re.search("[\u4e00-\u9fff]", text)] == []
    assert [text for text in said if re.search(r"[{}]", text)] == []
    css(browser, "#node-close").click()
    narrow(browser, 400)
    assert no_scroll(browser)
