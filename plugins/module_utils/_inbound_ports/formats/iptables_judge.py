# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of others in the words of iptables: which may drop what we let in. Pure: no command, no file.

Judged by source, protocol, ports, state and interface. Another condition (a mark, a rate, a set of addresses) cannot be
judged from the rule. With 'doubt' such a rule counts, which is right where it is said what is open; without it the rule
is meant for something else, which is right where it is asked which firewall decides here.
"""

import collections
import ipaddress
import re
from typing import Any, List, NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Rule,
    merge,
    network_interval,
    overlap,
    port_words_interval,
    spread,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.cluster import (
    owns_chain,
    owns_interface,
    owns_redirect,
)

DROPS = ("DROP", "REJECT")
# Targets behind which a packet goes on. Others that are no chains hand it to a program or port, or trap it.
_GOES_ON = re.compile(
    r"ACCEPT|RETURN|N?U?LOG|(?:CONN)?(?:SEC)?MARK|SET|TCP(?:MSS|OPTSTRIP)|DSCP|TOS|TTL|HL|ECN|CT|NOTRACK|CLASSIFY|TRACE"
    r"|AUDIT|CHECKSUM|RATEEST|TEE|LED|IDLETIMER|HMARK|ACCOUNT|SYNPROXY|SNAT|MASQUERADE"
)
# What a chain does that surely accepts: no rule of iptables reads so.
PASSED = "-j ACCEPT"
_JUDGED = {"-A", "-s", "-d", "-i", "-p", "-m", "--dport", "--dports", "--comment", "-j", "-g", "--reject-with"}
# What a target says of itself.
_JUDGED |= {"--to-destination", "--to-ports", "--to", "--on-port", "--on-ip", "--tproxy-mark"}
# What a packet has that opens a connection to one of our ports; a condition on something else is about others.
_OPENING = {"--ctstate": {"NEW"}, "--state": {"NEW"}, "--pkt-type": {"unicast"}, "--dst-type": {"LOCAL", "UNICAST"}}
_OPENING["--src-type"] = {"UNICAST"}
# What such a packet never has.
_OF_OTHERS = {"--rt-type", "--rt-segsleft", "-f", "--fragid", "--icmp-type", "--icmpv6-type", "--chunk-types"}
_SURELY = {"--ctstate": "NEW", "--state": "NEW", "--pkt-type": "unicast", "--dst-type": "LOCAL"}
# The commonest targets that are no chains.
_TARGETS = (*DROPS, "ACCEPT", "RETURN", "LOG", "NFLOG")
_DIRECT = re.compile(r"ipv[46] (?:filter INPUT|(?:raw|nat|mangle) PREROUTING|(?:mangle|security) INPUT)(?:_direct)? ")
_NUMBERS = {"6": "tcp", "17": "udp", "0": "all"}
_NO_CONDITION = ("-A", "-m", "-j", "-g", "--comment", "--reject-with")

# Ports that rules of others name, such as those of fail2ban.
_SERVICES = {
    **{"ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "http": 80, "pop3": 110, "ntp": 123, "imap": 143},
    **{"imap2": 143, "snmp": 161, "ldap": 389, "https": 443, "submissions": 465, "urd": 465, "submission": 587},
    **{"ldaps": 636, "imaps": 993, "pop3s": 995, "nfs": 2049, "mysql": 3306, "sieve": 4190, "postgresql": 5432},
}


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
    asked = _Asked(table, None, False, False, False)
    return _first_drop(asked, table.chains.get("INPUT", []), False, {"INPUT"}) is not None


def droppers(lines):
    """Return how many of the lines drop, or lead to chains that are not of software."""
    return sum(1 for line in lines if target_of(line.words)[0] in DROPS or chain_of(line.words))


def input_may_drop(table, rules):
    """Return whether INPUT may drop packets of Rules, whatever of them a rule accepts before."""
    lines = table.chains.get("INPUT", [])
    by_policy = table.policies.get("INPUT", "ACCEPT") != "ACCEPT"
    asked = _Asked(table, rules, False, False, False)
    return by_policy or any(_first_drop(asked, [line], False, {"INPUT"}) not in (None, PASSED) for line in lines)


def chain_drop(table, chain, rules, end=None):
    """Return what of a built-in chain may drop packets of Rules, its policy included, None for nothing.

    Chains of software are followed, too: a packet that they drop is dropped, whosever they are.

    :arg end: number of the rules to look at; then the policy is not looked at.
    """
    found = _first_drop(_Asked(table, rules, True, True, True), table.chains.get(chain, [])[:end], False, {chain})
    if found is None and end is None and table.policies.get(chain, "ACCEPT") != "ACCEPT":
        found = f"-P {chain} {table.policies[chain]}"
    return found if found != PASSED else None


def first_drop(table, chain, lines, rules, returns):
    """Return the text of the first rule that may keep one of our packets from what stands behind, or None.

    :arg lines: the Lines to look at, of ``chain``; chains that they jump to are followed, those of software are not:
        what such software drops is its own to drop.
    :arg rules: Rules whose packets are ours; None for any packet.
    :arg returns: whether a RETURN or goto on the level of ``chain`` counts, since it skips what stands behind.
    """
    found = _first_drop(_Asked(table, rules, True, False, True), lines, returns, {chain})
    return found if found != PASSED else None


def drops(table, chain, desired, returns):
    """Return {text of what in a chain may drop: names of items} for desired (name, Rule)s; see :func:`first_drop`."""
    found = collections.OrderedDict()
    for item in collections.OrderedDict(desired):
        ours = spread([rule for named, rule in desired if named == item])
        drop = first_drop(table, chain, table.chains.get(chain, []), ours, returns)
        if drop is None and table.policies.get(chain, "ACCEPT") != "ACCEPT":
            drop = f"-P {chain} {table.policies[chain]}"
        found.setdefault(drop, set()).add(item)
    found.pop(None, None)
    return collections.OrderedDict((drop, frozenset(names)) for drop, names in found.items())


class _Asked(NamedTuple):
    """What is looked for in the chains of a table."""

    table: Any  # a Table
    rules: Optional[List[Rule]]  # whose packets are ours, None for any packet
    doubt: bool  # whether a rule counts that has a condition which cannot be judged
    followed: bool  # whether chains of software are looked into
    taken: bool  # whether a target counts that leads packets elsewhere


def _first_drop(asked, lines, returns, seen):
    """Return the text of a rule, PASSED where all packets surely are accepted, None where they come out at the end."""
    table = asked.table
    for line in lines:
        target, goes = target_of(line.words)
        software = target is not None and owns_chain(target)
        if target is None or (software and not asked.followed) or not _is_about(line.words, asked):
            continue
        takes = asked.taken and target not in table.chains and _takes(target)
        if target in DROPS or takes or (returns and (goes or target == "RETURN")):
            return line.text
        if target in ("ACCEPT", "RETURN") and _takes_all(line.words, asked.rules):
            return PASSED if target == "ACCEPT" else None
        if target in table.chains and target not in seen:
            # By a mark of its own such software knows what it drops.
            taken = asked.taken and not owns_redirect(target)
            inner = asked._replace(doubt=asked.doubt and not software, taken=taken)
            found = _first_drop(inner, table.chains[target], False, seen | {target})
            if found is not None and (found != PASSED or _takes_all(line.words, asked.rules)):
                return found
    return None


def _takes(target):
    """Return whether a target may keep a packet; chains of ufw are not in capitals."""
    return target.isupper() and not _GOES_ON.fullmatch(target)


def _takes_all(words, rules):
    """Return whether a rule matches all of our packets, so that none of them meets what stands behind in its chain."""
    return rules is not None and all(must_match(words, rule) for rule in rules)


def _is_about(words, asked):
    return asked.rules is None or any(may_match(words, rule, asked.doubt) for rule in asked.rules)


def is_direct_input(line, version):
    """Return whether a direct rule of firewalld, 'ipv4 TABLE CHAIN PRIORITY WORDS', is one of filter's INPUT."""
    return line.startswith((f"ipv{version} filter INPUT ", f"ipv{version} filter INPUT_direct "))


