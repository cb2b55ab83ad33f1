# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The start page of the site leads to every page, and its links hold from one folder higher."""

from __future__ import annotations

import re
from pathlib import Path

from docs_site import arrange


def test_every_page_is_in_the_menu_once(tmp_path: Path) -> None:
    arrange.arrange(tmp_path)
    start = (tmp_path / "index.md").read_text()
    menus = re.findall(r"```\{toctree\}\n:hidden:\n:caption: .+\n\n((?:.+\n)+)```", start)
    entries = [entry for menu in menus for entry in menu.splitlines()]
    pages = {str(page.relative_to(tmp_path))[: -len(".md")] for page in tmp_path.rglob("*.md")}
    assert sorted(entries) == sorted({*pages, "reference/index"} - {"index", "docs/index"})


def test_links_hold_one_folder_higher(tmp_path: Path) -> None:
    arrange.arrange(tmp_path)
    targets = re.findall(r"\]\(([^)#]+)", (tmp_path / "index.md").read_text())
    assert "docs/first_run.md" in targets
    assert [target for target in targets if not (tmp_path / target).exists()] == []


def test_a_start_page() -> None:
    contents = "# A\n\nSee [x](x.md), [y](../y.md), [z](https://example.org).\n\n## B\n\n* [One](one.md): first\n"
    made = arrange.start_page(contents)
    assert made.startswith("# A\n\nSee [x](docs/x.md), [y](y.md), [z](https://example.org).\n")
    assert ":caption: B\n\ndocs/one\n```" in made
