# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every format that a network plan is written in: the only list. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats import (
    as_csv,
    as_html,
    as_json,
    as_markdown,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format

# In the order of the docs. The first is the truth, every other one a view of it.
# One line each, so that two that are added at the same time do not meet.
# fmt: off
FORMATS: tuple[Format, ...] = (
    as_json.FORMAT,
    as_csv.FORMAT,
    as_markdown.FORMAT,
    as_html.FORMAT,
)
# fmt: on

BY_NAME = {form.name: form for form in FORMATS}
