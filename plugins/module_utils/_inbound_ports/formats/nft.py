# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``nft -j list ruleset`` says, typed and judged, and our rules as nft text. Pure: no command, no file.

``nft_listing`` brings what older versions say into the same shape.
"""

import collections
import ipaddress
from typing import List, NamedTuple, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Rule,
    merge,
    networks,
    overlap,
    port_words,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.cluster import SOFTWARE_CHAINS, SOFTWARE_TABLES

# What a script on the standard input is called; only from 0.8.4 on nft knows it by the name '-' as well.
STDIN = "/dev/stdin"

_FAMILIES = ("inet", "ip", "ip6")
_VERSIONS = {"inet": (4, 6), "ip": (4,), "ip6": (6,)}
_PROTOCOL = {4: "ip", 6: "ip6"}

# iptables-nft and ufw keep their rules in tables of these names, with chains in capitals.
_IPTABLES_TABLES = ("filter", "mangle", "raw", "security", "nat")
_DROPS = ("drop", "reject")
# States of a packet that does not open a connection to one of our ports.
_OTHER_STATES = {"invalid", "established", "related", "untracked"}
_NUMBERS = {6: "tcp", 17: "udp"}
_HARMLESS = ("counter", "log", "comment", "quota")
_VERSION = {"ip": 4, "ip6": 6}


class Chain(NamedTuple):
    """One chain of a table."""

    key: Tuple[str, str, str]  # family, table, name
    base: bool  # whether packets enter here by hook input
    early: bool  # whether they do so on the way to it, by hook prerouting
    policy: str  # accept or drop
    rules: List[dict]  # raw rules of nft, in order


class Ruleset:
    """The chains of a ruleset.

    :arg document: the decoded JSON, ``{"nftables": [...]}``, or an empty value for no ruleset.
    """

    def __init__(self, document):
        self.chains = collections.OrderedDict()
        self.tables = set()
        self._maps = {}
        for entry in (document or {}).get("nftables") or []:
            self._take(entry)

    def _take(self, entry):
        for kind, value in entry.items():
            if kind == "metainfo" or not isinstance(value, dict) or value.get("family") not in _FAMILIES:
                continue
            if kind == "table":
                self.tables.add((value["family"], value["name"]))
            elif kind == "chain":
                key = (value["family"], value["table"], value["name"])
                base = value.get("hook") == "input" and value.get("type") == "filter"
                early = value.get("hook") == "prerouting" and value.get("type") == "filter"
                self.chains[key] = Chain(key, base, early, value.get("policy", "accept"), [])
            elif kind == "rule":
                self.chains[(value["family"], value["table"], value["chain"])].rules.append(value)
            elif kind == "map":
                self._maps[(value["family"], value["table"], "@" + value["name"])] = value.get("elem", [])

    def input_chains(self, iptables=False):
        """Return the base chains on hook input that people made; with ``iptables`` those of iptables-nft instead."""
        return [
            chain
            for chain in self.chains.values()
            if chain.base and not _of_software(chain.key) and _of_iptables(chain.key) == iptables
        ]

    def can_drop(self, chain):
        """Return whether a packet that enters ``chain`` may be dropped by its policy or a rule it reaches."""
        return chain.policy == "drop" or any(self._verdicts(rule)[0] for rule in self._reached(chain))

    def is_half_told(self, chain):
        """Return whether nft does not say what a rule of iptables does that a packet which enters ``chain`` may reach.

        Before 1.0.6 its JSON has ``{"xt": null}`` for what only iptables knows, a REJECT as well as a comment.
        """
        return any(statement == {"xt": None} for rule in self._reached(chain) for statement in rule["expr"])

    def _reached(self, chain):
        """Yield the raw rules of ``chain`` and of the chains that it leads to."""
        seen, ahead = set(), [chain.key]
        while ahead:
            key = ahead.pop()
            if key in seen or key not in self.chains:
                continue
            seen.add(key)
            for rule in self.chains[key].rules:
                yield rule
                targets = self._verdicts(rule)[1]
                ahead.extend((key[0], key[1], name) for name in targets if not name.startswith(SOFTWARE_CHAINS))

    def early_chains(self):
        """Return the base chains that a packet meets before hook input and that people made."""
        return [chain for chain in self.chains.values() if chain.early and not _of_software(chain.key)]

    def before_own(self, key, prefix):
        """Return the raw rules of a chain before the first of ours, [] where none of ours is in it."""
        rules = self.chains[key].rules
        own = [index for index, rule in enumerate(rules) if rule.get("comment", "").startswith(prefix)]
        return rules[: own[0]] if own else []

    def targets(self, chain):
        """Return the names of the chains that the rules of ``chain`` jump to."""
        return [name for rule in chain.rules for name in self._verdicts(rule)[1]]

    def droppers(self, chain):
        """Return how many rules of ``chain`` drop, or jump where nobody has looked yet."""
        verdicts = [self._verdicts(rule) for rule in chain.rules]
        return sum(1 for drops, names in verdicts if drops or any(not n.startswith(SOFTWARE_CHAINS) for n in names))

    def _verdicts(self, rule):
        drops, targets, ahead = False, [], [rule["expr"]]
        while ahead:
            value = ahead.pop()
            if isinstance(value, list):
                ahead.extend(value)
            elif isinstance(value, dict):
                drops = drops or any(key in value for key in _DROPS) or _xt_rejects(value)
                targets.extend(value[key]["target"] for key in ("jump", "goto") if isinstance(value.get(key), dict))
                ahead.extend(value.values())
            elif isinstance(value, str) and value.startswith("@"):
                # A verdict map with a name; its verdicts are written in the map.
                ahead.append(self._maps.get((rule["family"], rule["table"], value), []))
        return drops, targets

    def jumps_to(self, key):
        """Return the raw rules of a chain's table that jump to it."""
        chains = [chain for chain in self.chains.values() if chain.key[:2] == key[:2]]
        return [rule for chain in chains for rule in chain.rules if key[2] in self._verdicts(rule)[1]]

    def not_of_iptables(self, family):
        """Return where rules stand in tables of iptables that iptables did not write: it gives each a counter."""
        return [
            f"{' '.join(chain.key)} handle {rule['handle']}"
            for chain in self.chains.values()
            if chain.key[0] == family and chain.key[1] in _IPTABLES_TABLES
            for rule in chain.rules
            if not any("counter" in statement for statement in rule["expr"])
        ]

    def own_rules(self, prefix):
        """Yield (chain key, raw rule) of each rule whose comment begins with ``prefix``."""
        for chain in self.chains.values():
            for rule in chain.rules:
                if rule.get("comment", "").startswith(prefix):
                    yield chain.key, rule


