# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of others as ``nft -j`` lists them: which may drop what we let in. Pure: no command, no file.

Judged by address, protocol, port, state and interface, named sets and verdict maps included. Another condition (a mark,
a rate, an unknown set) cannot be judged from the rule. With 'doubt' such a rule counts, which is right where it is said
what is open; without it the rule is meant for something else, which is right where it is asked which firewall decides.
"""

from typing import Any, NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Rule,
    address_interval,
    covers,
    overlap,
    port_interval,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.cluster import (
    owns_chain,
    owns_interface,
    owns_redirect,
)

# States of a packet that does not open a connection to one of our ports.
_OTHER_STATES = {"invalid", "established", "related", "untracked"}
_NUMBERS = {6: "tcp", 17: "udp"}
_HARMLESS = ("counter", "log", "comment", "mangle", "notrack", "last", "dup")
# Statements that are conditions: how many packets, connections or members of a set there were; "other" is one that the
# reader of the text could not read.
_COUNTING = ("limit", "quota", "ct count", "connlimit", "set", "map", "meter", "other")
_VERSION = {"ip": 4, "ip6": 6, "ipv4": 4, "ipv6": 6}
_PASSES = ("accept", "return")
_DROPS = ("drop", "reject")
# What leads packets elsewhere, targets of iptables among them.
_TAKES = ("queue", "fwd", "dnat", "redirect", "tproxy", "netmap", "nfqueue", "tarpit")
# Selectors of what a packet that opens a connection of ours does not have: headers of others, an interface to leave by.
_OF_OTHERS = ("exthdr", "tcp option", "sctp chunk", "rt", "frag", "icmp", "icmpv6", "igmp", "arp", "ah", "esp", "sctp")
_LEAVES = ("oif", "oifname", "oiftype", "oifkind", "oifgroup")
# Headers that packets of every protocol have.
_OF_ALL = ("th", "ether", "vlan", None)
_ORDER = ("<", ">", "<=", ">=")
# What a condition may be for our packets: (whether it may hold, None where nobody can say; whether it surely holds).
_NO, _MAYBE, _UNKNOWN = (False, False), (True, False), (None, False)


class _Asked(NamedTuple):
    """What is looked for in the rules of a ruleset."""

    ruleset: Any  # a Ruleset
    wanted: Rule  # whose packets are ours
    doubt: bool  # whether a rule counts that has a condition which cannot be judged
    taken: bool  # whether a statement counts that leads packets elsewhere


def blocking(ruleset, rules, wanted):
    """Return the first raw rule that may drop what the Rule ``wanted`` accepts, None if none does.

    :arg ruleset: a Ruleset. rules: raw rules of one chain that a packet meets before ours.
    """
    return _walk(_Asked(ruleset, wanted, True, True), rules, ())[0]


def first_drop(ruleset, chain, wanted):
    """Return (raw rule or None, whether the policy decides): what in a base chain may drop what ``wanted`` accepts."""
    rule, passed = _walk(_Asked(ruleset, wanted, True, True), chain.rules, ())
    return rule, rule is None and not passed and chain.policy == "drop"


def can_drop(ruleset, chain, wanted):
    """Return whether a base chain is made to drop what ``wanted`` accepts, whatever of it a rule accepts before."""
    asked = _Asked(ruleset, wanted, False, False)
    return chain.policy == "drop" or any(_outcome(asked, rule, ()) == "drop" for rule in chain.rules)


def _walk(asked, rules, above):
    """Return (the rule that may drop or None, whether all of our packets surely are accepted before)."""
    for rule in rules:
        outcome = _outcome(asked, rule, above)
        if outcome == "drop":
            return rule, False
        if outcome in _PASSES:
            return None, outcome == "accept"
    return None, False


def _outcome(asked, rule, above):
    """Return 'drop' where a rule may drop, 'accept' or 'return' where it surely does so with all, else ''."""
    surely = True
    for statement in rule["expr"]:
        kind, value = next(iter(statement.items()))
        if kind in ("match", "xt", *_COUNTING):
            may, must = _condition(asked, rule, kind, value)
            if not (asked.doubt if may is None else may):
                return ""
            surely = surely and must
        elif kind not in _HARMLESS:
            return _verdict(asked, rule, statement, above, surely)
        if kind == "xt" and _xt_takes(asked, rule, value, statement is rule["expr"][-1]):
            return "drop"
    return ""


def _xt_takes(asked, rule, value, last):
    """Return whether an extension of iptables is a target that keeps packets, or one that nft does not name."""
    if not isinstance(value, dict):  # behind the counter stands nothing but a target
        return asked.doubt and last and "counter" in [next(iter(one)) for one in rule["expr"]]
    name = str(value.get("name")).lower()
    return name in _DROPS or _leads_away(asked, rule, name, value)


def _leads_away(asked, rule, kind, value):
    """Return whether a statement leads our packets elsewhere: every map that it looks up must know them."""
    if kind not in _TAKES or not asked.taken or owns_redirect(rule.get("chain", ""), rule.get("table", "")):
        return False
    maps = [part["map"] for part in (value or {}).values() if isinstance(part, dict) and "map" in part]
    return all(_may_be_in(asked, rule, one) for one in maps)


def _may_be_in(asked, rule, value):
    elements = _elements(asked, rule, value["data"])
    keys = value["data"] if elements is None else {"set": [element[0] for element in elements]}
    may = _judge(asked, rule, {"left": value["key"], "right": keys, "op": "=="})[0]
    return asked.doubt if may is None else may


def _verdict(asked, rule, statement, above, surely):
    """Return the outcome of the statement that decides in a rule whose conditions may hold."""
    kind, value = next(iter(statement.items()))
    # A program that packets are handed to may drop them; another interface or port takes them away.
    if kind in _DROPS or _leads_away(asked, rule, kind, value):
        return "drop"
    if kind in _PASSES:
        return kind if surely else ""
    if kind == "vmap":
        return _of_map(asked, rule, value, above)
    key = (rule["family"], rule["table"], value["target"]) if kind in ("jump", "goto") else None
    if key not in asked.ruleset.chains or key in above:
        return ""
    # By a mark of its own such software knows what it drops.
    inner = asked._replace(doubt=asked.doubt and not owns_chain(key[2]))
    dropper, passed = _walk(inner, asked.ruleset.chains[key].rules, (*above, key))
    if dropper is not None:
        return "drop"
    return "accept" if passed and surely else ""


def _of_map(asked, rule, value, above):
    """Return 'drop' where an element of a verdict map that may match leads to a drop, else ''."""
    elements = _elements(asked, rule, value["data"])
    if elements is None:
        return "drop" if asked.doubt and _may_be_in(asked, rule, value) else ""
    for element in elements:
        key, verdict = element
        may = _judge(asked, rule, {"left": value["key"], "right": {"set": [key]}, "op": "=="})[0]
        counts = asked.doubt if may is None else may
        if counts and _verdict(asked, rule, verdict, above, False) == "drop":
            return "drop"
    return ""


def _elements(asked, rule, data):
    """Return the elements of a map, None where nobody knows them."""
    return data.get("set", []) if isinstance(data, dict) else asked.ruleset.maps.get(_key(rule, data))


def _key(rule, name):
    return (rule.get("family"), rule.get("table"), name)


def _condition(asked, rule, kind, value):
    if kind in _COUNTING:
        return _NO if value in _OF_OTHERS else _UNKNOWN
    if kind == "xt":  # what nft cannot say of an extension of iptables
        plain = isinstance(value, dict) and (value.get("type") == "target" or value.get("name") == "comment")
        return (True, True) if plain else _UNKNOWN
    return _judge(asked, rule, value)


def _judge(asked, rule, match):
    """Return (whether a match may hold for a packet that opens a connection of ours, whether it surely holds)."""
    if not isinstance(match["left"], dict) or len(match["left"]) != 1:
        return _UNKNOWN
    kind, left = next(iter(match["left"].items()))
    values, positive = _values(asked.ruleset, rule, match["right"]), match["op"] in ("==", "in")
    if kind == "concat":
        return _all_parts(asked, rule, left, values) if positive else _UNKNOWN
    if kind == "&":
        return _masked(left, values, positive, asked.wanted)
    reader = {"payload": _payload, "meta": _meta, "ct": _ct, "fib": _fib}.get(kind)
    if reader is None or not isinstance(left, dict):
        # A header that has to be missing is missing in ours, too.
        return _NO if kind in _OF_OTHERS and match["right"] is not False else _UNKNOWN
    may, must = reader(left, values, positive, asked.wanted)
    # What is above or below a value is not compared.
    return may, must and match["op"] not in _ORDER


def _values(ruleset, rule, right):
    if isinstance(right, str) and right.startswith("@"):
        right = ruleset.sets.get(_key(rule, right), right)
    if isinstance(right, dict) and "set" in right:
        right = right["set"]
    values = right if isinstance(right, list) else [right]
    # An element with a timeout or a counter is packed once more.
    packed = [one.get("elem") if isinstance(one, dict) else None for one in values]
    return [inner["val"] if isinstance(inner, dict) and "val" in inner else one for one, inner in zip(values, packed)]


def _all_parts(asked, rule, parts, values):
    """Judge a concatenation: one of the elements has to match with every part."""
    found = False
    for value in values:
        said = value.get("concat") if isinstance(value, dict) else None
        if not isinstance(said, list) or len(said) != len(parts):
            continue
        pairs = [{"left": left, "right": {"set": [right]}, "op": "=="} for left, right in zip(parts, said)]
        may = [_judge(asked, rule, pair)[0] for pair in pairs]
        if all(may):
            return _MAYBE
        if False not in may:
            found = None
    return found, False


def _masked(operands, values, positive, wanted):
    """Judge ``left & mask``: of TCP's flags, of which a packet that opens a connection has SYN alone."""
    left, mask = operands if isinstance(operands, list) and len(operands) == 2 else ({}, None)
    of = left.get("payload", {}) if isinstance(left, dict) else {}
    if of.get("field") == "frag-off" or not _is_of_ours(of.get("protocol"), wanted):
        return _NO
    if (of.get("protocol"), of.get("field")) == ("tcp", "flags"):
        return (({"syn"} & _flags([mask]) == _flags(values)) == positive,) * 2
    return _UNKNOWN


