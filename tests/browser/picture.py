# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take the picture of the report page that README.md shows: make picture.

The page is the real one, opened in the browser of the tests; its fleet is the invented one that these tests use, too.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

import helpers_fleets as fleets
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_html import page
from helpers_browser import chromium

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "fleet_report.png"
WIDTH, HEIGHT = 1280, 860


def taken(profile: Path) -> bytes:
    """Return the upper part of the page as PNG.

    :arg profile: an empty directory for the browser and the page.
    """
    report = profile / "report.html"
    report.write_text(page(*fleets.small()), encoding="utf-8")
    browser = chromium(profile / "browser")
    try:
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        light = [{"name": "prefers-color-scheme", "value": "light"}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": light})
        browser.get(report.as_uri())
        return base64.b64decode(browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])
    finally:
        browser.quit()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    with tempfile.TemporaryDirectory() as scratch:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(taken(Path(scratch)))
    print(f"wrote {target}")