def _xt_rejects(value):
    extension = value.get("xt")
    return isinstance(extension, dict) and extension.get("type") == "target" and extension.get("name") == "REJECT"


def _of_software(key):
    return key[1].startswith(SOFTWARE_TABLES)


def _of_iptables(key):
    return key[0] != "inet" and key[1] in _IPTABLES_TABLES and key[2] == "INPUT"


def versions(key):
    """Return the IP versions whose packets a chain can see."""
    return _VERSIONS[key[0]]


def rule_text(rule, prefix):
    """Return the statement part of a rule as nft prints and takes it."""
    sources = _braces([_address_text(network) for network in networks(rule.version, rule.sources)])
    ports = _braces(port_words(rule.ports))
    match = f"{_PROTOCOL[rule.version]} saddr {sources} {rule.protocol} dport {ports}"
    return f'{match} accept comment "{prefix}{rule.label}"'


def take_out(key, there, raws):
    """Return the commands that take a chain out of its table.

    :arg there: whether there is such a chain. raws: raw rules of it and of jumps to it.
    """
    lines = [f"delete rule {' '.join(key[:2])} {raw['chain']} handle {raw['handle']}" for raw in raws]
    return "".join(f"{line}\n" for line in lines + [f"delete chain {' '.join(key)}"] * there)


def not_of_iptables_text(places):
    """Return what is to be said about rules that :meth:`Ruleset.not_of_iptables` found, '' for none."""
    if not places:
        return ""
    named = ", ".join(places[:3]) + (" and more" if len(places) > 3 else "")
    return (
        f". A program has added rules with nft to tables of iptables, which cannot read them: {named} ('nft -a list "
        "ruleset' shows them); remove them with 'nft delete rule', or let that program use a table of its own, and run "
        "again"
    )


def insert_text(rule, prefix):
    """Return the command that puts a rule in front of its chain."""
    return f"insert rule {' '.join(rule.place)} {rule_text(rule, prefix)}"


def _address_text(network):
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def _braces(words):
    return words[0] if len(words) == 1 else f"{{ {', '.join(words)} }}"


