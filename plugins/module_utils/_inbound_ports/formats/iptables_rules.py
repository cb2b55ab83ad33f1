# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules in the words of iptables: read what ``-S`` prints, write an accept of ours. Pure: no command, no file."""

import ipaddress
import shlex

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import (
    Rule,
    merge,
    network_interval,
    networks,
)

_ANY = {4: "0.0.0.0/0", 6: "::/0"}
_DROPS = ("DROP", "REJECT")
_JUDGED = {"-A", "-s", "-d", "-i", "-p", "-m", "--dport", "--dports", "--comment", "-j", "-g", "--reject-with"}
# What a packet has that opens a connection to one of our ports; a condition on something else is about others.
_OPENING = {"--ctstate": {"NEW"}, "--state": {"NEW"}, "--pkt-type": {"unicast"}, "--dst-type": {"LOCAL", "UNICAST"}}


def source_text(rule):
    """Return the one source of a rule as iptables takes it, '' for any."""
    network = networks(rule.version, rule.sources)[0]
    if network.prefixlen == 0:
        return ""
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def ports_text(ports):
    """Return ports as iptables takes them: ``10250,30000:32767``."""
    return ",".join(str(first) if first == last else f"{int(first)}:{int(last)}" for first, last in ports)


def ports_words(ports, ufw=False):
    """Return the match on ports; ufw takes multiport for ranges, too."""
    single = len(ports) == 1 and (ports[0][0] == ports[0][1] or not ufw)
    return ("--dport %s" if single else "-m multiport --dports %s") % ports_text(ports)


def accept_spec(rule):
    """Return the words of an accept, without its chain."""
    source = source_text(rule)
    words = ["-s", source] if source else []
    return " ".join([*words, "-p", rule.protocol, ports_words(rule.ports), "-j", "ACCEPT"])


def rule_of(chain, version, protocol, source, ports):
    """Return the Rule of these words, None where they are no accept of our form."""
    if protocol not in ("tcp", "udp"):
        return None
    try:
        network = ipaddress.ip_network(f"{source}", strict=False)
        intervals = merge(_interval(word) for word in ports.split(","))
    except ValueError:
        return None
    if network.version != version:
        return None
    return Rule((chain,), version, protocol, (network_interval(network),), intervals, "")


def _interval(word):
    first, _colon, last = word.partition(":")
    return int(first or 0), int(last or (65535 if _colon else first))


def words_of(line):
    """Return the words of a line, quotes resolved."""
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def parse_accept(line, chain, version):
    """Return the Rule of one line of ``-S``, None where it is no accept of our form in that chain."""
    words = words_of(line)
    if words[:2] != ["-A", chain] or words[-2:] != ["-j", "ACCEPT"] or len(words) % 2:
        return None
    said = {}
    for index in range(2, len(words) - 2, 2):
        option, value = words[index : index + 2]
        if (option in said and option != "-m") or (option == "-m" and value not in ("tcp", "udp", "multiport")):
            return None
        said[option] = value
    if set(said) - {"-s", "-p", "-m", "--dport", "--dports"}:
        return None
    ports = said.get("--dports") or said.get("--dport")
    return rule_of(chain, version, said.get("-p"), said.get("-s", _ANY[version]), ports) if ports else None


def may_drop(line, rule):
    """Return whether a line of ``-S`` may drop a packet that a rule of ours lets in; see :func:`may_match`."""
    words = words_of(line)
    return words[:1] == ["-A"] and _target(words) in _DROPS and may_match(words, rule)


def _target(words):
    return words[words.index("-j") + 1] if "-j" in words[:-1] else None


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
        elif word not in _JUDGED or not _meant(word, value, negated, rule):
            return False
    return True


def _meant(option, value, negated, rule):
    """Return whether a condition leaves something of what a rule of ours lets in."""
    if option == "-p":
        return (value in (rule.protocol, "all")) != negated
    if option == "-i":
        return negated or value != "lo"
    try:
        if option in ("-s", "-d"):
            network = ipaddress.ip_network(f"{value}", strict=False)
            return (
                _leaves([network_interval(network)], negated, rule.sources)
                if option == "-s"
                else (negated or not network.is_loopback)
            )
        theirs = [_interval(word) for word in value.split(",")] if option in ("--dport", "--dports") else []
    except ValueError:
        # A mask with holes, or a name: it may be anything.
        return True
    return _leaves(theirs, negated, rule.ports) if theirs else True


def _leaves(theirs, negated, ours):
    if negated:
        return merge(theirs + list(ours)) != merge(theirs)
    return any(first <= high and low <= last for first, last in theirs for low, high in ours)
