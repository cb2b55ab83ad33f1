# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host patterns as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError, joined


@pytest.mark.parametrize(
    ("terms", "pattern"),
    [
        ([""], ""),
        ([None, " "], ""),
        (["web:!web-1"], "web:!web-1"),
        (["web, db"], "web,db"),
        ("web;db\ncache", "web,db,cache"),
        ([["web", "db"], "web-[1:5]"], "web,db,web-[1:5]"),
        (["~(web|db)-\\d{1,3}"], "~(web|db)-\\d{1,3}"),
    ],
)
def test_one_pattern(terms: Any, pattern: str) -> None:
    assert joined(terms) == pattern


def test_a_number_is_refused() -> None:
    with pytest.raises(ScopeError, match="edge_hosts is 5: give a host, a group or a pattern as text"):
        joined([5])
