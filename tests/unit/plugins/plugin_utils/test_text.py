# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of others take no more time than they are long; a pattern that goes back for each sign would take minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv import columns
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cell


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (_inputs.items, "[" + "," * 100_000),
        (_inputs.items, "[" + "a," * 50_000),
        (_inputs.items, " " * 100_000 + "a"),
        (columns.known, "(" * 100_000),
        (columns.known, "(" + " )" * 50_000 + "x"),
        (cell, "\n" * 100_000 + "x"),
        (cell, "\n'" * 50_000 + "="),
        (cell, "=;" * 50_000),
    ],
)
def test_time_grows_with_the_length(read: Callable[[str], Any], text: str) -> None:
    begin = time.process_time()
    read(text)
    assert time.process_time() - begin < 2
