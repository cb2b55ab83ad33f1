# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plug-in's documentation is made of exists; ansible-doc shows nothing of a plug-in where a part is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

PLUGINS = Path(__file__).parents[4] / "plugins"
PREFIX = "ack_edge.node."
DOCUMENTED = sorted(
    path
    for kind in ("modules", "lookup", "inventory", "callback")
    for path in (PLUGINS / kind).glob("*.py")
    if "\nDOCUMENTATION = " in path.read_text()
)


def fragments() -> Iterator[str]:
    """Yield the names by which fragments are extended."""
    for path in (PLUGINS / "doc_fragments").glob("*.py"):
        classes = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]
        for statement in (statement for part in classes for statement in part.body):
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                part = statement.targets[0].id
                yield PREFIX + path.stem + ("" if part == "DOCUMENTATION" else f".{part.lower()}")


@pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_fragments_exist(path: Path) -> None:
    text = path.read_text().split('\nDOCUMENTATION = r"""\n')[1].split('"""')[0]
    extended = yaml.safe_load(text).get("extends_documentation_fragment", [])
    ours = [name for name in extended if name.startswith(PREFIX)]
    assert set(ours) <= set(fragments())
