# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules in the words of iptables, for iptables and ufw: read what ``-S`` prints, judge it, write ours. Pure."""

import collections
import hashlib
import ipaddress
import re
import shlex
from typing import Dict, List, NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Rule,
    merge,
    network_interval,
    networks,
    overlap,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.cluster import owns_chain, owns_interface

DROPS = ("DROP", "REJECT")
# What a chain does that surely accepts: no rule of iptables reads so.
PASSED = "-j ACCEPT"
# The kernel keeps 29 bytes for a name, with a zero at its end.
_CHAIN_LENGTH = 28
# Slots of one multiport match; a range takes two.
_SLOTS = 15
_ANY = {4: "0.0.0.0/0", 6: "::/0"}
_ACCEPT = {"-s", "-p", "-m", "--dport", "--dports", "-j"}
_MODULES = ("tcp", "udp", "multiport")
_JUDGED = {"-A", "-s", "-d", "-i", "-p", "-m", "--dport", "--dports", "--comment", "-j", "-g", "--reject-with"}
# What a packet has that opens a connection to one of our ports; a condition on something else is about others.
_OPENING = {"--ctstate": {"NEW"}, "--state": {"NEW"}, "--pkt-type": {"unicast"}, "--dst-type": {"LOCAL", "UNICAST"}}
_SURELY = {"--ctstate": "NEW", "--state": "NEW", "--pkt-type": "unicast", "--dst-type": "LOCAL"}
# The commonest targets that are no chains.
_TARGETS = (*DROPS, "ACCEPT", "RETURN", "LOG", "NFLOG")
_NO_CONDITION = ("-A", "-m", "-j", "-g", "--comment", "--reject-with")


class Line(NamedTuple):
    """One rule as it was printed."""

    words: List[str]  # behind '-A CHAIN', quotes resolved
    text: str  # the whole line


class Table(NamedTuple):
    """One table."""

    policies: Dict[str, str]  # of the built-in chains
    chains: Dict[str, List[Line]]  # in order


# Reading.


def words_of(line):
    """Return the words of a line, quotes resolved."""
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def line_of(text):
    """Return one '-A CHAIN ...' as a Line."""
    return Line(words_of(text)[2:], text)


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


def rule_of(place, version, protocol, source, ports):
    """Return the Rule of these words, None where they are not an allow rule of our form."""
    if protocol not in ("tcp", "udp"):
        return None
    try:
        network = ipaddress.ip_network(f"{source}", strict=False)
        intervals = merge(_interval(word) for word in ports.split(","))
    except ValueError:
        return None
    if network.version != version:
        return None
    return Rule((place,), version, protocol, (network_interval(network),), intervals, "")


def _interval(word):
    first, colon, last = word.partition(":")
    return int(first or 0), int(last or (65535 if colon else first))


def parse_rule(words, place, version, prefix=""):
    """Return the Rule that a line is, or None where it has another form than any we write.

    :arg words: behind '-A CHAIN'.
    :arg prefix: what its comment must begin with; the rest is its label. Without, it must have no comment.
    """
    options, modules = (_ACCEPT | {"--comment"}, (*_MODULES, "comment")) if prefix else (_ACCEPT, _MODULES)
    given = {}
    for index in range(0, len(words) - 1, 2):
        option, value = words[index : index + 2]
        if (option in given and option != "-m") or (option == "-m" and value not in modules):
            return None
        given[option] = value
    comment, ports = given.get("--comment", ""), given.get("--dport", given.get("--dports"))
    if "--dport" in given and "--dports" in given:
        return None
    if len(words) % 2 or set(given) - options or given.get("-j") != "ACCEPT" or not comment.startswith(prefix):
        return None
    rule = rule_of(place, version, given.get("-p"), given.get("-s", _ANY[version]), ports or "")
    return rule and rule._replace(label=comment[len(prefix) :])


def parse_accept(line, chain, version):
    """Return the Rule of one line of ``-S``, None where it is not an allow rule of our form in that chain."""
    words = words_of(line)
    if words[:2] != ["-A", chain] or words[-2:] != ["-j", "ACCEPT"]:
        return None
    return parse_rule(words[2:], chain, version)


# Writing.


def rules_of(item, place, version, intervals, labelled=True):
    """Return the rules that open one item in one place: one for each source and 15 ports.

    :arg labelled: whether a rule can carry the name of the item.
    """
    label = item.name if labelled else ""
    return [
        Rule((place,), version, item.protocol, (network_interval(network),), ports, label)
        for network in networks(version, intervals)
        for ports in _portions(item.ports)
    ]


