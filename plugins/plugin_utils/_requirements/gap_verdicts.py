# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gaps of a requirement set as verdicts on each host that has it. Private to the collection. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.gaps import INFO
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Gap, Verdict


def gap_verdicts(gaps: Iterable[Gap]) -> list[Verdict]:
    """Return a verdict ``gap_NAME`` for each gap that matters to a host; those that are only good to know have none."""
    return [
        verdict(f"gap_{slug(gap['what'])}", gap["status"], _summary(gap), gap["remedy"])
        for gap in gaps
        if gap["status"] != INFO
    ]


def _summary(gap: Gap) -> str:
    """Return the reason with the name of what is missing, which most reasons begin with as "it"."""
    why = gap["why"]
    return f"{gap['what']} {why[3:]}" if why.startswith("it ") else f"{gap['what']}: {why}"


def slug(what: str) -> str:
    """Return the name of a thing as part of an id."""
    return re.sub(r"[^a-z0-9]+", "_", what.lower()).strip("_")
