# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from one look at a host: which roles have something to do, and what keeps them from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, failed
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.sections import (
    CHANGING,
    REACHABILITY,
    READINESS,
    TIME_SYNC,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Verdict

Sections = Mapping[str, Mapping[str, Any]]
# The key of a look that says whether its host is done with it: no role has something to do, and nothing stops one.
NOTHING = "nothing_to_do"


def of_section(verdicts: Sequence[Verdict], section: str) -> list[Verdict]:
    """Return the verdicts of one section."""
    return [item for item in verdicts if item["data"].get("section") == section]


def to_do(sections: Sections, verdicts: Sequence[Verdict]) -> list[str]:
    """Return the roles that have something to do, in their order.

    A role that changes something has to do where it would change something; the clock also where it is not right yet,
    for the role waits for it. Behind a change, and where the look did not finish, reachability is checked again.
    """
    found = [name for name in CHANGING if name in sections and _has_to_do(name, sections[name], verdicts)]
    again = REACHABILITY in sections and (found or not sections[REACHABILITY]["finished"])
    return [*found, REACHABILITY] if again else found


def _has_to_do(name: str, section: Mapping[str, Any], verdicts: Sequence[Verdict]) -> bool:
    if section["refused"]:
        return False
    waits = name == TIME_SYNC and bool(failed(of_section(verdicts, name)))
    return bool(section["would_change"] or not section["finished"] or waits)


def obstacles(sections: Sections, verdicts: Sequence[Verdict], tolerated: Sequence[str] = ()) -> list[Verdict]:
    """Return the failed verdicts for which no role should change anything on the host.

    They are those of a section that would be refused, those of readiness, which also fails where it did not finish, and
    where no role has anything to do, all.

    :arg tolerated: sections whose failures stop nothing (``readiness_enforce: false``), unless they are refused.
    """
    quiet = not to_do(sections, verdicts)
    stopping = {
        name
        for name, section in sections.items()
        if section["refused"] or ((quiet or name == READINESS) and name not in tolerated)
    }
    found = [item for item in failed(verdicts) if item["data"].get("section") in stopping]
    if READINESS in stopping and not sections[READINESS]["finished"]:
        # Nobody knows whether the host may be changed.
        found += [Verdict(**{**item, "status": FAIL}) for item in of_section(verdicts, READINESS)]
    return found
