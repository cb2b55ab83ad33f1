# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a format of the report is. Private to the collection.

A format makes one text of a document and reads no file but its own assets. Every text of a document may come from a
node that nobody should trust, so each format disarms it in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import Messages
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Cause, Document, SitePath


class View(NamedTuple):
    """What a report is made of."""

    document: Document
    causes: list[Cause]
    handover: str  # for who keeps the network, "" for nothing
    paths: Sequence[SitePath] = ()
    messages: Messages = Messages()


class Format(NamedTuple):
    """A format: its name in ``formats``, the end of the name of its file, and what makes its text.

    ``render`` returns None where there is to be no file.
    """

    name: str
    suffix: str
    render: Callable[[View], str | None]
