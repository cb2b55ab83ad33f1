# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much is too much: routes that move everything, and names with more addresses than a name has. Pure. Private."""

import ipaddress
from collections import OrderedDict

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs

# Addresses that the answers of one name, and of all names of a set together, may have. What a name answers becomes
# routes that stay, so whoever answers for it must not be able to fill the routing table.
MOST_OF_A_NAME = 64
MOST_OF_ALL = 256
# Seconds that a change may await its confirmation; the other runs on the node wait as long.
LONGEST_CONFIRMATION = 3600

# The part of the public addresses from which on routes are a default route in pieces: half of the address space is one.
_EVERYTHING = 0.4
_SHOWN = 4
# What a default route does not exist for: private, shared and link-local space, loopback, multicast, reserved; for IPv6
# all but 2000::/3, the global unicast space (IANA's registries of special-purpose addresses, RFC 4291).
_SPECIAL = {
    4: [
        ipaddress.ip_network(text)
        for text in (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
        )
    ],
    6: [ipaddress.ip_network(text) for text in ("::/3", "4000::/2", "8000::/1")],
}
_SPACE = {4: 2**32, 6: 2**128}


def seconds(value):
    """Return what is wrong with confirm_timeout, ''."""
    problems = []
    if value != 0:
        otherwise = "0 to change and persist in one step"
        bounds = {"least": 1, "most": LONGEST_CONFIRMATION, "otherwise": otherwise}
        _inputs.attempt(problems, "confirm_timeout", value, _inputs.seconds, **bounds)
    return "".join(problems)


def everything(items, others):
    """Return a text about wanted routes that together are as good as a default route, '' if they are not.

    :arg items: wanted Items. :arg others: Routes through a gateway that are there beside them.
    """
    for version, table in sorted({(one.route.family, one.route.table) for one in items}):
        ours = [one.route.destination for one in items if (one.route.family, one.route.table) == (version, table)]
        theirs = [
            route.destination
            for route in others
            if (route.family, route.table) == (version, table) and route.destination.prefixlen
        ]
        part = _part(version, ours + theirs)
        if part >= _EVERYTHING > _part(version, theirs):
            widest = sorted(ours, key=lambda network: (network.prefixlen, network))
            more = f" and {len(widest) - _SHOWN} more" if len(widest) > _SHOWN else ""
            return (
                f"the routes to {', '.join(map(str, widest[:_SHOWN]))}{more} cover {round(part * 100)}% of the public "
                f"IPv{version} addresses, so together they act as a default route; list only the networks that are "
                "needed, or set force: true if that is intended"
            )
    return ""


def _part(version, networks):
    """Return the part of the public addresses, 0 to 1, that lies in the networks."""
    special = _SPECIAL[version]
    without = sum(network.num_addresses for network in special)
    together = sum(network.num_addresses for network in ipaddress.collapse_addresses(special + networks))
    return (together - without) / (_SPACE[version] - without)


def too_many(names, answers):
    """Return {name: why} of the names whose answers are not taken, for they hold too many addresses."""
    refused, taken = {}, set()
    for name in names:
        addresses = set(answers[name].addresses)
        if len(addresses) > MOST_OF_A_NAME:
            refused[name] = f"resolves to more than {MOST_OF_A_NAME} addresses"
        elif len(taken | addresses) > MOST_OF_ALL:
            refused[name] = (
                f"resolves to {len(addresses)} addresses, more than {MOST_OF_ALL} together with the names before it"
            )
        else:
            taken |= addresses
    return refused


def bounded(kept, names, answers, refused):
    """Return those of ``kept`` ({address: Item} of earlier runs) that stay; what is answered now goes first.

    :arg refused: the names whose answers are not taken.
    """
    answered = {name: set(answers[name].addresses) for name in names if name not in refused}
    taken = set().union(*answered.values())
    held = {name: len(addresses) for name, addresses in answered.items()}
    stay, room = set(taken), MOST_OF_ALL - len(taken)
    for address in sorted(set(kept) - taken):
        owners = kept[address].names
        if room > 0 and any(held.get(name, 0) < MOST_OF_A_NAME for name in owners):
            stay.add(address)
            room -= 1
            held.update((name, held.get(name, 0) + 1) for name in owners)
    return OrderedDict((address, one) for address, one in kept.items() if address in stay)
