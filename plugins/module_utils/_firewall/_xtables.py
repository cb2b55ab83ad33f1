# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``iptables -S`` says, typed, and our rules as iptables text. Pure: no command, no file."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import collections
import hashlib
import ipaddress
import shlex

from ansible_collections.ack_edge.node.plugins.module_utils._firewall._model import (
    Rule, merge, network_interval, networks, port_words)
from ansible_collections.ack_edge.node.plugins.module_utils._firewall._nft_ruleset import SOFTWARE_CHAINS

# policies: {built-in chain: policy}; chains: {chain: [Line]}, in order.
Table = collections.namedtuple("Table", "policies chains")

# words: behind '-A CHAIN', quotes resolved; text: the whole line as it was printed.
Line = collections.namedtuple("Line", "words text")

_DROPS = ("DROP", "REJECT")
# The kernel keeps 29 bytes for a name, with a zero at its end.
_CHAIN_LENGTH = 28
# Slots of one multiport match; a range takes two.
_SLOTS = 15
_WHOLE = {4: (0, 2 ** 32 - 1), 6: (0, 2 ** 128 - 1)}
_VALUED = ("-s", "-p", "-m", "--dport", "--dports", "--comment", "-j")
_MODULES = ("tcp", "udp", "multiport", "comment")

# What the first packet of somebody who comes in by the network has; a match on other values is no match.
_FIRST_PACKET = {
    "--ctstate": ("NEW",), "--state": ("NEW",), "--pkt-type": ("unicast",), "--dst-type": ("LOCAL", "UNICAST")}


def parse_listing(text):
    """Return the Table that the output of ``iptables -S`` tells of."""
    table = Table({}, collections.OrderedDict())
    for line in text.splitlines():
        words = _split(line)
        if words[:1] == ["-P"]:
            table.policies[words[1]] = words[2]
        if words[:1] in (["-P"], ["-N"]):
            table.chains.setdefault(words[1], [])
        elif words[:1] == ["-A"]:
            table.chains.setdefault(words[1], []).append(Line(words[2:], line))
    return table


def _split(line):
    try:
        return shlex.split(line)
    except ValueError:
        # A quote in a word that an old iptables did not quote.
        return line.split()


def input_drops(table):
    """Return whether a packet that enters INPUT may be dropped, chains of software left out."""
    if table.policies.get("INPUT", "ACCEPT") != "ACCEPT":
        return True
    return first_drop(table, "INPUT", table.chains.get("INPUT", []), None, returns=False) is not None


def first_drop(table, chain, lines, rules, returns):
    """Return the text of the first rule that may keep one of our packets from what stands behind, or None.

    :arg lines: the Lines to look at, of ``chain``; chains that they jump to are followed, those of software are not:
        what such software drops is its own to drop.
    :arg rules: Rules whose packets are ours; None for any packet.
    :arg returns: whether a RETURN or goto on the level of ``chain`` counts, since it skips what stands behind.
    """
    seen, ahead = {chain}, [(line, returns) for line in lines]
    while ahead:
        line, top = ahead.pop(0)
        target, goes = target_of(line.words)
        if target is None or target.startswith(SOFTWARE_CHAINS) or not _hits(line.words, rules):
            continue
        if target in _DROPS or (top and (goes or target == "RETURN")):
            return line.text
        if target in table.chains and target not in seen:
            seen.add(target)
            ahead[:0] = [(inner, False) for inner in table.chains[target]]
    return None


def target_of(words):
    """Return (target, whether it is a goto) of a rule, (None, False) where it only counts."""
    for option in ("-j", "-g"):
        if option in words[:-1]:
            return words[words.index(option) + 1], option == "-g"
    return None, False


def spread(rules):
    """Return few Rules that cover all of ``rules`` (and may cover more), for :func:`first_drop` on long lists."""
    groups = collections.OrderedDict()
    for rule in rules:
        sources, ports = groups.setdefault((rule.version, rule.protocol), ([], []))
        sources.extend(rule.sources)
        ports.extend(rule.ports)
    return [Rule((), version, protocol, merge(sources), merge(ports), "")
            for (version, protocol), (sources, ports) in groups.items()]


def _hits(words, rules):
    """Return whether a rule may match the first packet of one of ``rules``; a match that is not known here may."""
    return rules is None or any(not _surely_misses(words, rule) for rule in rules)


