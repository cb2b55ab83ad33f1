# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes that put markup, commands of terminals and endless texts into what they say: nothing runs, all is shown."""

from __future__ import annotations

from typing import Any

import helpers_fleets as fleets
import pytest
from helpers_browser import css, media, narrow, no_scroll, until

HOSTILE = {
    "script": "<script>window.owned=1;alert(1)</script>",
    "end": "</script><script>window.owned=1</script><!--",
    "image": "<img src=x onerror=\"window.owned=1\"><svg onload='window.owned=1'>",
    "link": "javascript:window.owned=1",
    "placeholder": "{{ script }}{{ data }}",
    "entity": "&lt;b&gt;&amp;&#60;",
    "template": "${window.owned=1}`'\"\\u003cscript\\u003e",
    "ansi": "\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2J\b\x00\x9b31m",
    "bidi": "abc\u202egnp.exe\u202c\u2066x\u200b\ufeff",
    "unicode": "\u8fb9\u7f18\u8282\u70b9\U0001f600\u0301e\u0300" * 700,
    "zalgo": "a" + "\u0301\u0316" * 2500,
    "lines": "one\r\ntwo\u2028three\u2029four\tfive",
    "half": "\udce9\ud800",
    "proto": "__proto__",
}


def hostile() -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """Return a fleet where every text of every node is one of the hostile texts."""
    hosts, causes = {}, []
    for text in HOSTILE.values():
        bad = dict.fromkeys(("check", "summary", "remedy", "reproduce", "task"), text)
        places = dict.fromkeys(("region", "site", "address", "message", "failed_task", "access_mode"), text)
        history = [{"run": text, "state": text, "failed_task": text, "message": text, "ended": text}]
        verdicts = [fleets.verdict(**bad, status="fail"), fleets.verdict(**bad, status="pass")]
        hosts[text] = fleets.host(verdicts, **places, state="failed", changed=[text], history=history)
        causes.append(fleets.cause("fail", bad, [text], title=text))
    document = fleets.document(hosts)
    texts = dict.fromkeys(("id", "playbook", "started", "ended", "stopped"), HOSTILE["end"])
    document["runs"].append(texts | {"check_mode": False})
    return document, causes, "\n".join(HOSTILE.values())


@pytest.mark.parametrize("width", [1440, 390])
def test_hostile_texts_are_texts(show, width):
    browser = show(hostile())
    narrow(browser, width)
    browser.execute_script("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    for index in range(len(HOSTILE)):
        browser.execute_script("document.querySelectorAll('#grid-body .name')[arguments[0]].click()", index)
        assert no_scroll(browser)
        browser.execute_script("document.getElementById('node').close()")
    media(browser, kind="print")
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert browser.execute_script("return window.owned") is None
    assert browser.execute_script("return document.scripts.length") == 2
    assert browser.execute_script("return document.querySelectorAll('img, svg, b script, iframe').length") == 0
    drawn = browser.execute_script("return document.body.innerText")
    assert "\x1b" not in drawn
    assert not set(drawn) & set("\x00\x07\x08\x9b\u202e\u202c\u2066\u200b\ufeff\u2028")
    for name in ("script", "end", "image", "link", "placeholder", "entity"):
        assert HOSTILE[name] in drawn


def test_hostile_texts_are_shown_as_signs_and_long_ones_on_demand(show):
    browser = show(hostile())
    headings = browser.execute_script("return [...document.querySelectorAll('.cause h3')].map(e => e.textContent)")
    shown = "red \u241b]0;title\u2407\u241b[2J\u2408\u2400\u27e8U+009B\u27e931m"
    assert any(text.startswith(shown) for text in headings)
    assert any("abc\u27e8U+202E\u27e9gnp.exe\u27e8U+202C\u27e9" in text for text in headings)
    browser.execute_script("location.hash = 'node=' + encodeURIComponent(arguments[0])", HOSTILE["unicode"])
    until(browser, lambda: css(browser, "#node").get_attribute("open"))
    css(browser, "#node-title .more").click()
    assert css(browser, "#node-title").get_attribute("textContent") == HOSTILE["unicode"]


def test_policy_stops_what_the_page_never_does(show, browser):
    """The last line: even a text that had become markup would not run, and nothing can be fetched."""
    show(fleets.small())
    blocked = browser.execute_async_script(
        """const done = arguments[0], seen = [];
        document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
        try { document.body.innerHTML = '<b>x</b>'; } catch { seen.push('innerHTML'); }
        fetch('http://127.0.0.1:9/').catch(() => setTimeout(() => done(seen), 50));"""
    )
    browser.get_log("browser")  # these are wanted
    assert {"innerHTML", "connect-src"} <= set(blocked)
