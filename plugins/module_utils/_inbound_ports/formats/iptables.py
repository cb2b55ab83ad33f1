# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules in the words of iptables, for iptables and ufw: what ``-S`` prints, ours, and the files of ufw. Pure."""

import collections
import hashlib
import ipaddress
import re
import shlex
from typing import Dict, List, NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Rule,
    merge,
    network_interval,
    networks,
    port_words_interval,
)

# Without quotes and backslashes.
_PLAIN = re.compile(r"[ !#-&(-\[\]-~]*\Z")
# The kernel keeps 29 bytes for a name, with a zero at its end.
_CHAIN_LENGTH = 28
# Slots of one multiport match; a range takes two.
_SLOTS = 15
_ANY = {4: "0.0.0.0/0", 6: "::/0"}
_ACCEPT = {"-s", "-p", "-m", "--dport", "--dports", "-j"}
_MODULES = ("tcp", "udp", "multiport")
# What people may write, and iptables never prints.
_LONG = {"source": "s", "src": "s", "destination": "d", "dst": "d", "protocol": "p", "in-interface": "i", "jump": "j"}
_LONG.update({"goto": "g", "match": "m", "fragment": "f", "destination-port": "dport", "destination-ports": "dports"})
# Files of ufw: a rule is a heading ('### tuple ### ...'), which ufw reads, and below it the lines for iptables-restore.
# Behind it the rules begin.
USER_HEAD = "### RULES ###\n"
_USER_TUPLE = re.compile(
    r"^### tuple ### (?P<action>\S+) (?P<protocol>\S+) (?P<ports>\S+) (?P<to>\S+) any (?P<source>\S+)"
    r" in(?: comment=(?P<comment>(?:[0-9a-f]{2})*))?\Z"
)
_USER_BLOCK = r"(?:(?<=\n)\n)?^(### tuple ### [^\n]*)\n(?:(-A %s [^\n]*)\n)?"


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
    """Return the words of a line, quotes resolved and options in their short form."""
    try:
        # Nearly all are without quotes, and a member of a cluster has thousands.
        words = line.split() if _PLAIN.match(line) else shlex.split(line)
    except ValueError:
        words = line.split()
    return [_short(word) for word in words]


def _short(word):
    name = _LONG.get(word[2:], "") if word[:2] == "--" else ""
    return f"{'--' if name[1:] else '-'}{name}" if name else word


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


def parse_saved(text, name="filter"):
    """Return the Table that one part of what iptables-save wrote tells of."""
    lines, inside = [], False
    for line in text.splitlines():
        words = line.split()
        if line.startswith("*"):
            inside = line.strip() == f"*{name}"
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
        intervals = merge(port_words_interval(word) for word in ports.split(","))
    except ValueError:
        return None
    if network.version != version:
        return None
    return Rule((place,), version, protocol, (network_interval(network),), intervals, "")


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


# user.rules and user6.rules of ufw.


class Heading(NamedTuple):
    """What ufw reads of a rule."""

    action: str
    protocol: str
    ports: str
    to: str
    source: str


class UserBlock(NamedTuple):
    """One rule of a file."""

    text: str  # with the empty line before it
    heading: Optional[Heading]  # None where it says more, such as an interface
    line: str  # of iptables-restore, '' for none
    comment: str


def parse_user_rules(text, chain):
    """Return the [UserBlock] of a file that fills a chain; any text is read.

    A rule of our form is its heading and one line, and in a file as it is packaged no empty line sets it off from the
    rules behind it. Of other rules it does not matter how long they are.
    """
    found: List[UserBlock] = []
    for match in re.finditer(_USER_BLOCK % chain, text or "", re.MULTILINE):
        words = _USER_TUPLE.match(match.group(1))
        heading, comment = None, ""
        if words:
            heading = Heading(*words.group(*Heading._fields))
            comment = bytearray.fromhex(words.group("comment") or "").decode("utf-8", "replace")
        found.append(UserBlock(match.group(0), heading, match.group(2) or "", comment))
    return found


def user_block_text(heading, line, comment):
    """Return the text of a rule as ufw writes it."""
    words = "{} {} {} {} any {} in".format(*heading)
    return f"\n### tuple ### {words} comment={comment.encode('utf-8').hex()}\n{line}\n"
