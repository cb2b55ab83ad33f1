# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the manifest of a set of inbound ports must look like to be understood. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._manifest import fits

_TEXT_OR_NONE = (str, type(None))


def rule(value):
    """See that this is a rule as dump_rule() writes it, and its label.

    :raises ValueError, TypeError: if it is not.
    """
    (place, version, protocol, sources, ports, name), label = value
    pairs = sources + ports
    if not (
        fits(place, [str])
        and version in (4, 6)
        and fits([protocol, name, label], [str])
        and fits(pairs, [[int]])
        and all(len(pair) == 2 for pair in pairs)
    ):
        raise ValueError


def zones(value):
    """See that these are the files of zones as they were: {zone: {'file': text or None, 'old': text or None}}.

    :raises ValueError: if they are not.
    """
    if not isinstance(value, dict) or not fits(list(value.values()), [{"file": _TEXT_OR_NONE, "old": _TEXT_OR_NONE}]):
        raise ValueError


_RULES = {"runtime?": [rule], "boot?": [rule]}
_PORT = {"name": str, "protocol": str, "ports": [str], "sources": [str], "comment?": _TEXT_OR_NONE}
SHAPE = {
    "ports?": [_PORT],
    "backends?": {
        "firewalld?": dict(_RULES, **{"zones?": zones}),
        "ufw?": _RULES,
        "nftables?": {"configs?": [str]},
        "iptables?": {"chain?": str},
    },
}
