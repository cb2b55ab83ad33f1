# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ipsets of ours that firewalld holds: read, made, filled and dropped by its commands. No rule is written here.

``tool`` is the argv that a command begins with; it says whether the runtime or the permanent configuration is meant.
"""

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import SET_PREFIX

_TYPE = "hash:net"
_DIRECTORY = "/etc/firewalld/ipsets"
# What firewalld keeps of an ipset that it has deleted.
_KEPT = ".xml.old"


class IpSets:
    """The ipsets of one node."""

    def __init__(self, node):
        self._node = node

    def observe(self, tools):
        """Return {fact: {name: entries}} of the ipsets that have a name of ours, {fact: None} where none is of use.

        :arg tools: {fact: tool}. Entries are None for an ipset of which only the file is left that a deletion keeps.
        """
        # An offline tool cannot say what a kernel takes; nets are taken by all since firewalld 0.6.
        if "runtime" in tools:
            usable = _TYPE in self._node.check(["firewall-cmd", "--get-ipset-types"]).split()
        else:
            usable = True
        sets = {
            fact: {name: frozenset(self.entries(tool, name)) for name in self._names(tool)} if usable else None
            for fact, tool in tools.items()
        }
        for name in self._node.listdir(_DIRECTORY) if usable else []:
            if name.startswith(SET_PREFIX) and name.endswith(_KEPT):
                sets["boot"].setdefault(name[: -len(_KEPT)], None)
        return sets

    def _names(self, tool):
        return [name for name in self._node.check([*tool, "--get-ipsets"]).split() if name.startswith(SET_PREFIX)]

    def entries(self, tool, name):
        """Return what one ipset holds, as words."""
        return self._node.check([*tool, "--ipset=" + name, "--get-entries"]).split()

    def make(self, tool, have, wanted):
        """Make and fill what is wanted; what an ipset holds beside that goes.

        :arg have: {name: entries}. wanted: the same, as it is to be.
        """
        for name in sorted(wanted):
            if have.get(name) is None:
                family = ["--option=family=inet6"] if _version(wanted[name]) == 6 else []
                self._node.check([*tool, "--new-ipset=" + name, "--type=" + _TYPE, *family])
            now = have.get(name) or frozenset()
            for option, entries in (("add", wanted[name] - now), ("remove", now - wanted[name])):
                if entries:
                    self._node.check(
                        [*tool, "--ipset=" + name, f"--{option}-entries-from-file=/dev/stdin"],
                        stdin="\n".join(sorted(entries)) + "\n",
                    )

    def drop(self, tool, have, wanted):
        """Drop what is there and not wanted."""
        for name in sorted(have):
            if name not in wanted:
                if have[name] is not None:
                    self._node.check([*tool, "--delete-ipset=" + name])
                self._node.remove(f"{_DIRECTORY}/{name}{_KEPT}")


def set_lines(have, wanted):
    """Return (before, after): the ipsets that differ, a line for each and for each of its entries."""
    before, after = [], []
    for name in sorted(set(have) | set(wanted)):
        if name not in have or name not in wanted or have[name] != wanted[name]:
            for part, sets in ((before, have), (after, wanted)):
                if sets.get(name) is not None:
                    part.append(f"ipset {name}")
                    part.extend(f"ipset {name}: {entry}" for entry in sorted(sets[name]))
                elif name in sets:
                    part.append(f"ipset {name}: its file in firewalld")
    return before, after


def _version(entries):
    return ipaddress.ip_network(next(iter(entries))).version
