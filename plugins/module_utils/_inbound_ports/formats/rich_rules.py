# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""firewalld's rich rules and zone files, typed. Pure: no command, no file."""

import collections
import hashlib
import ipaddress
import re
from xml.etree import ElementTree

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import (
    Rule,
    by_version,
    merge,
    network_interval,
    networks,
    port_words,
)

# Of our ipsets; firewalld takes names of up to 31 characters.
SET_PREFIX = "ack-edge-"
# Exactly the form that we write and that every firewalld since 0.6 prints; anything more (NOT, priority, log, limit,
# another action) is another rule and none of ours.
_RULE = re.compile(
    r'^rule family="(ipv[46])" source address="([^"]+)" port port="([0-9]+)(?:-([0-9]+))?" '
    r'protocol="(tcp|udp)" accept\Z'
)
# What firewall-cmd says of one zone. interfaces, sources: words; rules: rich rules as text.
Zone = collections.namedtuple("Zone", "interfaces sources rules")


def parse_zones(text):
    """Return {zone: Zone} of what ``--list-all-zones`` prints."""
    zones, zone = collections.OrderedDict(), Zone([], [], [])
    for line in text.splitlines():
        key, _colon, words = line.strip().partition(":")
        if line and not line[0].isspace():
            zone = zones[line.split()[0]] = Zone([], [], [])
        elif line.strip().startswith("rule "):
            zone.rules.append(line.strip())
        elif key in ("interfaces", "sources"):
            getattr(zone, key).extend(words.split())
    return zones


def rules_of(item, zone):
    """Return the rules that open one item in a zone: one for each source and port or range."""
    return [
        Rule((zone,), version, item.protocol, (network_interval(network),), (ports,), "")
        for version, intervals in by_version(item)
        for network in networks(version, intervals)
        for ports in item.ports
    ]


def joined(rules, owner):
    """Return the rules of one item in one zone with those that differ by their source joined into one with an ipset.

    The name of the ipset, the second part of the new rule's place, follows from its owner and what is in it. So a
    changed list of sources is another ipset, which is complete before a rule uses it.
    """
    alike = collections.OrderedDict()
    for rule in rules:
        alike.setdefault((rule.version, rule.ports), []).append(rule)
    result = []
    for (version, _ports), group in alike.items():
        sources = merge(source for rule in group for source in rule.sources)
        content = f"{owner} {int(version)} {sources}"
        name = f"{SET_PREFIX}{int(version)}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
        result.append(group[0]._replace(place=(*group[0].place, name), sources=sources))
    return result


def set_of(rule):
    """Return the name of the ipset that a rule takes its sources from, '' for none."""
    return rule.place[1] if len(rule.place) > 1 else ""


def rule_text(rule):
    """Return a rule in firewalld's rich language, as firewalld prints it."""
    name = set_of(rule)
    source = f'ipset="{name}"' if name else f'address="{networks(rule.version, rule.sources)[0]}"'
    return f'rule family="ipv{int(rule.version)}" source {source} port port="{port_words(rule.ports)[0]}" protocol="{rule.protocol}" accept'


def rule_content(rule):
    """Return a rule as :func:`zone_content` has it."""
    return rule_text(rule) if set_of(rule) else rule


def parse_rule(zone, text):
    """Return the Rule that a rich rule is, or None where it is of another form than we write."""
    match = _RULE.match(text.strip())
    if not match:
        return None
    family, address, first, last, protocol = match.groups()
    try:
        network = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return None
    if family != f"ipv{int(network.version)}":
        return None
    return Rule(
        (zone,), network.version, protocol, (network_interval(network),), ((int(first), int(last or first)),), ""
    )


def zone_content(zone, text):
    """Return what a zone file says as a set: a Rule for each rich rule of our form, its text where that names an ipset,
    other elements by their content.

    Formatting, comments and order of the elements are not part of it. None where there is no text or it is not XML.
    """
    if text is None:
        return None
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "surrogateescape"))
    except ElementTree.ParseError:
        return None
    content = {("zone", tuple(sorted(root.attrib.items())))}
    for element in root:
        content.add(_xml_rule(zone, element) or _plain(element))
    return frozenset(content)


def _plain(element):
    return (
        element.tag,
        tuple(sorted(element.attrib.items())),
        (element.text or "").strip(),
        frozenset(_plain(child) for child in element),
    )


def _xml_rule(zone, element):
    """Return the Rule of an XML element, or its text, if that is one of our form."""
    children = {child.tag: child for child in element}
    if element.tag != "rule" or set(element.attrib) != {"family"} or set(children) != {"source", "port", "accept"}:
        return None
    source, port = dict(children["source"].attrib), children["port"].attrib
    if source.pop("invert", "no").lower() in ("yes", "true") or len(source) != 1 or len(element) != 3:
        return None
    if len(children["accept"]) or set(port) != {"port", "protocol"}:
        return None
    ((kind, value),) = source.items()
    text = f'rule family="{element.attrib["family"]}" source {kind}="{value}" port port="{port["port"]}" protocol="{port["protocol"]}" accept'
    return text if kind == "ipset" else parse_rule(zone, text)
