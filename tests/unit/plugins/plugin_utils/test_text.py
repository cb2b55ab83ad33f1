# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long texts of others are read to their end: a pattern that goes back for each sign would take hours here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv import columns
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cell

MANY = 1_000_000


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (_inputs.items, "[" + "," * MANY, ["["]),
        (_inputs.items, "[" + "a," * MANY, ["[a", *["a"] * (MANY - 1)]),
        (_inputs.items, " " * MANY + "a", ["a"]),
        (columns.known, "(" * MANY, ""),
        (columns.known, "(" + " )" * MANY + "x", ""),
        (cell, "\n" * MANY + "x", "'" + "\n" * MANY + "x"),
        (cell, "\n'" * MANY + "=", "'" + "\n'" * MANY + "="),
        (cell, "=;" * MANY, "'=;" * MANY),
    ],
)
def test_a_long_text_is_read_to_its_end(read: Callable[[str], Any], text: str, expected: Any) -> None:
    # Without an explanation by pytest, which takes long for such texts.
    is_right = read(text) == expected
    assert is_right
