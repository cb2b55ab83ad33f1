# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for H3C Comware 7. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    PrefixList,
    system_view_file,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, H3C Comware 7"


def render(plan: Plan) -> str:
    """Return the configuration lines for an H3C router or switch."""
    return system_view_file(plan, TITLE, "Enter in: system-view. Save with: save", _naming)


def _naming(prefixes: PrefixList) -> tuple[str, str]:
    family = "ipv6" if prefixes.ipv6 else "ip"
    return f"{family} prefix-list {prefixes.name}", f"{family} prefix-list name {prefixes.name}"


FORMAT = Format("h3c_comware", "h3c_comware.cfg", TITLE, "H3C routers and switches (Comware 7)", render)
