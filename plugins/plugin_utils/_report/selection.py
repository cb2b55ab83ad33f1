# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runs a merge is about: those of a workflow, of some days, of a playbook. Private to the collection. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document, Run

_AGO = re.compile(r"([0-9]{1,5})([hd])\Z", re.ASCII)
_HOURS = {"h": 1, "d": 24}


class Selection(NamedTuple):
    """What a run must be: of one of these workflow jobs, begun at or after a time, of one of these playbooks."""

    workflows: Collection[str] = ()
    since: datetime.datetime | None = None
    playbooks: Collection[str] = ()

    def takes(self, run: Run) -> bool:
        """Return whether a run is meant; what is empty selects nothing and leaves nothing out."""
        return (
            (not self.workflows or run["workflow"] in self.workflows)
            and (not self.playbooks or run["playbook"] in self.playbooks)
            and (self.since is None or datetime.datetime.fromisoformat(run["started"]) >= self.since)
        )


def selected(documents: Iterable[Document], selection: Selection) -> list[Document]:
    """Return the documents of which every run is meant.

    :raises MergeError: if none is left.
    """
    given = list(documents)
    found = [document for document in given if all(selection.takes(run) for run in document["runs"])]
    if given and not found:
        raise MergeError(
            f"none of {len(given)} documents is from a run that workflow_job, since and playbooks select; change "
            "these, or leave them out"
        )
    return found


def moment(value: Any, now: datetime.datetime) -> datetime.datetime | None:
    """Return the time that ``since`` means, None where it is not set.

    :raises MergeError: for anything that is no time.
    """
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    ago = _AGO.match(text)
    if ago:
        return now - datetime.timedelta(hours=int(ago[1]) * _HOURS[ago[2]])
    try:
        found = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise MergeError(
            f"since is {text!r}, expected a time such as 2026-11-23 or 2026-11-23T15:46:28+08:00 (UTC where it names "
            "no zone), or how long ago, such as 12h or 7d"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)
