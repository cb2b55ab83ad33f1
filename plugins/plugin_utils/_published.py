# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which published row made which route: from the rows of the requirement set to the verdicts. Private. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Verdict

# The key of a row and of the data of a verdict.
PUBLISHED = "published"


def trace(verdicts: Iterable[Verdict], rows: Any) -> None:
    """Put into the data of each verdict of static_routes the published row that its route is made from.

    :arg rows: the routes that the module was asked for, as a task has them.
    """
    known = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping) and isinstance(row.get(PUBLISHED), Mapping):
            known[str(row.get("destination"))] = {str(key): str(value) for key, value in row[PUBLISHED].items()}
    for item in verdicts:
        for facts in _routes(item["data"]):
            # What a node says of it counts for nothing.
            facts.pop(PUBLISHED, None)
            if found := known.get(str(facts.get("destination"))):
                facts[PUBLISHED] = found


def _routes(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield data
    routes = data.get("routes")
    yield from (facts for facts in (routes if isinstance(routes, list) else []) if isinstance(facts, dict))
