# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in a hook script of our own that ifupdown runs when an interface is up. Private to the collection.

The interfaces files are never edited. There is no part for ifdown: the kernel drops the routes of an interface that
goes down, and a hook that removed them by hand could only be wrong about it.
"""

import re
import shlex

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ip_route

_HOOKS = "/etc/network/if-up.d"
_INTERFACES = "/etc/network/interfaces"
_STATE = "/run/network/ifstate"
# An interfaces file can be left over from a system that was installed with ifupdown and has lost it.
_PROGRAMS = ("/usr/sbin/ifup", "/sbin/ifup")
# run-parts skips a name with any other character, without a word.
_RUN_PARTS = re.compile(r"^[A-Za-z0-9_-]+\Z")

_HEAD = """#!/bin/sh
# Written by ack_edge.node.static_routes; a change by hand is undone by its next run.
# Nothing is to be done at ifdown: the kernel drops the routes of an interface that goes down.
PATH=/usr/sbin:/sbin:/usr/bin:/bin
case "$IFACE" in
"""
# A route that cannot be set must not keep the interface from being up, hence -force and exit 0.
_TAIL = """esac
exit 0
"""


class Ifupdown(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "ifupdown"
    title = "ifupdown"
    mode = 0o755
    looked_for = f"the interface in {_STATE} or a stanza for it in {_INTERFACES}"

    def claim(self, link):
        """Return how ifupdown holds the interface, '' if it did not bring it up."""
        state = (self._node.read(_STATE) or "").split()
        return f"up in {_STATE}" if any(entry.partition("=")[0] == link.name for entry in state) else ""

    def weak_claim(self, link):
        """Return where a stanza for the interface stands: ifupdown brings it up at boot if nobody else holds it."""
        installed = any(self._node.exists(path) for path in _PROGRAMS)
        return _stanza(self._node, _INTERFACES, link.name, depth=0) if installed else ""

    def locate(self, _link):
        """Return the path of our hook."""
        if not _RUN_PARTS.match(self._name):
            raise NodeError(
                f"name is {self._name!r}, which makes a hook file that run-parts would skip; ifupdown needs a name of "
                "letters, digits, '-' and '_'"
            )
        return f"{_HOOKS}/{self._name}"

    def own_files(self):
        """Return our hook if it is there; its lines name their interfaces."""
        path = f"{_HOOKS}/{self._name}"
        return [(path, "")] if self._node.exists(path) else []

    def parse(self, text, _interface):
        """Return the Lines of our hook."""
        return ip_route.read_batch(text)

    def compose(self, _text, items, _add, _drop, _restore=()):
        """Return the whole hook, None where nothing is left to hold."""
        if not items:
            return None
        parts = [_HEAD]
        for interface in sorted({one.route.interface for one in items}):
            parts.append(f"{shlex.quote(interface)})\n")
            for family in (4, 6):
                mine = [one for one in items if one.route.interface == interface and one.route.family == family]
                if mine:
                    parts.append(f"ip -{family} -force -batch - <<'END'\n")
                    parts.append(ip_route.batch(mine))
                    parts.append("END\n")
            parts.append(";;\n")
        return "".join([*parts, _TAIL])


def _stanza(node, path, interface, depth):
    """Return the file that holds an 'iface' line for the interface, following source lines, '' if none does."""
    if depth > 8:  # interfaces files that source each other in a ring
        return ""
    for line in re.sub(r"\\\n", " ", node.read(path) or "").splitlines():
        words = line.split()
        if words[:2] == ["iface", interface]:
            return path
        if len(words) == 2 and words[0] in ("source", "source-directory"):
            for name in _sourced(node, words[1], words[0] == "source-directory"):
                found = _stanza(node, name, interface, depth + 1)
                if found:
                    return found
    return ""


def _sourced(node, pattern, is_directory):
    if not pattern.startswith("/"):
        pattern = "/etc/network/" + pattern
    if is_directory:
        return [f"{pattern}/{name}" for name in node.listdir(pattern) if _RUN_PARTS.match(name)]
    return node.glob(pattern)
