# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory sources that were refused in this process. Private to the collection.

Ansible warns of a source that it cannot read and goes on without its hosts. A play that begins later asks here.
"""

from __future__ import annotations

_REFUSED: list[str] = []


def remember(reason: str) -> None:
    """Keep why a source was refused; the text names the source."""
    if reason not in _REFUSED:
        _REFUSED.append(reason)


def refused() -> list[str]:
    """Return the reasons, in the order in which they came."""
    return list(_REFUSED)
