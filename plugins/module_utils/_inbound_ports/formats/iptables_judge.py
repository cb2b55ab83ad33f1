# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``iptables -S`` says, typed, and our rules as iptables text. Pure: no command, no file."""

import collections
import hashlib
import re

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.iptables_rules import (
    may_match,
    ports_text,
    rule_of,
    words_of,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import (
    Rule,
    merge,
    network_interval,
    networks,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.cluster import SOFTWARE_CHAINS

# policies: {built-in chain: policy}; chains: {chain: [Line]}, in order.
Table = collections.namedtuple("Table", "policies chains")

# words: behind '-A CHAIN', quotes resolved; text: the whole line as it was printed.
Line = collections.namedtuple("Line", "words text")

_DROPS = ("DROP", "REJECT")
# The kernel keeps 29 bytes for a name, with a zero at its end.
_CHAIN_LENGTH = 28
# Slots of one multiport match; a range takes two.
_SLOTS = 15
_ANY = {4: "0.0.0.0/0", 6: "::/0"}
_OPTIONS = {"-s", "-p", "-m", "--dport", "--dports", "--comment", "-j"}
_MODULES = ("tcp", "udp", "multiport", "comment")


def parse_listing(text):
    """Return the Table that the output of ``iptables -S`` tells of."""
    table = Table({}, collections.OrderedDict())
    for line in text.splitlines():
        words = words_of(line)
        if words[:1] == ["-P"]:
            table.policies[words[1]] = words[2]
        if words[:1] in (["-P"], ["-N"]):
            table.chains.setdefault(words[1], [])
        elif words[:1] == ["-A"]:
            table.chains.setdefault(words[1], []).append(Line(words[2:], line))
    return table


def parse_saved(text):
    """Return the Table that the filter part of what iptables-save wrote tells of."""
    lines, inside = [], False
    for line in text.splitlines():
        words = line.split()
        if line.startswith("*"):
            inside = line.strip() == "*filter"
        elif inside and line.startswith(":") and len(words) > 1:
            lines.append("-N " + words[0][1:] if words[1] == "-" else f"-P {words[0][1:]} {words[1]}")
        elif inside:
            # With counters in front, where it was saved with -c.
            lines.append(re.sub(r"^\[[0-9]+:[0-9]+\] ", "", line))
    return parse_listing("\n".join(lines))


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
        if target is None or target.startswith(SOFTWARE_CHAINS) or not _meant(line.words, rules):
            continue
        if target in _DROPS or (top and (goes or target == "RETURN")):
            return line.text
        if target in table.chains and target not in seen:
            seen.add(target)
            ahead[:0] = [(inner, False) for inner in table.chains[target]]
    return None


def _meant(words, rules):
    return rules is None or any(may_match(words, rule) for rule in rules)


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
    return [
        Rule((), version, protocol, merge(sources), merge(ports), "")
        for (version, protocol), (sources, ports) in groups.items()
    ]


def chain_name(set_name):
    """Return the name of the chain of a set: the same at every run, and within what the kernel takes."""
    name = "ACK-EDGE-" + set_name.upper()
    if len(name) <= _CHAIN_LENGTH:
        return name
    return f"{name[: _CHAIN_LENGTH - 9]}-{hashlib.sha256(set_name.encode('ascii')).hexdigest()[:8].upper()}"


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
    return [
        Rule((program,), version, item.protocol, (network_interval(network),), tuple(chunk), item.name)
        for network in networks(version, intervals)
        for chunk in chunks
    ]


def rule_text(rule, chain, prefix):
    """Return a rule as ``iptables -S`` prints it and iptables-restore takes it."""
    source = networks(rule.version, rule.sources)[0]
    ports = ports_text(rule.ports)
    return f'-A {chain} {(f"-s {source} " if source.prefixlen else "")}-p {rule.protocol} -m {"multiport --dports" if "," in ports else rule.protocol + " --dport"} {ports} -m comment --comment "{prefix}{rule.label}" -j ACCEPT'


def parse_rule(words, program, version, prefix):
    """Return the Rule that a line of our chain is, or None where it has another form than any we write.

    :arg words: behind '-A CHAIN'.
    """
    given = {}
    for index in range(0, len(words) - 1, 2):
        option, value = words[index : index + 2]
        if (option in given and option != "-m") or (option == "-m" and value not in _MODULES):
            return None
        given[option] = value
    comment, ports = given.get("--comment", ""), given.get("--dport", given.get("--dports"))
    if len(words) % 2 or set(given) - _OPTIONS or given.get("-j") != "ACCEPT" or not comment.startswith(prefix):
        return None
    rule = rule_of(program, version, given.get("-p"), given.get("-s", _ANY[version]), ports or "")
    return rule and rule._replace(label=comment[len(prefix) :])
