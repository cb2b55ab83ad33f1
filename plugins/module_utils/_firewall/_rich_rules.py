# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""firewalld's rich rules and zone files, typed. Pure: no command, no file."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ipaddress
import re
from xml.etree import ElementTree

from ansible_collections.ack_edge.node.plugins.module_utils._firewall._model import (
    Rule, by_version, network_interval, networks, port_words)

# Exactly the form that we write and that every firewalld since 0.6 prints; anything more (NOT, priority, log, limit,
# another action) is another rule and none of ours.
_RULE = re.compile(r'^rule family="(ipv[46])" source address="([^"]+)" port port="([0-9]+)(?:-([0-9]+))?" '
                   r'protocol="(tcp|udp)" accept$')


def rules_of(item, zone):
    """Return the rules that open one item in a zone: one for each source and port or range."""
    return [Rule((zone,), version, item.protocol, (network_interval(network),), (ports,), "")
            for version, intervals in by_version(item)
            for network in networks(version, intervals)
            for ports in item.ports]


def rule_text(rule):
    """Return a rule in firewalld's rich language, as firewalld prints it."""
    source = networks(rule.version, rule.sources)[0]
    return 'rule family="ipv%d" source address="%s" port port="%s" protocol="%s" accept' % (
        rule.version, source, port_words(rule.ports)[0], rule.protocol)


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
    if family != "ipv%d" % network.version:
        return None
    return Rule((zone,), network.version, protocol, (network_interval(network),),
                ((int(first), int(last or first)),), "")


def zone_content(zone, text):
    """Return what a zone file says as a set: a Rule for each rich rule of our form, other elements by their content.

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
    return (element.tag, tuple(sorted(element.attrib.items())), (element.text or "").strip(),
            frozenset(_plain(child) for child in element))


def _xml_rule(zone, element):
    """Return the Rule of an XML element if that is one of our form."""
    children = {child.tag: child for child in element}
    if element.tag != "rule" or set(element.attrib) != {"family"} or set(children) != {"source", "port", "accept"}:
        return None
    source, port = dict(children["source"].attrib), children["port"].attrib
    if source.pop("invert", "no").lower() in ("yes", "true") or set(source) != {"address"} or len(element) != 3:
        return None
    if len(children["accept"]) or set(port) != {"port", "protocol"}:
        return None
    return parse_rule(zone, 'rule family="%s" source address="%s" port port="%s" protocol="%s" accept' % (
        element.attrib["family"], source["address"], port["port"], port["protocol"]))