def parse_rule(key, raw, prefix):
    """Return the Rule that a raw rule of ours is, or None where it has another form than any we write."""
    try:
        source, port, accept = raw["expr"]
        if accept != {"accept": None}:
            return None
        protocol, sources = _match(source, "saddr")
        transport, ports = _match(port, "dport")
        version = {"ip": 4, "ip6": 6}[protocol]
        if transport not in ("tcp", "udp"):
            return None
        return Rule(
            key,
            version,
            transport,
            merge(address_interval(item) for item in sources),
            merge(port_interval(item) for item in ports),
            raw["comment"][len(prefix) :],
        )
    except (ValueError, KeyError, TypeError):
        return None


def _match(expression, field):
    match = expression["match"]
    payload = match["left"]["payload"]
    if match["op"] != "==" or payload["field"] != field:
        raise ValueError
    right = match["right"]
    return payload["protocol"], right["set"] if isinstance(right, dict) and "set" in right else [right]


def address_interval(value):
    """Return the interval of an address, a prefix or a range as nft lists it."""
    if isinstance(value, str):
        return (int(ipaddress.ip_address(value)),) * 2
    if "range" in value:
        first, last = value["range"]
        return (int(ipaddress.ip_address(first)), int(ipaddress.ip_address(last)))
    network = ipaddress.ip_network(f"{value['prefix']['addr']}/{value['prefix']['len']}")
    return (int(network.network_address), int(network.broadcast_address))


def port_interval(value):
    """Return the interval of a port or a range as nft lists it."""
    if isinstance(value, dict):
        first, last = value["range"]
        return (int(first), int(last))
    return (int(value), int(value))


def blocking(ruleset, rules, wanted):
    """Return the first raw rule that may drop what the Rule ``wanted`` accepts, None if none does.

    Judged by address, protocol, port, state and interface. A rule with another condition (a mark, a rate, a named set,
    a map) is meant for something else and does not count: a warning that is mostly wrong would be read by nobody.

    :arg rules: raw rules of one chain that a packet meets before ours.
    """
    return next((rule for rule in rules if _may_drop(ruleset, rule, wanted, ())), None)


def _may_drop(ruleset, rule, wanted, above):
    for statement in rule["expr"]:
        kind, value = next(iter(statement.items()))
        if kind in ("drop", "reject"):
            return True
        if kind in ("jump", "goto"):
            key = (rule["family"], rule["table"], value["target"])
            chain = ruleset.chains.get(key)
            return (
                chain is not None
                and key not in above
                and any(_may_drop(ruleset, inner, wanted, (*above, key)) for inner in chain.rules)
            )
        if kind not in _HARMLESS and not (kind == "match" and _may_match(value, wanted)):
            return False
    return False


def _may_match(match, wanted):
    """Return whether a condition may hold for a packet that opens a connection; False for what cannot be judged."""
    if not isinstance(match["left"], dict) or len(match["left"]) != 1:
        return False
    kind, left = next(iter(match["left"].items()))
    values, positive = match["right"], match["op"] in ("==", "in")
    if isinstance(values, dict) and "set" in values:
        values = values["set"]
    values = values if isinstance(values, list) else [values]
    if kind == "payload":
        return _payload(left, values, positive, wanted)
    if kind == "meta" and left.get("key") == "l4proto":
        return _protocol(values, positive, wanted)
    if kind == "ct" and left.get("key") == "state":
        states = {value for value in values if isinstance(value, str)}
        return bool(states - _OTHER_STATES) if positive else "new" not in states
    return kind == "meta" and left.get("key") in ("iif", "iifname", "nfproto", "protocol")


def _payload(left, values, positive, wanted):
    protocol, field = left.get("protocol"), left.get("field")
    if protocol in _VERSION and _VERSION[protocol] != wanted.version:
        return False
    try:
        if field == "saddr":
            return not positive or overlap(map(address_interval, values), wanted.sources)
        if field == "dport" and protocol in (wanted.protocol, "th"):
            return not positive or overlap(map(port_interval, values), wanted.ports)
    except (ValueError, KeyError, TypeError):
        return False
    if field in ("protocol", "nexthdr"):
        return _protocol(values, positive, wanted)
    return field == "daddr"


def _protocol(values, positive, wanted):
    named = {_NUMBERS.get(value, value) for value in values if isinstance(value, (int, str))}
    return (wanted.protocol in named) == positive
