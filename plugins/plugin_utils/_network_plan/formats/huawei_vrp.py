# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes and prefix lists for Huawei VRP. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    PrefixList,
    system_view_file,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Static routes, Huawei VRP"


def render(plan: Plan) -> str:
    """Return the configuration lines for a Huawei router or switch."""
    enter = "Enter in: system-view. On VRP 8 activate with: commit. Save with: save"
    return system_view_file(plan, TITLE, enter, _naming)


def _naming(prefixes: PrefixList) -> tuple[str, str]:
    begin = f"ip {'ipv6-prefix' if prefixes.ipv6 else 'ip-prefix'} {prefixes.name}"
    return begin, begin


FORMAT = Format("huawei_vrp", "huawei_vrp.cfg", TITLE, "Huawei routers and switches (VRP 5, VRP 8)", render)
