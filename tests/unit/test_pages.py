# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages in two languages say the same, and every page is found from the table of contents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.registry import CHECKS
from fakes.requirements import REGIONS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"\s+#.*$", re.MULTILINE)
_TARGET = re.compile(r"\]\(([^()\s#]+)")


def shape(page: Path) -> list[str]:
    """Return what a page is made of, without its sentences: headings by level, rows of tables, pictures, code."""
    text = page.read_text(encoding="utf-8")
    blocks = iter(_BLOCK.findall(text))
    found = []
    for line in _BLOCK.sub("```", text).splitlines():
        if line == "```":
            language, code = next(blocks)
            found.append(f"{language}: {_COMMENT.sub('', code)}")
        elif line.startswith("#"):
            found.append(line.partition(" ")[0])
        elif line.startswith("|"):
            found.append(f"row of {line.count('|')}")
        elif line.startswith("!["):
            found.append(line[line.index("](") :])
    return found


def blocks(page: Path) -> set[str]:
    return {_COMMENT.sub("", code) for _language, code in _BLOCK.findall(page.read_text(encoding="utf-8"))}


def test_both_readmes_have_the_same_structure() -> None:
    english, chinese = shape(ROOT / "README.md"), shape(ROOT / "README.zh-CN.md")
    assert "##" in english
    assert chinese == english


def test_both_readmes_lead_to_the_same_pages() -> None:
    def named(name: str) -> set[str]:
        targets = _TARGET.findall((ROOT / name).read_text(encoding="utf-8"))
        return {target.replace("docs/zh/", "docs/") for target in targets} - {"README.md", "README.zh-CN.md"}

    # What the hosts get changed is a part of another page in Chinese.
    assert named("README.md") - named("README.zh-CN.md") == {"docs/changes.md"}
    assert named("README.zh-CN.md") <= named("README.md")


@pytest.mark.parametrize(("page", "words"), [("README.md", "regions"), ("README.zh-CN.md", "个地域")])
def test_the_readmes_count_the_regions(page: str, words: str) -> None:
    named = re.findall(rf"(\d+) {words}", (ROOT / page).read_text(encoding="utf-8"))
    assert named == [str(len(REGIONS))]


def test_the_readme_is_on_one_screen() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 90


def test_the_chinese_page_of_the_first_run_has_every_block() -> None:
    assert blocks(DOCS / "first_run.md") <= blocks(DOCS / "zh" / "first_run.md")


def test_the_chinese_page_names_every_problem_and_every_check() -> None:
    english = (DOCS / "what_it_tells_you.md").read_text()
    problems = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`, (?:fail|unproven)", english))
    chinese = (DOCS / "zh" / "what_it_tells_you.md").read_text()
    assert len(problems) > 40
    missing = [name for name in sorted(problems) + [check.ID for check in CHECKS] if f"`{name}`" not in chinese]
    assert missing == [], "add a row to docs/zh/what_it_tells_you.md; who does not write Chinese writes English"


def test_every_check_is_on_the_page_of_checks() -> None:
    page = (DOCS / "readiness_checks.md").read_text()
    assert [check.ID for check in CHECKS if f"| `{check.ID}` |" not in page] == []


@pytest.mark.parametrize("contents", ["index.md", "zh/index.md"])
def test_every_page_is_in_the_table_of_contents(contents: str) -> None:
    page = DOCS / contents
    named = {target for target in _TARGET.findall(page.read_text()) if target.endswith(".md")}
    beside = {str(other.relative_to(page.parent)) for other in page.parent.glob("*.md")} - {"index.md"}
    assert beside - named == set()


def test_every_playbook_is_described() -> None:
    page = (DOCS / "playbooks.md").read_text()
    playbooks = sorted(path.name for path in (ROOT / "playbooks").glob("*.yml"))
    assert playbooks
    assert [name for name in playbooks if f"\n## {name}\n" not in page] == []