def _is_of_ours(protocol, wanted):
    """Return whether packets of ours have the header that a match looks into; None names none."""
    if protocol in _VERSION:
        return _VERSION[protocol] == wanted.version
    return protocol in (wanted.protocol, *_OF_ALL)


def _flags(values):
    """Return the names in ``syn``, ``{"|": ["fin", "syn"]}`` or a list of such; a number is none of them."""
    names = set()
    for value in values:
        if isinstance(value, dict):
            names |= _flags(value.get("|", []))
        elif isinstance(value, list):
            names |= _flags(value)
        elif isinstance(value, str):
            names.add(value)
    return names


def _ct(left, values, positive, _wanted):
    if left.get("key") != "state":
        return _UNKNOWN
    states = {value for value in values if isinstance(value, str)}
    new = "new" in states
    return (bool(states - _OTHER_STATES), new) if positive else (not new, not new)


def _fib(left, values, positive, _wanted):
    """Judge by the type of the destination: our packets are for an address of the node."""
    local = "local" in values if left.get("result") == "type" and left.get("flags") == ["daddr"] else None
    return _UNKNOWN if local is None else (local == positive,) * 2


def _meta(left, values, positive, wanted):
    key = left.get("key")
    if key == "l4proto":
        return _protocol(values, positive, wanted)
    if key in ("iif", "iifname"):
        others = all(isinstance(value, str) and (value == "lo" or owns_interface(value)) for value in values)
        return (not others, False) if positive else (True, others)
    if key in ("nfproto", "protocol"):
        families = [_VERSION.get(value) for value in values if isinstance(value, str)]
        return ((wanted.version in families) == positive,) * 2 if families else _MAYBE
    if key == "pkttype":
        return (any(value in ("host", "unicast") for value in values) == positive,) * 2
    return _NO if key in _LEAVES else _UNKNOWN


