# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts to go on with, as ``--limit @FILE`` takes them. Private to the collection. Pure."""

from __future__ import annotations

import ipaddress

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import left
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document

_NAMED_HOSTS = 3
_MOST_LETTERS = 1000
_NOT_LITERAL = frozenset("*?[]:,;!&@~\\{}\"'#")
_GROUPS = frozenset({"all", "ungrouped"})


def as_limit(document: Document) -> str:
    """Return the hosts to go on with, a line each, as ``--limit @FILE`` takes them.

    A name that Ansible would take for more than one host is left out: in such a file, "*" is the whole fleet.
    """
    return "".join(f"{host}\n" for host in left(document) if is_literal(host))


def not_in_limit(document: Document) -> str:
    """Return a line that names the hosts that the file for ``--limit`` should have and cannot, '' for none."""
    names = [ascii(host) for host in left(document) if not is_literal(host)]
    more = f" and {len(names) - _NAMED_HOSTS} more" if len(names) > _NAMED_HOSTS else ""
    shown = ", ".join(name[:_MOST_LETTERS] for name in names[:_NAMED_HOSTS]) + more
    why = "Ansible would not take these names literally; give the hosts other names in the inventory"
    return f"Not in the file for --limit: {shown}. {why}" if names else ""


def is_literal(name: str) -> bool:
    """Return whether Ansible takes a line of a file for ``--limit`` as the name of this one host."""
    if not name.isprintable() or any(sign.isspace() for sign in name) or name in _GROUPS:
        return False
    if ":" in name:
        # An address of version 6 has colons, and in a file they separate nothing.
        return _is_address(name)
    # "user@host" is a name; at the start, the sign is that of a file.
    return bool(name) and name[0] != "@" and not _NOT_LITERAL & set(name.replace("@", ""))


def _is_address(name: str) -> bool:
    try:
        return "%" not in name and bool(ipaddress.IPv6Address(name))
    except ValueError:
        return False


# For Ansible a file without names is no limit at all, and a run with it one over the whole fleet.
FORMAT = Format("limit", ".limit", lambda view: as_limit(view.document) or None)
