#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times the page of the fleet report: how large it is, how long it takes to make, and to open in Chromium from disk.

tests/benchmarks/fleet_page.py [--nodes 2000] [--checks 60] [--repeat 5]

Opened means: from the start of the navigation until the first rows of the table have been drawn in a frame, as the page
marks it itself. ``alike`` is a fleet as they are, where one verdict in four has a value of its own; ``unlike`` is the
worst there can be, where no two nodes say anything in the same words. Made is CPU time, with the paths. CPU is that of
the page's own thread while it opens. The last column is the time of a search.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".collections"), str(ROOT / "tests" / "browser")]

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_html import page  # noqa: E402
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import paths  # noqa: E402
from helpers_browser import chromium  # noqa: E402
from helpers_fleets import large  # noqa: E402
from selenium.webdriver import Chrome  # noqa: E402

DRAWN = """const done = arguments[0], ask = () => { const [mark] = performance.getEntriesByName('drawn');
    if (mark) done(mark.startTime); else setTimeout(ask, 5); }; ask();"""
SEARCHED = """const from = performance.now(); location.hash = 'status=fail&q=100.103.9.73 published';
    addEventListener('hashchange', () => requestAnimationFrame(() => setTimeout(() =>
        arguments[0](performance.now() - from))), { once: true });"""


def cpu(driver: Chrome) -> float:
    """Return the seconds of CPU that the page's own thread has used: others may load the machine."""
    driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return next(item["value"] for item in metrics if item["name"] == "TaskDuration")


def measured(nodes: int, checks: int, alike: bool, repeat: int, directory: Path) -> str:
    """Return the row of one fleet."""
    report = large(nodes, checks, alike)
    start = time.process_time()
    text = page(*report, paths(report[0]))
    made = time.process_time() - start
    path = directory / "report.html"
    path.write_text(text, encoding="utf-8")
    opened, computed, searched = [], [], []
    driver = chromium(directory / "profile")
    try:
        for _turn in range(repeat):
            driver.get("about:blank")
            before = cpu(driver)
            driver.get(path.as_uri())
            opened.append(driver.execute_async_script(DRAWN) / 1000)
            computed.append(cpu(driver) - before)
            searched.append(driver.execute_async_script(SEARCHED) / 1000)
    finally:
        driver.quit()
    size, document = len(text.encode()) / 1e6, len(json.dumps(report[0])) / 1e6
    figures = f"{document:8.1f} {size:8.1f} {made:8.2f} {statistics.median(opened):8.2f} {max(opened):8.2f}"
    return f"{figures} {statistics.median(computed):8.2f} {statistics.median(searched):8.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=2000)
    parser.add_argument("--checks", type=int, default=60)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    print(f"{options.nodes} nodes, {options.checks} checks, {options.repeat} times")
    columns = ("", "JSON MB", "page MB", "made s", "opened s", "worst s", "CPU s", "search s")
    print(" ".join(f"{column:>8}" for column in columns))
    for name, alike in (("alike", True), ("unlike", False)):
        with tempfile.TemporaryDirectory() as directory:
            row = measured(options.nodes, options.checks, alike, options.repeat, Path(directory))
        print(f"{name:8} {row}")


if __name__ == "__main__":
    main()
