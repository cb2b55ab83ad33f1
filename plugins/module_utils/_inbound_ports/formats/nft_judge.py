# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a rule of somebody else in nft may drop what a rule of ours lets in. Pure: no command, no file.

Judged by address, protocol, port, state and interface. A rule with another condition (a mark, a rate, a named set, a
map) is meant for something else and does not count: a warning that is mostly wrong would be read by nobody.
"""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.nft import (
    address_interval,
    port_interval,
)

# States of a packet that does not open a connection to one of our ports.
_OTHER_STATES = {"invalid", "established", "related", "untracked"}
_NUMBERS = {6: "tcp", 17: "udp"}
_HARMLESS = ("counter", "log", "comment", "quota")
_VERSION = {"ip": 4, "ip6": 6}


def blocking(ruleset, rules, wanted):
    """Return the first raw rule that may drop what the Rule ``wanted`` accepts, None if none does.

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
            return not positive or _overlap(map(address_interval, values), wanted.sources)
        if field == "dport" and protocol in (wanted.protocol, "th"):
            return not positive or _overlap(map(port_interval, values), wanted.ports)
    except (ValueError, KeyError, TypeError):
        return False
    if field in ("protocol", "nexthdr"):
        return _protocol(values, positive, wanted)
    return field == "daddr"


def _protocol(values, positive, wanted):
    named = {_NUMBERS.get(value, value) for value in values if isinstance(value, (int, str))}
    return (wanted.protocol in named) == positive


def _overlap(theirs, ours):
    return any(first <= high and low <= last for first, last in theirs for low, high in ours)
