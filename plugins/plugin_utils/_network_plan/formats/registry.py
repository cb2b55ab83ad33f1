# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every format that a network plan is written in: the only list. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats import as_json
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format

# In the order of the docs. The first is the truth, every other one a view of it.
FORMATS: tuple[Format, ...] = (as_json.FORMAT,)

BY_NAME = {form.name: form for form in FORMATS}
