# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory sources that were refused in this process. Private to the collection.

Ansible only warns of a source that it cannot read, and goes on without its hosts. A play that begins later asks here.
"""

from __future__ import annotations

_refused: dict[str, str] = {}


def remember(source: str, reason: str) -> None:
    """Keep why a source was refused.

    :arg source: path of the inventory file. :arg reason: one sentence, which names the source.
    """
    _refused[source] = reason


def forget(source: str) -> None:
    """Forget what was said of a source: it is read anew, as ``meta: refresh_inventory`` does."""
    _refused.pop(source, None)


def reasons() -> list[str]:
    """Return the reasons, in the order in which they came."""
    return list(_refused.values())
