# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Chromium without a window and without a network, and pages in files for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_html import page
from helpers_browser import chromium
from selenium import webdriver


@pytest.fixture(scope="session")
def _driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if not shutil.which("chromedriver") or not shutil.which("chromium"):
        pytest.fail("Chromium and its driver are needed: tests/browser/tools.sh installs them")
    driver = chromium(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def browser(_driver: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser with nothing left from the test before; afterwards, nothing on its console may be an error."""
    # A click on what is still scrolling would miss.
    calm = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    _driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": calm})
    _driver.set_window_size(1440, 1000)
    _driver.get_log("browser")
    yield _driver
    _driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    wrong = [entry for entry in _driver.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}]
    _driver.get("about:blank")
    assert wrong == []


@pytest.fixture
def show(browser: webdriver.Chrome, tmp_path: Path) -> Callable[..., webdriver.Chrome]:
    """Write a report and open it from disk; ``link`` is what stands behind the # of its address."""

    def opened(report: tuple[Any, ...], link: str = "", clear: bool = True) -> webdriver.Chrome:
        path = tmp_path / "report.html"
        path.write_text(page(*report), encoding="utf-8")
        browser.get("about:blank")
        browser.get(path.as_uri() + (f"#{link}" if link else ""))
        if clear and browser.execute_script("return localStorage.length"):
            browser.execute_script("localStorage.clear()")
            browser.refresh()
        return browser

    return opened
