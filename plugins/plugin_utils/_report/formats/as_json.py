# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document itself, which is always written. Private to the collection. Pure."""

from __future__ import annotations

import json

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document


def as_json(document: Document) -> str:
    """Return the text of a document."""
    return json.dumps(document, default=str, ensure_ascii=False) + "\n"


FORMAT = Format("json", ".json", lambda view: as_json(view.document))
