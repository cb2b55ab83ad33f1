# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host patterns as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError, joined, matching


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


GROUPS = {"all": ["web-1", "web-2", "2001:db8::5"], "web": ["web-1", "web-2"]}


@pytest.mark.parametrize("pattern", ["[", "~[", "web[", "~web-[1", "web:["])
def test_a_bracket_too_few_never_means_more_hosts(pattern: str) -> None:
    with pytest.raises(ScopeError, match=r"\Aedge_hosts is .*check its brackets\. Nothing was changed"):
        matching(pattern, GROUPS, DataLoader())
    with pytest.raises(ScopeError, match=r"\A--limit is .*check its brackets\. Nothing was changed"):
        matching("all", GROUPS, DataLoader(), pattern)


@pytest.mark.parametrize(
    ("pattern", "hosts"),
    [
        ("web[0]", ["web-1"]),
        ("web[0:1]", ["web-1", "web-2"]),
        ("~web-[12]", ["web-1", "web-2"]),
        ("web:!web-1", ["web-2"]),
        ("web-1, web-2", ["web-1", "web-2"]),
        ("2001:db8::5", ["2001:db8::5"]),
        ("web-1,[", ["web-1"]),
    ],
)
def test_whole_patterns(pattern: str, hosts: list[str]) -> None:
    assert matching(pattern, GROUPS, DataLoader()) == hosts
