# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Chromium, headless and cut off from every network, and what tests ask of a page in it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # containers and root have none
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    # No name and no address leads anywhere, so that a page which fetches something shows it.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def chromium(profile: Path) -> webdriver.Chrome:
    """Return a browser with an empty profile in that directory."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver") or "")
    return webdriver.Chrome(options=options, service=service)


def css(browser: Chrome, selector: str) -> Any:
    return browser.find_element(By.CSS_SELECTOR, selector)


def texts(browser: Chrome, selector: str) -> list[str]:
    """Return the texts of all elements, in the order in which they are on the screen."""
    script = """return [...document.querySelectorAll(arguments[0])]
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map(e => e.textContent)"""
    return browser.execute_script(script, selector)


def rows(browser: Chrome) -> list[str]:
    return texts(browser, "#grid-body .host")


def until(browser: Chrome, condition: Any) -> Any:
    return WebDriverWait(browser, 5, poll_frequency=0.02).until(lambda _: condition())


def choose(browser: Chrome, control: str, value: str) -> None:
    Select(css(browser, f"#{control}")).select_by_value(value)


def media(browser: Chrome, kind: str = "", scheme: str = "") -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}] if scheme else []
    features.append({"name": "prefers-reduced-motion", "value": "reduce"})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": kind, "features": features})


def lightness(browser: Chrome) -> int:
    """Return how light the page is, 0 to 255."""
    script = """const pixel = new OffscreenCanvas(1, 1).getContext('2d');
        pixel.fillStyle = getComputedStyle(document.body).backgroundColor; pixel.fillRect(0, 0, 1, 1);
        return pixel.getImageData(0, 0, 1, 1).data[1]"""
    return browser.execute_script(script)


def active(browser: Chrome) -> str:
    return browser.execute_script("return document.activeElement.getAttribute('aria-label') || ''")


def narrow(browser: Chrome, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def no_scroll(browser: Chrome) -> bool:
    script = "const e = document.documentElement; return [e.scrollWidth, e.clientWidth]"
    whole, seen = browser.execute_script(script)
    panel = browser.execute_script("const e = document.getElementById('node'); return e.scrollWidth <= e.clientWidth")
    return whole <= seen and panel


def overlaps(browser: Chrome, selector: str) -> list[str]:
    script = """const all = [...document.querySelectorAll(arguments[0])].filter(e => e.offsetWidth), found = [];
        all.forEach((a, i) => all.slice(i + 1).forEach(b => { const p = a.getBoundingClientRect(),
            q = b.getBoundingClientRect(); if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1
            && q.top < p.bottom - 1) found.push(a.textContent + ' / ' + b.textContent); }));
        return found"""
    return browser.execute_script(script, selector)


def contrast(browser: Chrome) -> float:
    """Return the least contrast of a text to what is behind it, as WCAG counts it, among signs and words of state."""
    script = """const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        const luminance = (...colours) => {
            for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
            const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => v / 255)
                .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const behind = (e) => e ? [...behind(e.parentElement), getComputedStyle(e).backgroundColor] : [];
        const seen = document.querySelectorAll('.badge, .faint, .text, .tile span, .totals, #runs span, .th, .time, a, '
            + 'button, label, .head p, .cell.fail, .cell.warn, .cell.unproven, .cell.fail-optional, .cell.pass, '
            + '.picture text, .end-list *');
        return Math.min(...[...seen].filter((e) => e.getBoundingClientRect().width && !e.closest('.zero')).map((e) => {
            const below = luminance(...behind(e)), above = luminance(...behind(e), getComputedStyle(e).color);
            return (Math.max(above, below) + 0.05) / (Math.min(above, below) + 0.05); }))"""
    return browser.execute_script(script)