def _payload(left, values, positive, wanted):
    protocol, field = left.get("protocol"), left.get("field")
    if not _is_of_ours(protocol, wanted):
        return _NO
    try:
        if field == "saddr":
            return _intervals([address_interval(value) for value in values], wanted.sources, positive)
        if field == "dport" and protocol in (wanted.protocol, "th"):
            return _intervals([port_interval(value) for value in values], wanted.ports, positive)
    except (ValueError, KeyError, TypeError):
        return _UNKNOWN
    if field in ("protocol", "nexthdr"):
        return _protocol(values, positive, wanted)
    return _of_field(field, values, positive)


def _of_field(field, values, positive):
    if field == "daddr":
        return _MAYBE
    if field != "flags":
        return _UNKNOWN
    # A list is any of them; of flags that are joined all have to be set, and no other.
    syn = any(value == "syn" or (isinstance(value, dict) and _flags([value]) == {"syn"}) for value in values)
    return (syn == positive, False)


def _intervals(theirs, ours, positive):
    some, whole = overlap(theirs, ours), covers(theirs, ours)
    return (some, whole) if positive else (not whole, not some)


def _protocol(values, positive, wanted):
    named = {_NUMBERS.get(value, value) for value in values if isinstance(value, (int, str))}
    return ((wanted.protocol in named) == positive,) * 2
