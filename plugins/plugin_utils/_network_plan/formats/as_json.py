# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan itself, plan.json. Private to the collection."""

from __future__ import annotations

import json

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan


def render(plan: Plan) -> str:
    """Return the plan as JSON: the same plan gives the same bytes, so that two runs compare."""
    return json.dumps(plan, indent=2, ensure_ascii=True) + "\n"


FORMAT = Format("json", "plan.json", "The plan itself", "programs", render)
