# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What preflight_info found, as its modules would have said it one by one. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.sections import MODULES

MODULE = "preflight_info"
REQUIREMENTS = "requirements"


def split(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return {short name of a module: its report}, that of the requirement set first."""
    parts = by_section(result)
    return {MODULES.get(name, name): part for name, part in parts.items()}


def by_section(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return {section: its report}, that of the requirement set first; sections that were not asked are not there.

    :raises TypeError, KeyError, AttributeError: if the result is none of this module.
    """
    found: dict[str, list[Any]] = {REQUIREMENTS: [], **{name: [] for name in MODULES if name in result["sections"]}}
    for item in result["results"]:
        found[item["data"].get("section", REQUIREMENTS)].append(item)
    return {name: report(items) for name, items in found.items()}
