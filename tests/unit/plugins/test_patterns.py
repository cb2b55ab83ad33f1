# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No regular expression ends in ``$``, which lets a line end pass behind what it validates."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[3] / "plugins"
FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
# A character class, an escaped character, or the anchor.
_TOKEN = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|(\$)", re.DOTALL)


def has_anchor(pattern: str) -> bool:
    return any(match.group(1) for match in _TOKEN.finditer(pattern))


def patterns(source: str):
    """Yield (line, pattern) of the first argument of every call of re that does not work line by line."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args):
            continue
        if "MULTILINE" in ast.unparse(node) or "re.M" in ast.unparse(node):
            continue
        for part in ast.walk(node.args[0]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.lineno, part.value


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('re.compile(r"^a$")', True),
        ('re.match(r"^(a|b$)", x)', True),
        ('re.compile(f"{A}(?=.{{1,3}}$)")', True),
        ('re.compile("a" "b$" % x)', True),
        ('re.compile(r"^a\\Z")', False),
        ('re.compile(r"[$a]\\$")', False),
        ('re.compile(r"^a$", re.MULTILINE)', False),
    ],
)
def test_the_search_itself(source, found):
    assert any(has_anchor(pattern) for _line, pattern in patterns(source)) is found


def test_no_pattern_lets_a_line_end_pass():
    files = sorted(PLUGINS.rglob("*.py"))
    assert len(files) > 100
    assert [
        f"{path.relative_to(PLUGINS)}:{line}: {pattern}"
        for path in files
        for line, pattern in patterns(path.read_text())
        if has_anchor(pattern)
    ] == []
