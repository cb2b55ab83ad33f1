# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wanted (Item) and what a firewall holds (Rule), typed; the only place that reads user input.

Ports and addresses are closed intervals of integers, merged and sorted, so that two ways to write the same thing
(``80, 81`` and ``80-81``, two halves of a network and the network) compare equal whatever tool printed them.
"""

import collections
import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs

# ports: intervals; sources: networks, IPv4 before IPv6.
Item = collections.namedtuple("Item", "name protocol ports sources comment")

# One accept in one place. place: tuple, what the backend calls the place (zone; family, table, chain); version: 4 or 6;
# sources and ports: intervals; label: the item's name where the firewall can carry it, else ''.
Rule = collections.namedtuple("Rule", "place version protocol sources ports label")

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9 ._:+/-]{0,47}\Z")
_ADDRESS = {4: ipaddress.IPv4Address, 6: ipaddress.IPv6Address}
_SHOWN = 4


def merge(intervals):
    """Return closed integer intervals sorted, with overlapping and adjacent ones joined, as a tuple of pairs."""
    result = []
    for first, last in sorted(intervals):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return tuple(result)


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
    return [str(first) if first == last else f"{int(first)}-{int(last)}" for first, last in intervals]


def by_version(item):
    """Yield (version, intervals) for each address family that the sources of an item have."""
    for version in (4, 6):
        intervals = merge(network_interval(source) for source in item.sources if source.version == version)
        if intervals:
            yield version, intervals


def describe(item):
    """Return an item in words, e.g. ``TCP 10250, 10255 from 192.168.0.0/16``."""
    sources = [str(source) for source in item.sources]
    more = f" and {int(len(sources) - _SHOWN)} more" if len(sources) > _SHOWN else ""
    return f"{item.protocol.upper()} {', '.join(port_words(item.ports))} from {', '.join(sources[:_SHOWN])}{more}"


def dump_item(item):
    """Return an item in the form that :func:`parse_items` takes, for the manifest."""
    return {
        "name": item.name,
        "protocol": item.protocol,
        "ports": port_words(item.ports),
        "sources": [str(source) for source in item.sources],
        "comment": item.comment,
    }


def dump_rule(rule):
    """Return a rule as a list that JSON can hold."""
    return [
        list(rule.place),
        rule.version,
        rule.protocol,
        [list(pair) for pair in rule.sources],
        [list(pair) for pair in rule.ports],
        rule.label,
    ]


def load_rule(value):
    """Return the rule that :func:`dump_rule` made the list of."""
    place, version, protocol, sources, ports, label = value
    return Rule(
        tuple(place),
        version,
        protocol,
        tuple(tuple(pair) for pair in sources),
        tuple(tuple(pair) for pair in ports),
        label,
    )


def parse_items(raw, allow_any_source=False):
    """Return (items, problems) for the user's list of ports; problems are sentences, all of them.

    :arg raw: list of dicts with name, protocol, ports, sources, comment as in the module's documentation.
    :arg allow_any_source: whether 0.0.0.0/0 and ::/0 may be a source.
    """
    items, problems, seen = [], [], {}
    for index, entry in enumerate(raw):
        where = f"ports[{int(index)}] ({entry['name']})"
        problems.extend(f"{where}: {problem}" for problem in _text_problems(entry))
        if entry["name"] in seen:
            problems.append(
                f"{where}: the name is taken by ports[{int(seen[entry['name']])}]; give each entry a name of its own"
            )
        seen.setdefault(entry["name"], index)
        ports, bad_ports = _parse_ports(entry["ports"])
        sources, bad_sources = _parse_sources(entry["sources"], allow_any_source)
        problems.extend(f"{where}: {problem}" for problem in bad_ports + bad_sources)
        items.append(Item(entry["name"], entry["protocol"], ports, sources, entry.get("comment") or ""))
    return items, problems


def _text_problems(entry):
    if not _NAME.match(entry["name"]):
        yield (
            f"name is {entry['name']!r}, expected up to 48 letters, digits, blanks or any of . _ : + / -, beginning with a letter or digit"
        )
    if entry["protocol"] not in ("tcp", "udp"):
        yield f"protocol is {entry['protocol']!r}, expected tcp or udp"
    if any(not char.isprintable() for char in entry.get("comment") or ""):
        yield "comment has a line break or a control character; write it in one line"


def _parse_ports(values):
    problems = []
    intervals = _inputs.each(problems, "port", [str(value).strip() for value in values], _inputs.ports)
    if not values:
        problems.append("ports is empty; name at least one port")
    return merge(intervals), problems


def _parse_sources(values, allow_any_source):
    problems = []
    parsed = _inputs.each(problems, "source", [str(value).strip() for value in values], _inputs.source, anywhere=True)
    if not values:
        problems.append("sources is empty, which would open the port to everybody; name the networks that need it")
    collapsed = []
    for version in (4, 6):
        collapsed.extend(ipaddress.collapse_addresses(item for item in parsed if item.version == version))
    # Two halves of everything are everything, so it is looked for in what they make together.
    anywhere = allow_any_source or "set allow_any_source to true if the port is for everybody"
    for network in collapsed:
        _inputs.attempt(
            problems, "source", str(network), lambda _text, one=network: _inputs.not_everything(one, anywhere)
        )
    return tuple(collapsed), problems