def _portions(ports):
    portions, free = [], 0
    for pair in ports:
        needs = 1 if pair[0] == pair[1] else 2
        if needs > free:
            portions.append([])
            free = _SLOTS
        portions[-1].append(pair)
        free -= needs
    return [tuple(portion) for portion in portions]


def source_text(rule):
    """Return the one source of a rule as iptables takes it, '' for any."""
    network = networks(rule.version, rule.sources)[0]
    if network.prefixlen == 0:
        return ""
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def ports_text(ports):
    """Return ports as iptables takes them: ``10250,30000:32767``."""
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in ports)


def rule_text(rule, chain, prefix):
    """Return a rule with a comment as ``iptables -S`` prints it and iptables-restore takes it."""
    source, ports = networks(rule.version, rule.sources)[0], ports_text(rule.ports)
    words = ["-A", chain, *(["-s", str(source)] if source.prefixlen else []), "-p", rule.protocol]
    words += ["-m", "multiport", "--dports", ports] if "," in ports else ["-m", rule.protocol, "--dport", ports]
    return " ".join([*words, "-m", "comment", "--comment", f'"{prefix}{rule.label}"', "-j", "ACCEPT"])


def chain_file(rules, chain, prefix, made_before=False):
    """Return a file for iptables-restore that puts rules into a chain of ours, and a jump to it in front of INPUT.

    :arg made_before: whether the chain is there already, and empty.
    """
    # One file serves both variants of a family, whose rules read alike.
    lines = collections.OrderedDict((rule_text(rule, chain, prefix), None) for rule in rules)
    head = ["# Made by ack_edge.node (inbound_ports); the next run writes it again.", "*filter"]
    made = [] if made_before else [f":{chain} - [0:0]"]
    return "\n".join([*head, *made, *lines, f"-I INPUT 1 -j {chain}", "COMMIT\n"])


def accept_text(rule):
    """Return the words of an accept without a comment, without its chain."""
    source = source_text(rule)
    words = ["-s", source] if source else []
    return " ".join([*words, "-p", rule.protocol, ports_match(rule.ports, len(rule.ports) > 1), "-j", "ACCEPT"])


def ports_match(ports, multiport):
    """Return the match on ports."""
    return ("-m multiport --dports %s" if multiport else "--dport %s") % ports_text(ports)


def chain_name(set_name):
    """Return the name of the chain of a set: the same at every run, and within what the kernel takes."""
    name = "ACK-EDGE-" + set_name.upper()
    if len(name) <= _CHAIN_LENGTH:
        return name
    return f"{name[: _CHAIN_LENGTH - 9]}-{hashlib.sha256(set_name.encode('ascii')).hexdigest()[:8].upper()}"


# Judging.


def target_of(words):
    """Return (target, whether it is a goto) of a rule, (None, False) where it only counts."""
    for option in ("-j", "-g"):
        if option in words[:-1]:
            return words[words.index(option) + 1], option == "-g"
    return None, False


def chain_of(words):
    """Return the name of the chain that a rule leads to, '' for none; chains of software are none."""
    target = target_of(words)[0] or ""
    return "" if target in _TARGETS or owns_chain(target) else target


def input_drops(table):
    """Return whether a packet that enters INPUT may be dropped, chains of software left out."""
    if table.policies.get("INPUT", "ACCEPT") != "ACCEPT":
        return True
    return first_drop(table, "INPUT", table.chains.get("INPUT", []), None, returns=False) is not None


def droppers(lines):
    """Return how many of the lines drop, or lead to chains that are not of software."""
    return sum(1 for line in lines if target_of(line.words)[0] in DROPS or chain_of(line.words))


def input_may_drop(table, rules):
    """Return whether INPUT may drop packets of Rules, whatever of them a rule accepts before."""
    lines = table.chains.get("INPUT", [])
    by_policy = table.policies.get("INPUT", "ACCEPT") != "ACCEPT"
    return by_policy or any(first_drop(table, "INPUT", [line], rules, returns=False) for line in lines)


def chain_drop(table, chain, rules):
    """Return what of a built-in chain may drop packets of Rules, its policy included, None for nothing.

    Chains of software are followed, too: a packet that they drop is dropped, whosever they are.
    """
    found = _first_drop(table, table.chains.get(chain, []), rules, False, {chain}, followed=True)
    if found is None and table.policies.get(chain, "ACCEPT") != "ACCEPT":
        found = f"-P {chain} {table.policies[chain]}"
    return found if found != PASSED else None