def _surely_misses(words, rule):
    for index, option in enumerate(words[:-1]):
        negated, value = index > 0 and words[index - 1] == "!", words[index + 1]
        if option in _FIRST_PACKET:
            missed = negated == bool(set(value.split(",")) & set(_FIRST_PACKET[option]))
        elif option == "-i":
            missed = value == "lo" and not negated
        elif option == "--tcp-flags":
            # The first packet has SYN and nothing else.
            expected = set(words[index + 2].split(",")) - {"NONE"} if index + 2 < len(words) else set()
            missed = ((set(value.split(",")) & {"SYN"}) == expected) == negated
        else:
            missed = _elsewhere(option, value, negated, rule)
        if missed:
            return True
    return False


def _elsewhere(option, value, negated, rule):
    """Return whether a match on protocol, source or port has nothing of ``rule``."""
    if option == "-p":
        return value in ("tcp", "udp", "icmp", "ipv6-icmp", "igmp", "esp", "ah", "gre", "sctp") and \
            (value == rule.protocol) == negated
    if option == "-s":
        there, ours = [_source_interval(value, rule.version)], rule.sources
    elif option in ("--dport", "--dports"):
        there, ours = _port_intervals(value), rule.ports
    else:
        return False
    if negated:
        return merge(list(there) + list(ours)) == merge(there)
    return not any(first <= end and begin <= last for first, last in there for begin, end in ours)


def _source_interval(value, version):
    try:
        return network_interval(ipaddress.ip_network(value, strict=False))
    except ValueError:
        # A mask with holes may be anything.
        return _WHOLE[version]


def _port_intervals(value):
    intervals = []
    for word in value.split(","):
        first, _colon, last = word.partition(":")
        intervals.append((int(first), int(last or first)))
    return merge(intervals)


def chain_name(set_name):
    """Return the name of the chain of a set: the same at every run, and within what the kernel takes."""
    name = "ACK-EDGE-" + set_name.upper()
    if len(name) <= _CHAIN_LENGTH:
        return name
    return "%s-%s" % (name[:_CHAIN_LENGTH - 9], hashlib.sha256(set_name.encode("ascii")).hexdigest()[:8].upper())


def rules_of(item, program, version, intervals):
    """Return the rules that open one item in one table: one for each source and 15 ports."""
    chunks, free = [], 0
    for ports in item.ports:
        needs = 1 if ports[0] == ports[1] else 2
        if needs > free:
            chunks.append([])
            free = _SLOTS
        chunks[-1].append(ports)
        free -= needs
    return [Rule((program,), version, item.protocol, (network_interval(network),), tuple(chunk), item.name)
            for network in networks(version, intervals) for chunk in chunks]


def rule_text(rule, chain, prefix):
    """Return a rule as ``iptables -S`` prints it and iptables-restore takes it."""
    source = "" if rule.sources[0] == _WHOLE[rule.version] else "-s %s " % networks(rule.version, rule.sources)[0]
    words = [word.replace("-", ":") for word in port_words(rule.ports)]
    match = "multiport --dports" if len(words) > 1 else "%s --dport" % rule.protocol
    return '-A %s %s-p %s -m %s %s -m comment --comment "%s%s" -j ACCEPT' % (
        chain, source, rule.protocol, match, ",".join(words), prefix, rule.label)


def parse_rule(words, program, version, prefix):
    """Return the Rule that a line of our chain is, or None where it has another form than any we write.

    :arg words: behind '-A CHAIN'.
    """
    given = collections.OrderedDict()
    for option, value in zip(words[::2], words[1::2]):
        if option not in _VALUED or (option in given and option != "-m") or (option == "-m" and value not in _MODULES):
            return None
        given[option] = value
    ports = given.get("--dport", given.get("--dports"))
    if len(words) % 2 or given.get("-j") != "ACCEPT" or given.get("-p") not in ("tcp", "udp") or ports is None:
        return None
    if not given.get("--comment", "").startswith(prefix):
        return None
    try:
        source = network_interval(ipaddress.ip_network(given["-s"])) if "-s" in given else _WHOLE[version]
        return Rule((program,), version, given["-p"], (source,), _port_intervals(ports),
                    given["--comment"][len(prefix):])
    except ValueError:
        return None
