# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sheets for the tests of _fleet_csv: what their rows become, and the problems of those that are wrong."""

from __future__ import annotations

from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.hosts import (
    Fleet,
    Host,
    Options,
    Sheet,
    read_fleet,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.sheet import merge
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import load

GROUPS = {"site": "site_", "region": "region_", "access_mode": "mode_"}


def fleet(*sheets: str, secret: bool = False, **options: Any) -> Fleet:
    names = ["a.csv", "b.csv"]
    files = [Sheet(name, text.encode(), secret) for name, text in zip(names, sheets, strict=False)]
    return read_fleet(files, Options(**({"prefixes": GROUPS} | options)), load())


def hosts(*sheets: str, **options: Any) -> list[Host]:
    found = fleet(*sheets, **options)
    assert merge(found.problems) == []
    return found.hosts


def problems(*sheets: str, **options: Any) -> list[str]:
    return merge(fleet(*sheets, **options).problems)


def one(header: str, cell: str) -> Any:
    (host,) = hosts(f'host|ip|{header}\nn1|10.0.0.1|"{cell}"\n')
    return host.variables.get(header)


def wrong(header: str, cell: str) -> str:
    (problem,) = problems(f'host|ip|{header}\nn1|10.0.0.1|"{cell}"\n')
    start = f"a.csv, line 2, column {header!r}: "
    assert problem.startswith(start)
    return problem.removeprefix(start)
