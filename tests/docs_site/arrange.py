# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrange the sources of the documentation site: arrange.py FOLDER.

Pages lie as in the checkout, so that their links hold. The start page is docs/index.md with a menu made of its lists.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("*.md", "docs/**/*.md", "docs/*.json", "docs/*.yml", "docs/images/*", "roles/*/README.md")
# What pages link to and Sphinx cannot show is a file to download.
FILES = ("LICENSE", "vars/*.yml", ".github/workflows/*.yml")
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_ITEM = re.compile(r"^\* \[([^\]]+)\]\(([^)#]+)\.md\)", re.MULTILINE)


def arrange(folder: Path) -> None:
    """Write the sources into an empty folder."""
    for pattern in (*PAGES, *FILES):
        for path in ROOT.glob(pattern):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "tests" / "docs_site" / "conf.py", folder / "conf.py")
    contents = ROOT / "docs" / "index.md"
    (folder / "index.md").write_text(start_page(contents.read_text(encoding="utf-8")), encoding="utf-8")
    # One start page is enough; what links to the other one gets here.
    (folder / "docs" / "index.md").write_text("# Documentation\n\n[Start page](../index.md)\n", encoding="utf-8")


def start_page(contents: str) -> str:
    """Return docs/index.md as the start page: links from one folder higher, and a hidden menu for each section."""
    parts = _SECTION.split(contents)
    page = re.sub(r"\]\((?!https?:|\.\./)", "](docs/", contents)
    page = page.replace("](../", "](")
    menus = [
        menu(name, [f"docs/{target}" for _title, target in _ITEM.findall(text)])
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    ]
    roles = sorted(f"roles/{path.parent.name}/README" for path in ROOT.glob("roles/*/README.md"))
    chinese = ["docs/zh/index", *(f"docs/zh/{target}" for _title, target in _ITEM.findall(_chinese()))]
    menus += [menu("Modules, plug-ins, roles", ["reference/index", *roles]), menu("中文", chinese)]
    project = ["README", "README.zh-CN", "CONTRIBUTING", "SECURITY", "MAINTAINERS", "CODE_OF_CONDUCT", "CHANGELOG"]
    return "\n".join([page, *menus, menu("Repository", project)])


def menu(caption: str, targets: list[str]) -> str:
    """Return one section of the menu."""
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *targets, "```", ""])


def _chinese() -> str:
    return (ROOT / "docs" / "zh" / "index.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    arrange(Path(sys.argv[1]))
