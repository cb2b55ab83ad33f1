# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the steps hand to one another: what is wanted, what a firewall holds, and what is to change. Pure.

Ports and addresses are closed intervals of integers, merged and sorted, so that two ways to write the same thing
(``80, 81`` and ``80-81``, two halves of a network and the network) compare equal whatever tool printed them.
"""

import collections
import ipaddress
import re
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

# The ipsets of ours in firewalld, which takes names of up to 31 characters.
SET_PREFIX = "ack-edge-"

_LEADS_AWAY = re.compile(r"\b(?:dnat|redirect|tproxy|netmap|forward-port|toport)\b", re.IGNORECASE)
_ADDRESS = {4: ipaddress.IPv4Address, 6: ipaddress.IPv6Address}


# The kind of the manifest of a set, and what it holds of a port.
KIND = "inbound_ports"
_PORT = {"name": str, "protocol": str, "ports": [str], "sources": [str], "comment?": (str, type(None))}


class Item(NamedTuple):
    """One entry of what the user wants to be reachable."""

    name: str
    protocol: str  # tcp or udp
    ports: Tuple[Tuple[int, int], ...]  # intervals
    sources: tuple  # networks of ipaddress, IPv4 before IPv6
    comment: str


class Rule(NamedTuple):
    """One accept in one place."""

    place: Tuple[str, ...]  # what the backend calls the place: zone; family, table, chain; program
    version: int  # of IP, 4 or 6
    protocol: str  # tcp or udp
    sources: Tuple[Tuple[int, int], ...]  # intervals
    ports: Tuple[Tuple[int, int], ...]  # intervals
    label: str  # the item's name where the firewall can carry it, else ''


class Found(NamedTuple):
    """One rule that was found."""

    rule: Optional[Rule]  # None where it is ours and has another form than any we write
    label: str  # name of the item it belongs to, '' if unknown
    ours: bool  # whether it may be removed
    ref: Any  # what the backend needs to remove it
    text: str  # as the tool shows it


class Obstacle(NamedTuple):
    """Why a place cannot hold everything that is wanted."""

    reason: str  # continues the sentence "... is open now, but"
    remedy: str  # what an operator does about it
    items: Optional[frozenset] = None  # names of the items that it is about, None for all


class Fact(NamedTuple):
    """How one of 'runtime' (what packets meet now) and 'boot' (what they meet after a reboot) is and is to be."""

    name: str  # runtime or boot
    desired: Tuple[Tuple[str, Rule], ...]  # (name of the item, Rule)
    found: Tuple[Found, ...]
    extra_lines: Tuple[tuple, tuple]  # (before, after) for what is not a rule (files, ipsets, jumps), equal if right
    obstacle: Optional[Obstacle]
    # Names of the items that need something of extra_lines beside their rules, such as an ipset that is not complete.
    incomplete: Tuple[str, ...] = ()


class Change(NamedTuple):
    """What makes one fact right."""

    fact: Fact
    keep: Dict[Rule, Found]
    add: List[Rule]
    remove: List[Found]

    def pending(self):
        """Return whether it changes anything."""
        before, after = self.fact.extra_lines
        return bool(self.add or self.remove or before != after)


class Outcome(NamedTuple):
    """What a run came to."""

    changed: bool
    before: List[str]  # lines of the diff
    after: List[str]
    verdicts: List[dict]  # 1:1 with the items
    backend: str  # name of the firewall that was written to, 'none' for none


def may_take(text):
    """Return what a rule (text) may do with the packets of an Item, for the sentence about it."""
    return f"may {'redirect' if _LEADS_AWAY.search(text) else 'drop'} some of it"


def merge(intervals):
    """Return closed integer intervals sorted, with overlapping and adjacent ones joined, as a tuple of pairs."""
    result = []
    for first, last in sorted(intervals):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return tuple(result)


def overlap(some, others):
    """Return whether any interval of the one has a number in common with any of the other."""
    return any(first <= high and low <= last for first, last in some for low, high in others)


def network_interval(network):
    """Return an ipaddress network as one interval."""
    return (int(network.network_address), int(network.broadcast_address))


def networks(version, intervals):
    """Return address intervals as the fewest networks that cover them exactly."""
    address = _ADDRESS[version]
    result = []
    for first, last in intervals:
        result.extend(ipaddress.summarize_address_range(address(first), address(last)))
    return result


def port_words(intervals):
    """Return port intervals as people write them: ``['10250', '30000-32767']``."""
    return [str(first) if first == last else f"{first}-{last}" for first, last in intervals]


def by_version(item):
    """Yield (version, intervals) for each address family that the sources of an item have."""
    for version in (4, 6):
        intervals = merge(network_interval(source) for source in item.sources if source.version == version)
        if intervals:
            yield version, intervals


def address_interval(value):
    """Return the interval of an address, a prefix or a range as nft lists it."""
    if isinstance(value, str):
        return (int(ipaddress.ip_address(value)),) * 2
    if "range" in value:
        first, last = value["range"]
        return (int(ipaddress.ip_address(first)), int(ipaddress.ip_address(last)))
    network = ipaddress.ip_network(f"{value['prefix']['addr']}/{value['prefix']['len']}")
    return (int(network.network_address), int(network.broadcast_address))


def port_words_interval(word):
    """Return the interval of a port or range in the words of iptables, such as 22, 1:1024 or 1024:."""
    first, colon, last = word.partition(":")
    return int(first or 0), int(last or (65535 if colon else first))


def port_interval(value):
    """Return the interval of a port or a range as nft lists it."""
    if isinstance(value, dict):
        first, last = value["range"]
        return (int(first), int(last))
    return (int(value), int(value))


def covers(theirs, ours):
    """Return whether every number of ``ours`` is in ``theirs``, both intervals."""
    return merge([*theirs, *ours]) == merge(theirs)


def wanted_rules(items):
    """Return a Rule in no place for each address family of each Item, labelled with its name: to judge rules by."""
    return [
        Rule((), version, item.protocol, intervals, item.ports, item.name)
        for item in items
        for version, intervals in by_version(item)
    ]


def spread(rules):
    """Return few Rules that cover all of ``rules`` (and may cover more), to judge rules of others by many at once."""
    groups = collections.OrderedDict()
    for rule in rules:
        sources, ports = groups.setdefault((rule.version, rule.protocol), ([], []))
        sources.extend(rule.sources)
        ports.extend(rule.ports)
    return [
        Rule((), version, protocol, merge(sources), merge(ports), "")
        for (version, protocol), (sources, ports) in groups.items()
    ]


def shape(backends):
    """Return the shape of the manifest, see _manifest.fits().

    :arg backends: classes of backends; each says what its own part looks like.
    """
    return {"ports?": [_PORT], "backends?": {f"{kind.name}?": kind.manifest_shape for kind in backends}}


def dump_item(item):
    """Return an item in the form that inputs.parse_items() takes."""
    return {
        "name": item.name,
        "protocol": item.protocol,
        "ports": port_words(item.ports),
        "sources": [str(source) for source in item.sources],
        "comment": item.comment,
    }


def labels_of(fact):
    """Return {Rule: name of the item}; of two items that want the same rule the first has it."""
    return {rule: name for name, rule in reversed(fact.desired)}


def dump_rules(*parts):
    """Return rules and their labels as a list that JSON can hold.

    :arg parts: {Rule: label}; of two with the same rule the later one counts.
    """
    merged = {}
    for part in parts:
        merged.update(part)
    return [[_dump_rule(rule), label] for rule, label in sorted(merged.items())]


def load_rules(value):
    """Return the {Rule: label} that :func:`dump_rules` made the list of."""
    return {_load_rule(rule): label for rule, label in value}


def _dump_rule(rule):
    sources, ports = ([list(pair) for pair in pairs] for pairs in (rule.sources, rule.ports))
    return [list(rule.place), rule.version, rule.protocol, sources, ports, rule.label]


def _load_rule(value):
    place, version, protocol, sources, ports, label = value
    sources, ports = (tuple(tuple(pair) for pair in pairs) for pairs in (sources, ports))
    return Rule(tuple(place), version, protocol, sources, ports, label)