def direct_may_drop(words, rule):
    """Return whether a direct rule of firewalld may drop a packet that a Rule lets in; see :func:`may_match`.

    One that leads to a chain of the site may.
    """
    target = target_of(words)[0] or "RETURN"
    if owns_chain(target) or _GOES_ON.fullmatch(target) or not _DIRECT.match(" ".join(words)):
        return False
    return words[0] == f"ipv{rule.version}" and may_match(words[4:], rule, True)


def may_match(words, rule, doubt):
    """Return whether the words of a rule may match a packet that opens a connection which a rule of ours lets in.

    :arg doubt: the answer for a condition on something else than source, protocol, ports, state and interface.
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
        elif word in _JUDGED:
            if not _condition_leaves(word, value, negated, rule):
                return False
        elif (word in _OF_OTHERS and not negated) or not doubt:
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
        return _NUMBERS.get(value, value) in (rule.protocol, "all")
    try:
        if option == "-s":
            theirs, ours = [network_interval(ipaddress.ip_network(f"{value}", strict=False))], rule.sources
        elif option in ("--dport", "--dports"):
            theirs, ours = [_ports(word) for word in value.split(",")], rule.ports
        else:
            return False
    except ValueError:
        return False
    return merge(theirs + list(ours)) == merge(theirs)


def _condition_leaves(option, value, negated, rule):
    """Return whether a condition leaves something of what a rule of ours lets in."""
    if option == "-p":
        return (_NUMBERS.get(value, value) in (rule.protocol, "all")) != negated
    if option == "-i":
        return negated or (value != "lo" and not owns_interface(value))
    try:
        if option in ("-s", "-d"):
            network = ipaddress.ip_network(f"{value}", strict=False)
            if option == "-d":
                return negated or not network.is_loopback
            return _leaves([network_interval(network)], negated, rule.sources)
        theirs = [_ports(word) for word in value.split(",")] if option in ("--dport", "--dports") else []
    except ValueError:
        # A mask with holes, or a name: it may be anything.
        return True
    return _leaves(theirs, negated, rule.ports) if theirs else True


def _ports(word):
    return port_words_interval(str(_SERVICES.get(word, word)))


def _leaves(theirs, negated, ours):
    return merge(theirs + list(ours)) != merge(theirs) if negated else overlap(theirs, ours)
