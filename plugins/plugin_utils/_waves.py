# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waves of hosts, and how many may fail or be unreachable before the run ends. Private to the collection. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._inputs import split

WAVES = (1, 10, "25%")
BUDGET = "3%"
_SIZE = re.compile(r"[1-9][0-9]*%?\Z", re.ASCII)
_BUDGET = re.compile(r"(?:[0-9]+|[0-9]+(?:\.[0-9]+)?%)\Z", re.ASCII)
_NAMED = 10


class WaveError(ValueError):
    """waves or error_budget cannot be used; the text says what was expected."""


def sizes(waves: Any) -> list[str]:
    """Return the sizes of the waves as ``serial`` of a play takes them: numbers and percentages.

    :arg waves: a list, or text as surveys give it; None or "" for the usual ones.
    :raises WaveError: if one is no size.
    """
    given: Any = WAVES if waves in (None, "") or waves == [] else waves
    if isinstance(given, str):
        given = split(given)
    items = [str(item).strip() for item in (given if isinstance(given, (list, tuple)) else [given])]
    wrong = [item or "nothing" for item in items if not _SIZE.match(item)]
    if wrong:
        raise WaveError(
            f"waves is {waves}, where {' and '.join(wrong)} is not a valid size of a wave; expected whole numbers "
            "from 1 and percentages, such as 1,10,25%"
        )
    return items


def allowed(budget: Any, hosts: int) -> float:
    """Return how many of so many hosts may fail or be unreachable.

    :arg budget: a number, or a percentage as text; None or "" for the usual one.
    :raises WaveError: if it is neither.
    """
    text = budget_text(budget)
    if not _BUDGET.match(text):
        raise WaveError(f"error_budget is {text}; expected a whole number of hosts or a percentage, such as {BUDGET}")
    return hosts * float(text[:-1]) / 100 if text.endswith("%") else float(text)


def budget_text(budget: Any) -> str:
    """Return the error budget as text; 0 is a budget."""
    return BUDGET if budget is None or budget == "" else str(budget)


def why_end(hosts: Sequence[str], batch: Sequence[str], passed: Collection[str], budget: Any) -> str:
    """Return why a run ends before its next wave, "" where it goes on.

    Hosts that were unreachable count as those that failed do, which max_fail_percentage would not do.

    :arg hosts: of the play, in its order. :arg batch: of the next wave. :arg passed: those that came to their end.
    :raises WaveError: if the budget is none.
    """
    ended = hosts[: hosts.index(batch[0])] if batch else hosts
    lost = sorted(set(ended) - set(passed))
    if len(lost) <= allowed(budget, len(ended)):
        return ""
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    return (
        f"The run ends before the next wave: {len(lost)} of {len(ended)} hosts failed or were unreachable, and "
        f"error_budget is {budget_text(budget)}. They are {', '.join(lost[:_NAMED])}{more}. Fix what the report says "
        "of them, or leave them out with --limit '@FILE:!NAME'; then run again with --limit @FILE for the remaining "
        "hosts: the report names the file."
    )
