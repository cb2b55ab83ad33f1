# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interfaces files of ifupdown, as interfaces(5) says: stanzas, and what is brought up at boot. Private."""

import fnmatch
import ipaddress
import re
from typing import Dict, List, NamedTuple

PATH = "/etc/network/interfaces"
# What begins a new part; other words are options of the stanza above.
_AT_BOOT = ("auto", "allow-auto")
_HOTPLUG = "allow-hotplug"
_SOURCES = ("source", "source-directory")
_PARTS = (*_AT_BOOT, _HOTPLUG, *_SOURCES, "iface", "mapping", "no-auto-down", "no-scripts", "rename", "template")
# run-parts, and a directory of sourced files, take no name with any other character.
PLAIN_NAME = re.compile(r"^[A-Za-z0-9_-]+\Z")


class Interfaces(NamedTuple):
    """What the files say."""

    stanzas: Dict[str, str]  # the file of each interface, names of aliases (idc0:1) among them
    networks: Dict[str, List[ipaddress.IPv4Network]]  # of its addresses, IPv4 and IPv6
    at_boot: List[str]  # names and patterns of what is brought up
    hotplug: List[str]  # of what is brought up when it is found
    no_scripts: List[str]  # of what no hook runs for

    def names(self, interface):
        """Return the stanzas of an interface, its own first, then those of its aliases."""
        return [name for name in sorted(self.stanzas) if name == interface or name.startswith(interface + ":")]

    def starts(self, name, hotplug=True):
        """Return whether an interface is brought up at boot or, with hotplug, when it is found."""
        return _matches(name, self.at_boot + (self.hotplug if hotplug else []))

    def runs_hooks(self, name):
        """Return whether hooks run for it."""
        return not _matches(name, self.no_scripts)


def _matches(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern[pattern.startswith("/") :]) for pattern in patterns)


def read(node):
    """Return the Interfaces of a node."""
    found = Interfaces({}, {}, [], [], [])
    _read(node, PATH, found, 0)
    return found


def _read(node, path, found, depth):
    stanza = ""
    for line in re.sub(r"\\\n", " ", node.read(path) or "").splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] not in _PARTS:
            _option(found, stanza, words)
            continue
        stanza = words[1] if words[0] == "iface" and len(words) > 1 else ""
        if stanza:
            found.stanzas.setdefault(stanza, path)
        # Files may source each other in a ring.
        for name in _sourced(node, words) if words[0] in _SOURCES and depth < 8 else ():
            _read(node, name, found, depth + 1)
        found.at_boot.extend(words[1:] if words[0] in _AT_BOOT else ())
        found.hotplug.extend(words[1:] if words[0] == _HOTPLUG else ())
        found.no_scripts.extend(words[1:] if words[0] == "no-scripts" else ())


def _option(found, name, words):
    """Take the network of an address, or the netmask that an address before it had no length for."""
    networks = found.networks.setdefault(name, [])  # of '' behind what is no stanza
    try:
        if words[0] == "address":
            networks.append(ipaddress.ip_interface(words[1]).network)
        elif words[0] == "netmask" and networks:
            networks[-1] = ipaddress.ip_interface(f"{networks[-1].network_address}/{words[1]}").network
    except (ValueError, IndexError):
        return


def _sourced(node, words):
    found = []
    for pattern in words[1:]:
        whole = pattern if pattern.startswith("/") else "/etc/network/" + pattern
        if words[0] == "source":
            found += node.glob(whole)
        else:
            found += [f"{whole}/{name}" for name in node.listdir(whole) if PLAIN_NAME.match(name)]
    return found
