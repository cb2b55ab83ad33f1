# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences that people read use one word for one thing: these words have been retired.

Read are the pages of docs/, the changelog fragments, all of playbooks/ and roles/, and in plugins/ the texts of Python
files: documentation and messages, not comments and docstrings. Ids, options and names of results are code in them (`x`,
C(x), O(x), V(x)).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What is not used, and what is used in its place.
RETIRED = {
    # The machine id is systemd's, a virtual machine is one, and a column of a sheet may have that header.
    r"(?<!virtual )(?<!server name, )machines?\b(?![- _]ids?\b)": "host (inventory), node (cluster), computer",
    r"mend(s|ed|ing)?\b": "fix",
    r"put right\b": "fix",
    r"(take|takes|taken|taking|took) (it |them )?back\b": "roll back (a change that is not confirmed), undo (a reset)",
    r"ways? back\b": "return path (of packets), rollback (of a change)",
    r"walk(s|ed|ing)? the way\b": "check the path",
    r"let(s|ting)? in\b": "allow",
    r"passed over\b": "skipped",
    r"looked at whole\b": "checked completely",
    r"(?<!there )is no (cluster version|header|name for|option|report|text|whole|YAML|JSON|CA)\b": "is not ...",
    r"(hosts?|nodes?) (\w+ ){0,3}lost\b": "failed or unreachable",
    r"lost (too many |a |the )?(hosts?|nodes?)\b|lost as a whole\b": "failed or unreachable",
    r"(by|of) somebody else\b": "another route, another tool, managed by ...",
    r"kept (live|alive)\b": "active",
    r"on the way\b": "on the path",
    r"cannot be told\b": "is unknown",
    r"(after|at) a restart\b|restart(s|ed|ing)?( of)? the node\b|node (is|was) restarted\b": "reboot (of a node)",
    r"brought about\b": "applied",
}
PATTERNS = {
    re.compile(r"\b" + words if words[0] != "(" else words, re.IGNORECASE): use for words, use in RETIRED.items()
}

_CODE = re.compile(r"``.*?``|`[^`]*`|\b[COVMPER]V?\((?:[^()]|\([^()]*\))*\)|\{\{.*?\}\}")
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def read() -> Iterator[tuple[str, str]]:
    """Yield (place, text) of everything that people read."""
    for folder, pattern in (
        ("docs", "*.md"),
        ("changelogs/fragments", "*.yml"),
        ("roles", "*.md"),
        ("roles", "*.yml"),
        ("playbooks", "*.yml"),
        ("plugins", "*.py"),
        ("plugins", "*.yml"),
    ):
        for path in sorted((ROOT / folder).rglob(pattern)):
            yield str(path.relative_to(ROOT)), texts(path.read_text(encoding="utf-8"), path.suffix)


def texts(source: str, suffix: str) -> str:
    """Return the sentences of a file."""
    if suffix == ".md":
        return _FENCED.sub("", source)
    return source if suffix != ".py" else "\n".join(_strings(ast.parse(source)))


def _strings(tree: ast.Module) -> Iterator[str]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        # A text without a space is a name and no sentence.
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and id(node) not in docstrings
        ):
            yield node.value


def retired(text: str) -> list[str]:
    """Return what of a text is retired, each with what is used in its place."""
    plain = " ".join(_CODE.sub(" ", text).split())
    return [
        f"{plain[max(found.start() - 40, 0) : found.end() + 20]!r}: use {use}"
        for pattern, use in PATTERNS.items()
        for found in pattern.finditer(plain)
    ]


def test_retired_words_are_not_used() -> None:
    found = [f"{place}: {what}" for place, text in read() for what in retired(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "Give each machine a name",
        "Machines of the site",
        "it is mended alone",
        "the node takes it back",
        "there is no way\nback",
        "Walk the way to every endpoint",
        "a package is passed over",
        "a.yml is no YAML",
        "too many hosts were lost",
        "the run has lost too many hosts",
        "is routed by somebody else",
        "which is told to let in",
    ],
)
def test_a_retired_word_is_found(text: str) -> None:
    assert len(retired(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a machine id or machine-id",
        "in a virtual machine",
        "`mend` and C(take back)",
        "``machine`` and ``mend``",
        "there is no report",
        "recommend",
        "a lost packet",
        "outlet in",
    ],
)
def test_other_words_are_not_found(text: str) -> None:
    assert retired(text) == []


def test_texts_of_code_are_its_messages() -> None:
    source = (
        '"""Machine."""\n# machine\nNAME = "machine"\ndef f():\n    """Machine."""\n    raise X(f"the machine {x}")\n'
    )
    assert texts(source, ".py") == "the machine "