def first_drop(table, chain, lines, rules, returns):
    """Return the text of the first rule that may keep one of our packets from what stands behind, or None.

    :arg lines: the Lines to look at, of ``chain``; chains that they jump to are followed, those of software are not:
        what such software drops is its own to drop.
    :arg rules: Rules whose packets are ours; None for any packet.
    :arg returns: whether a RETURN or goto on the level of ``chain`` counts, since it skips what stands behind.
    """
    found = _first_drop(table, lines, rules, returns, {chain}, followed=False)
    return found if found != PASSED else None


def _first_drop(table, lines, rules, returns, seen, followed):
    """Return the text of a rule, PASSED where all packets surely are accepted, None where they come out at the end."""
    for line in lines:
        target, goes = target_of(line.words)
        if target is None or (owns_chain(target) and not followed) or not _is_about(line.words, rules):
            continue
        if target in DROPS or (returns and (goes or target == "RETURN")):
            return line.text
        if target in ("ACCEPT", "RETURN") and _takes_all(line.words, rules):
            return PASSED if target == "ACCEPT" else None
        if target in table.chains and target not in seen:
            found = _first_drop(table, table.chains[target], rules, False, seen | {target}, followed)
            if found is not None and (found != PASSED or _takes_all(line.words, rules)):
                return found
    return None


def _takes_all(words, rules):
    """Return whether a rule matches all of our packets, so that none of them meets what stands behind in its chain."""
    return rules is not None and all(must_match(words, rule) for rule in rules)


def _is_about(words, rules):
    return rules is None or any(may_match(words, rule) for rule in rules)


def is_direct_input(line, version):
    """Return whether a direct rule of firewalld, 'ipv4 TABLE CHAIN PRIORITY WORDS', is one of filter's INPUT."""
    return line.startswith((f"ipv{version} filter INPUT ", f"ipv{version} filter INPUT_direct "))


def direct_may_drop(line, rule):
    """Return whether a direct rule of firewalld may drop a packet that a Rule lets in; see :func:`may_match`."""
    words = words_of(line)[4:]
    return is_direct_input(line, rule.version) and target_of(words)[0] in DROPS and may_match(words, rule)


def may_match(words, rule):
    """Return whether the words of a rule may match a packet that opens a connection which a rule of ours lets in.

    Judged by source, protocol, ports, state and interface. A rule with another condition (a mark, a routing header, a
    rate) is meant for something else and does not count.
    """
    for index, word in enumerate(words[:-1]):
        if not word.startswith("-"):
            continue
        negated, value = index > 0 and words[index - 1] == "!", words[index + 1]
        if word in _OPENING:
            if bool(set(value.split(",")) & _OPENING[word]) == negated:
                return False
        elif word == "--tcp-flags":
            expected = {"SYN"} if "SYN" in words[index + 2 : index + 3] else set()
            if (set(value.split(",")) & {"SYN"} == expected) == negated:
                return False
        elif word not in _JUDGED or not _condition_leaves(word, value, negated, rule):
            return False
    return True


def must_match(words, rule):
    """Return whether the words of a rule match every packet that opens a connection which a rule of ours lets in.

    No is the answer for every condition that depends on more than addresses, protocol, ports and state.
    """
    for index, word in enumerate(words[:-1]):
        if not word.startswith("-") or word in _NO_CONDITION:
            continue
        negated, value = index > 0 and words[index - 1] == "!", words[index + 1]
        if negated or not _condition_takes_all(word, value, rule):
            return False
    return True


def _condition_takes_all(option, value, rule):
    if option in _SURELY:
        return _SURELY[option] in value.split(",")
    if option == "-p":
        return value in (rule.protocol, "all")
    try:
        if option == "-s":
            theirs, ours = [network_interval(ipaddress.ip_network(f"{value}", strict=False))], rule.sources
        elif option in ("--dport", "--dports"):
            theirs, ours = [_interval(word) for word in value.split(",")], rule.ports
        else:
            return False
    except ValueError:
        return False
    return merge(theirs + list(ours)) == merge(theirs)


def _condition_leaves(option, value, negated, rule):
    """Return whether a condition leaves something of what a rule of ours lets in."""
    if option == "-p":
        return (value in (rule.protocol, "all")) != negated
    if option == "-i":
        return negated or (value != "lo" and not owns_interface(value))
    try:
        if option in ("-s", "-d"):
            network = ipaddress.ip_network(f"{value}", strict=False)
            if option == "-d":
                return negated or not network.is_loopback
            return _leaves([network_interval(network)], negated, rule.sources)
        theirs = [_interval(word) for word in value.split(",")] if option in ("--dport", "--dports") else []
    except ValueError:
        # A mask with holes, or a name: it may be anything.
        return True
    return _leaves(theirs, negated, rule.ports) if theirs else True


def _leaves(theirs, negated, ours):
    return merge(theirs + list(ours)) != merge(theirs) if negated else overlap(theirs, ours)
