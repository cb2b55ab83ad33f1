# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of others as ``nft -j`` lists them: which may drop what we let in. Pure: no command, no file.

Judged by address, protocol, port, state and interface, named sets and verdict maps included. A rule with another
condition (a mark, a rate, an unknown set) is meant for something else and does not count: a warning that is mostly
wrong would be read by nobody.
"""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    address_interval,
    covers,
    overlap,
    port_interval,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.cluster import owns_interface

# States of a packet that does not open a connection to one of our ports.
_OTHER_STATES = {"invalid", "established", "related", "untracked"}
_NUMBERS = {6: "tcp", 17: "udp"}
_HARMLESS = ("counter", "log", "comment", "quota", "mangle", "notrack")
_VERSION = {"ip": 4, "ip6": 6, "ipv4": 4, "ipv6": 6}
_PASSES = ("accept", "return")
_DROPS = ("drop", "reject")
# What a condition may be for our packets: (whether it may hold, whether it surely holds).
_NO, _MAYBE = (False, False), (True, False)


def blocking(ruleset, rules, wanted):
    """Return the first raw rule that may drop what the Rule ``wanted`` accepts, None if none does.

    :arg ruleset: a Ruleset. rules: raw rules of one chain that a packet meets before ours.
    """
    return _walk(ruleset, rules, wanted, ())[0]


def first_drop(ruleset, chain, wanted):
    """Return (raw rule or None, whether the policy decides): what in a base chain may drop what ``wanted`` accepts."""
    rule, passed = _walk(ruleset, chain.rules, wanted, ())
    return rule, rule is None and not passed and chain.policy == "drop"


def can_drop(ruleset, chain, wanted):
    """Return whether a base chain may drop what ``wanted`` accepts, whatever of it a rule accepts before."""
    return chain.policy == "drop" or any(_outcome(ruleset, rule, wanted, ()) == "drop" for rule in chain.rules)


def _walk(ruleset, rules, wanted, above):
    """Return (the rule that may drop or None, whether all of our packets surely are accepted before)."""
    for rule in rules:
        outcome = _outcome(ruleset, rule, wanted, above)
        if outcome == "drop":
            return rule, False
        if outcome in _PASSES:
            return None, outcome == "accept"
    return None, False


def _outcome(ruleset, rule, wanted, above):
    """Return 'drop' where a rule may drop, 'accept' or 'return' where it surely does so with all, else ''."""
    surely = True
    for statement in rule["expr"]:
        kind, value = next(iter(statement.items()))
        if kind in ("match", "xt"):
            may, must = _condition(ruleset, rule, kind, value, wanted)
            if not may:
                return ""
            surely = surely and must
        elif kind not in _HARMLESS:
            return _verdict(ruleset, rule, statement, wanted, above, surely)
        if kind == "xt" and value.get("name") == "REJECT":
            return "drop"
    return ""


def _verdict(ruleset, rule, statement, wanted, above, surely):
    """Return the outcome of the statement that decides in a rule whose conditions may hold."""
    kind, value = next(iter(statement.items()))
    if kind in _DROPS:
        return "drop"
    if kind in _PASSES:
        return kind if surely else ""
    if kind == "vmap":
        return _of_map(ruleset, rule, value, wanted, above)
    key = (rule["family"], rule["table"], value["target"]) if kind in ("jump", "goto") else None
    if key not in ruleset.chains or key in above:
        return ""
    dropper, passed = _walk(ruleset, ruleset.chains[key].rules, wanted, (*above, key))
    if dropper is not None:
        return "drop"
    return "accept" if passed and surely else ""


def _of_map(ruleset, rule, value, wanted, above):
    """Return 'drop' where an element of a verdict map that may match leads to a drop, else ''."""
    data = value["data"]
    elements = data.get("set", []) if isinstance(data, dict) else ruleset.maps.get(_key(rule, data), [])
    for element in elements:
        key, verdict = element
        may = _judge(ruleset, rule, {"left": value["key"], "right": {"set": [key]}, "op": "=="}, wanted)[0]
        if may and _verdict(ruleset, rule, verdict, wanted, above, False) == "drop":
            return "drop"
    return ""


def _key(rule, name):
    return (rule.get("family"), rule.get("table"), name)


def _condition(ruleset, rule, kind, value, wanted):
    if kind == "xt":  # what nft cannot say of an extension of iptables
        plain = isinstance(value, dict) and (value.get("type") == "target" or value.get("name") == "comment")
        return (plain, plain)
    return _judge(ruleset, rule, value, wanted)


def _judge(ruleset, rule, match, wanted):
    """Return (whether a match may hold for a packet that opens a connection of ours, whether it surely holds)."""
    if not isinstance(match["left"], dict) or len(match["left"]) != 1:
        return _NO
    kind, left = next(iter(match["left"].items()))
    values, positive = _values(ruleset, rule, match["right"]), match["op"] in ("==", "in")
    if kind == "concat":
        return (positive and any(_all_parts(ruleset, rule, left, value, wanted) for value in values), False)
    reader = {"payload": _payload, "meta": _meta, "ct": _ct, "fib": _fib}.get(kind)
    return reader(left, values, positive, wanted) if reader and isinstance(left, dict) else _NO


def _values(ruleset, rule, right):
    if isinstance(right, str) and right.startswith("@"):
        right = ruleset.sets.get(_key(rule, right), right)
    if isinstance(right, dict) and "set" in right:
        right = right["set"]
    values = right if isinstance(right, list) else [right]
    # An element with a timeout or a counter is packed once more.
    packed = [one.get("elem") if isinstance(one, dict) else None for one in values]
    return [inner["val"] if isinstance(inner, dict) and "val" in inner else one for one, inner in zip(values, packed)]


def _all_parts(ruleset, rule, parts, value, wanted):
    """Return whether every part of a concatenation may match its part of one element."""
    said = value.get("concat") if isinstance(value, dict) else None
    if not isinstance(said, list) or len(said) != len(parts):
        return False
    pairs = [{"left": left, "right": {"set": [right]}, "op": "=="} for left, right in zip(parts, said)]
    return all(_judge(ruleset, rule, pair, wanted)[0] for pair in pairs)


def _ct(left, values, positive, _wanted):
    if left.get("key") != "state":
        return _NO
    states = {value for value in values if isinstance(value, str)}
    new = "new" in states
    return (bool(states - _OTHER_STATES), new) if positive else (not new, not new)


def _fib(left, values, positive, _wanted):
    """Judge by the type of the destination: our packets are for an address of the node."""
    local = "local" in values if left.get("result") == "type" and left.get("flags") == ["daddr"] else None
    return _NO if local is None else (local == positive,) * 2


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
    unicast = key == "pkttype" and any(value in ("host", "unicast") for value in values)
    return (unicast and positive,) * 2


def _payload(left, values, positive, wanted):
    protocol, field = left.get("protocol"), left.get("field")
    if protocol in _VERSION and _VERSION[protocol] != wanted.version:
        return _NO
    try:
        if field == "saddr":
            return _intervals([address_interval(value) for value in values], wanted.sources, positive)
        if field == "dport" and protocol in (wanted.protocol, "th"):
            return _intervals([port_interval(value) for value in values], wanted.ports, positive)
    except (ValueError, KeyError, TypeError):
        return _NO
    if field in ("protocol", "nexthdr"):
        return _protocol(values, positive, wanted)
    return (field == "daddr", False)


def _intervals(theirs, ours, positive):
    some, whole = overlap(theirs, ours), covers(theirs, ours)
    return (some, whole) if positive else (not whole, not some)


def _protocol(values, positive, wanted):
    named = {_NUMBERS.get(value, value) for value in values if isinstance(value, (int, str))}
    return ((wanted.protocol in named) == positive,) * 2
