# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What firewall-cmd says of zones and policies, and which a packet meets. Pure: no command is run."""

import collections
import ipaddress
import re
from typing import List, NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    network_interval,
    overlap,
)

# A forwarded port as older and newer ones list it, on the line of the key or below.
_FORWARDED = re.compile(r"(?<!\S)port=\S+:proto=\S+")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}\Z")


class Zone(NamedTuple):
    """What firewall-cmd says of one zone."""

    interfaces: List[str]  # names, with '+' at the end for all that begin so
    sources: List[str]  # networks, MAC addresses, 'ipset:NAME'
    rules: List[str]  # rich rules as text, and forwarded ports
    target: str = ""

    def takes(self, interface):
        """Return whether packets of an interface come into it; ``eth+`` means all that begin with eth."""
        return any(
            interface.startswith(word[:-1]) if word.endswith("+") else interface == word for word in self.interfaces
        )


class Policy(NamedTuple):
    """What firewall-cmd says of one policy."""

    priority: int  # below 0 it is asked before the rules of zones
    target: str
    ingress: List[str]  # zones
    egress: List[str]
    rules: List[str]  # rich rules as text, and forwarded ports

    def comes_before(self, zone):
        """Return whether packets to the node itself that come into a zone meet it before the rules of that zone."""
        return self.priority < 0 and "HOST" in self.egress and self.takes(zone)

    def takes(self, zone):
        """Return whether packets that come into a zone meet it, on their way to wherever."""
        return "ANY" in self.ingress or zone in self.ingress


def parse_zones(text):
    """Return {zone: Zone} of what ``--list-all-zones`` prints."""
    return collections.OrderedDict(
        (name, Zone(*(said.get(key, []) for key in ("interfaces", "sources")), rules, " ".join(said.get("target", []))))
        for name, said, rules in _blocks(text)
    )


def parse_policies(text):
    """Return {policy: Policy} of what ``--list-all-policies`` prints."""
    found = collections.OrderedDict()
    for name, said, rules in _blocks(text):
        priority, target = (" ".join(said.get(key, [])) for key in ("priority", "target"))
        ingress, egress = (said.get(f"{side}-zones", []) for side in ("ingress", "egress"))
        number = int(priority) if re.match(r"-?[0-9]+\Z", priority) else 0
        found[name] = Policy(number, target, ingress, egress, rules)
    return found


def _blocks(text):
    """Return [(name, {key: words}, rich rules)] of a listing."""
    blocks = []
    for line in text.splitlines():
        key, _colon, words = line.strip().partition(":")
        if line and not line[0].isspace():
            blocks.append((line.split()[0], {}, []))
        elif blocks and line.strip().startswith("rule "):
            blocks[-1][2].append(line.strip())
        elif blocks:
            blocks[-1][1][key] = words.split()
            blocks[-1][2].extend(_FORWARDED.findall(line))
    return blocks


def by_mac(zones, words_of):
    """Return the zones that take packets by a MAC address and do not accept all of them."""
    bound = {name: [word for source in zone.sources for word in words_of(source)] for name, zone in zones.items()}
    return [name for name in zones if zones[name].target != "ACCEPT" and any(map(_MAC.match, bound[name]))]


def addresses(words):
    """Yield (version, interval) of sources of a zone; a MAC address has none."""
    for word in words:
        try:
            network = ipaddress.ip_network(word, strict=False)
        except ValueError:
            continue
        yield network.version, network_interval(network)


def zones_met(zone, bound):
    """Return the zones that packets may come into: that of the interface first.

    :arg bound: {zone: [(version, interval)]} of the zones that take packets by their source.
    """
    return [zone] + [name for name in sorted(bound) if name != zone]


def comes_into(zone, rule, interface_zone, bound):
    """Return whether packets from the source of a rule can come into a zone."""
    version, (first, last) = rule.version, rule.sources[0]
    theirs = {name: [pair for family, pair in pairs if family == version] for name, pairs in bound.items()}
    if overlap(theirs.get(zone, []), rule.sources[:1]):
        return True
    taken = any(low <= first and last <= high for pairs in theirs.values() for low, high in pairs)
    return zone == interface_zone and not taken
