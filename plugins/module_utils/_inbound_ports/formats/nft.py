# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``nft -j list ruleset`` says, typed and judged, and our rules as nft text. Pure: no command, no file.

``nft_listing`` brings what older versions say into the same shape.
"""

import collections
from typing import List, NamedTuple, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Rule,
    address_interval,
    merge,
    networks,
    port_interval,
    port_words,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.cluster import owns_chain, owns_table

# What a script on the standard input is called; only from 0.8.4 on nft knows it by the name '-' as well.
STDIN = "/dev/stdin"

_FAMILIES = ("inet", "ip", "ip6", "netdev", "bridge")
_VERSIONS = {"inet": (4, 6), "ip": (4,), "ip6": (6,)}
_PROTOCOL = {4: "ip", 6: "ip6"}

# iptables-nft and ufw keep their rules in tables of these names, with chains in capitals.
_IPTABLES_TABLES = ("filter", "mangle", "raw", "security", "nat")
_DROPS = ("drop", "reject")
# How the chains of ours in tables of iptables begin: where one is, iptables made the table.
_OF_OURS = "ACK-EDGE-"


class Chain(NamedTuple):
    """One chain of a table."""

    key: Tuple[str, str, str]  # family, table, name
    base: bool  # whether packets enter here by hook input
    early: bool  # whether they do so on the way to it: prerouting, ingress, of type nat, or of a bridge
    policy: str  # accept or drop
    rules: List[dict]  # raw rules of nft, in order


class Ruleset:
    """The chains of a ruleset.

    :arg document: the decoded JSON, ``{"nftables": [...]}``, or an empty value for no ruleset.
    """

    def __init__(self, document):
        self.chains = collections.OrderedDict()
        self.tables = set()
        self.maps, self.sets = {}, {}  # elements by family, table and @name
        self.native = set()  # keys of chains with a name as iptables gives them, whose rules are native ones of nft
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
                ours = value["family"] != "bridge" and value.get("type") == "filter"
                base = value.get("hook") == "input" and ours
                early = value.get("hook") in ("input", "prerouting", "ingress") and not base
                self.chains[key] = Chain(key, base, early, value.get("policy", "accept"), [])
            elif kind == "rule":
                self.chains[(value["family"], value["table"], value["chain"])].rules.append(value)
            elif kind in ("map", "set"):
                kept = self.maps if kind == "map" else self.sets
                kept[(value["family"], value["table"], "@" + value["name"])] = value.get("elem", [])

    def input_chains(self, iptables=False):
        """Return the base chains on hook input that people made; with ``iptables`` those of iptables-nft instead."""
        return [
            chain
            for chain in self.chains.values()
            if chain.base and not owns_table(chain.key[1]) and self._of_iptables(chain.key) == iptables
        ]

    def _of_iptables(self, key):
        return has_name_of_iptables(key) and key[2] == "INPUT" and key not in self.native

    def looks_native(self, key):
        """Return whether iptables cannot have written the rules of a chain that has the name of one of its chains.

        iptables counts in every rule, has no sets and no states of connections but by its own extensions; and some
        programs add single rules with nft to tables that iptables made.
        """
        rules, found = [rule for chain in self._reached(key) for rule in chain.rules], False
        for rule in rules:
            if any("xt" in statement for statement in rule["expr"]):
                return False
            found = found or _is_native(rule)
        return found and not any(name.startswith(_OF_OURS) for _family, _table, name in self.chains)

    def _reached(self, key):
        """Yield the chain and those that it leads to, the ones of software left out."""
        seen, ahead = set(), [key]
        while ahead:
            key = ahead.pop()
            if key not in seen and key in self.chains:
                seen.add(key)
                yield self.chains[key]
                targets = [name for rule in self.chains[key].rules for name in self._verdicts(rule)[1]]
                ahead.extend((key[0], key[1], name) for name in targets if not owns_chain(name))

    def can_drop(self, chain):
        """Return whether a packet that enters ``chain`` may be dropped by its policy or a rule it reaches."""
        reached = self._reached(chain.key)
        return chain.policy == "drop" or any(self._verdicts(rule)[0] for one in reached for rule in one.rules)

    def is_half_told(self, chain):
        """Return whether nft does not say what a rule of iptables does that a packet which enters ``chain`` may reach.

        Before 1.0.6 its JSON has ``{"xt": null}`` for what only iptables knows, a REJECT as well as a comment.
        """
        rules = [rule for one in self._reached(chain.key) for rule in one.rules]
        return any(statement == {"xt": None} for rule in rules for statement in rule["expr"])

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
        return sum(1 for drops, names in verdicts if drops or any(not owns_chain(n) for n in names))

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
                ahead.append(self.maps.get((rule["family"], rule["table"], value), []))
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


def _is_native(rule):
    kinds = [next(iter(statement)) for statement in rule["expr"]]
    matches = [statement["match"] for statement in rule["expr"] if "match" in statement]
    return "counter" not in kinds or "vmap" in kinds or any(map(_is_native_match, matches))


def _is_native_match(match):
    left, right = match["left"], match["right"]
    known = isinstance(left, dict) and not {"ct", "concat", "fib"} & set(left)
    return not known or (isinstance(right, dict) and "set" in right) or str(right).startswith("@")


def has_name_of_iptables(key):
    """Return whether a table has the name of one that iptables makes: iptables reads what is in it."""
    return key[0] in _VERSIONS and key[0] != "inet" and key[1] in _IPTABLES_TABLES


def versions(key):
    """Return the IP versions whose packets a chain can see."""
    return _VERSIONS.get(key[0], (4, 6))


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


def empty_insert(chain):
    """Return a command that nft refuses where a chain is not there."""
    return f"insert rule {' '.join(chain)} accept\n"


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
