# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in a hook script of our own that ifupdown runs when an interface is up. Private to the collection.

The interfaces files are never edited. There is no part for ifdown: the kernel drops the routes of an interface that
goes down, and a hook that removed them by hand could only be wrong about it.
"""

import fnmatch
import shlex

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import (
    ifcfg_keys,
    interfaces_file,
    ip_route,
)

_HOOKS = "/etc/network/if-up.d"
_STATE = "/run/network/ifstate"
# An interfaces file can be left over from a system that was installed with ifupdown and has lost it.
_PROGRAMS = ("/usr/sbin/ifup", "/sbin/ifup")

_DEFAULTS = "/etc/default/networking"
_IFUPDOWN2 = "/etc/network/ifupdown2/ifupdown2.conf"

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
    unit = "networking.service"
    mode = 0o755
    looked_for = f"the interface in {_STATE} or a stanza for it in {interfaces_file.PATH}"

    boot_remedy = (
        f"write 'auto' for the interface and its aliases into {interfaces_file.PATH}, remove what disables them "
        "or their hooks, then run again"
    )

    def __init__(self, node, name, managers):
        Backend.__init__(self, node, name, managers)
        self._names = {}  # stanzas of every interface that was located

    def claim(self, link):
        """Return how ifupdown holds the interface, '' if it did not bring it up."""
        state = (self._node.read(_STATE) or "").split()
        return f"up in {_STATE}" if any(entry.partition("=")[0] == link.name for entry in state) else ""

    def weak_claim(self, link):
        """Return where a stanza for the interface stands: ifupdown brings it up at boot if nobody else holds it."""
        installed = any(self._node.exists(path) for path in _PROGRAMS)
        return interfaces_file.read(self._node).stanzas.get(link.name, "") if installed else ""

    def locate(self, link):
        """Return the path of our hook, and keep the aliases of the interface, for each of which the hook runs."""
        self._names[link.name] = interfaces_file.read(self._node).names(link.name)
        if not interfaces_file.PLAIN_NAME.match(self._name):
            raise NodeError(
                f"name is {self._name!r}, and run-parts skips a hook file of that name; ifupdown needs a name of "
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
            aliases = [name for name in self._names.get(interface, []) if name != interface]
            parts.append("|".join(map(shlex.quote, [interface, *aliases])) + ")\n")
            for family in (4, 6):
                mine = [one for one in items if one.route.interface == interface and one.route.family == family]
                if mine:
                    parts.append(f"ip -{family} -force -batch - <<'END'\n")
                    parts.append(ip_route.batch(mine))
                    parts.append("END\n")
            parts.append(";;\n")
        return "".join([*parts, _TAIL])

    def _switched_off(self, interface):
        """Return what in its configuration keeps ifupdown from bringing an interface up, or from running hooks."""
        said = ifcfg_keys.assignments(self._node.read(_DEFAULTS) or "")
        if said.get("CONFIGURE_INTERFACES", "").lower() == "no":
            return f"{_DEFAULTS} has CONFIGURE_INTERFACES=no"
        if any(fnmatch.fnmatchcase(interface, word) for word in said.get("EXCLUDE_INTERFACES", "").split()):
            return f"{_DEFAULTS} has {interface} in EXCLUDE_INTERFACES"
        second = self._node.read(_IFUPDOWN2)
        if second is not None and ifcfg_keys.assignments(second).get("addon_scripts_support") != "1":
            return f"{_IFUPDOWN2} does not have addon_scripts_support=1, so ifupdown2 runs no hooks"
        return ""

    def _is_made(self, name):
        """Return whether ifupdown makes the interface itself, so that no event of a card can start it."""
        return any(self._node.exists(f"/sys/class/net/{name}/{kind}") for kind in ("bonding", "bridge"))

    def doubt(self, _path, interface, gateways):
        """Return why ifupdown would not run the hook for the stanza that the gateways are on."""
        off = self._switched_off(interface)
        if off:
            return off
        said = interfaces_file.read(self._node)
        names = said.names(interface)
        if not names:
            return f"{interfaces_file.PATH} has no stanza for {interface}" if said.stanzas else ""
        on = [name for name in names if any(hop in one for one in said.networks.get(name, []) for hop in gateways)]
        for name in on or names[:1]:
            if self._is_made(name) and not said.starts(name, hotplug=False):
                return f"{said.stanzas[name]} has no 'auto' for {name}, and nothing is plugged in that would start it"
            if not said.starts(name):
                return f"{said.stanzas[name]} has a stanza for {name}, but neither 'auto' nor 'allow-hotplug' for it"
            if not said.runs_hooks(name):
                return f"'no-scripts' disables the hooks of ifupdown for {name}"
        return ""
