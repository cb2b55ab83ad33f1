# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses must not move, and whether a change would move them. Pure but for reading resolv.conf. Private.

An address is looked up as the kernel does it, longest prefix first, then lowest metric, before and after the change,
in every table and in the way of every rule of policy routing that may ask it. Which of these rules match depends on
the packet (mark, source, interface, user), and that is not guessed: where the answers of all of them stay the same,
the path stays whatever matches; where one of them moves, the change is taken for one that moves the path, which errs
to the safe side.
"""

import ipaddress
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import policy_rules
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    LOCAL_TABLE,
    MAIN_TABLE,
    Address,
    Live,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system import cluster, resolver
from ansible_collections.ack_edge.node.plugins.module_utils._system.network import table_names


class Guarded(NamedTuple):
    """An address whose path must stay."""

    address: Address
    what: str  # it is, for people


CONTROLLER, PROTECTED, GATEWAY, NAMESERVER = (
    "the controller (this ssh session comes from it)",
    "an address of 'protect'",
    "the default gateway",
    "a nameserver",
)
_SHOWN = 3


def guarded(node, kernel, peers, protect, nameservers=True):
    """Return [Guarded]: ssh peers, protected addresses, default gateways and nameservers that are not the node itself.

    :arg peers: texts of addresses, as from ``_node.ssh_peers``.
    :arg protect: ip_address objects that the user named.
    """
    found = [(address, CONTROLLER) for address in map(_address, peers)]
    found += [(address, PROTECTED) for address in protect]
    found += [
        (live.route.gateway, GATEWAY)
        for live in kernel.routes
        if live.route.destination.prefixlen == 0 and live.route.table == MAIN_TABLE
    ]
    if nameservers:
        found += [(address, NAMESERVER) for address in _nameservers(node)]
    result, seen = [], set()
    for address, what in found:
        if address is None or address in seen or address.is_loopback or address.is_link_local or kernel.own(address):
            continue
        seen.add(address)
        result.append(Guarded(address, what))
    return result


def _address(text):
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _nameservers(node):
    return [_address(server) for server in resolver.all_nameservers(node)]


def endangered(node, kernel, plan, addresses):
    """Return texts about the guarded addresses that the plan would move.

    :raises NodeError: where the rules of policy routing cannot be read, so that nothing can be proven.
    """
    if not plan.touches_kernel():
        return []
    later = after(kernel.routes, plan.replace, plan.delete, plan.restore)
    rules = policy_rules.read(node, {one.address.version for one in addresses}, table_names(node))
    return [
        f"{one.address}, {one.what}, is reached {now} now and would be reached {then}; remove the route that moves "
        "it, or set force: true if that is intended"
        for one, now, then in moved(addresses, kernel.routes, later, rules)
    ]


def after(routes, replace, delete, restore=()):
    """Return the routes ([Live]) as they stand when a change has been made."""
    gone, taken = set(delete), {route.slot for route in replace} | {live.route.slot for live in restore}
    kept = [live for live in routes if live.route not in gone and live.route.slot not in taken]
    return (
        kept
        + list(restore)
        + [Live(route, True, f"via {route.gateway} dev {route.interface}", "") for route in replace]
    )


def cluster_overlaps(kernel, items):
    """Return texts about wanted routes that overlap what the network plug-in of a running cluster routes itself."""
    theirs = [
        live.route
        for live in kernel.routes
        if cluster.owns_interface(live.route.interface) and live.route.destination.prefixlen
    ]
    problems = []
    for one in items:
        destination = one.route.destination
        for other in theirs:
            if other.family == one.route.family and destination.prefixlen and destination.overlaps(other.destination):
                problems.append(
                    f"{destination} overlaps {other.destination}, which the cluster network itself routes on "
                    f"{other.interface} of this node; remove it from the list"
                )
                break
    return problems


def in_use(kernel, items, owned):
    """Return {slot: text}: what else on the node lives inside the destination of a wanted route.

    The route does not hold for these addresses, or the other way round. Common in 100.64.0.0/10, where carriers and
    Tailscale number too (RFC 6598; Tailscale's documentation on the addresses of its nodes).
    """
    ours = {one.route for one in owned} | {one.route for one in items}
    gateways = {one.route.gateway for one in items}
    theirs = [(address, f"{link.name} has {address}") for link in kernel.links.values() for address in link.addresses]
    others = [
        live
        for live in kernel.routes
        if live.route not in ours
        and live.route.gateway not in gateways
        and not any(address in live.route.destination for address in _addresses(kernel, live))
    ]
    theirs += [(live.route.destination, f"{live.route.destination} goes {live.way}") for live in others]
    found = {}
    for one in items:
        inside = [text for what, text in theirs if _is_inside(what, one.route.destination)]
        inside += [
            f"{live.route.destination} goes {live.way}, whose metric {live.route.metric} is lower"
            for live in others
            if _goes_first(live.route, one.route)
        ]
        if inside:
            more = [f"and {len(inside) - _SHOWN} more"] if len(inside) > _SHOWN else []
            found[one.route.slot] = ", ".join(inside[:_SHOWN] + more)
    return found


def _addresses(kernel, live):
    """Return the addresses of the interface of a route that has no gateway."""
    link = kernel.links.get(live.route.interface)
    return link.addresses if link and live.route.gateway is None else ()


def _goes_first(other, ours):
    """Return whether packets take another route to the destination of ours; for all destinations, that may be meant."""
    same = (other.destination, other.table) == (ours.destination, ours.table) and ours.destination.prefixlen
    return bool(same) and other.metric < ours.metric


def _is_inside(what, destination):
    """Return whether an address or a smaller network lies in a network that is neither one address nor everything."""
    if what.version != destination.version or destination.prefixlen in (0, destination.max_prefixlen):
        return False
    if isinstance(what, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return what in destination
    return what.prefixlen > destination.prefixlen and what.network_address in destination


def moved(addresses, before, later, rules=()):
    """Return [(Guarded, way now, way then)] for those whose path a change would move or cut.

    An address that has no path now cannot be cut off, so that is no finding.

    :arg before: [Live] of now. :arg later: [Live] after the change.
    :arg rules: [Rule] of policy routing; one that a finding is due to is named with the way then.
    """
    tables = sorted({live.route.table for live in list(before) + list(later)} - {MAIN_TABLE})
    findings = []
    for one in addresses:
        asked = _questions(one.address, rules, tables)
        sure = {rule.text for rule in rules if rule.sure and rule.text}
        found = _moved(asked, _answers(one.address, before, asked), _answers(one.address, later, asked), sure)
        if found is not None:
            findings.append((one, *found))
    return findings


def _questions(address, rules, tables):
    """Return [(table, suppress, rule text)]: every way in which the kernel may look the address up, in its order."""
    asked = [
        (rule.table, rule.suppress, rule.text)
        for rule in rules
        if rule.family == address.version and rule.table != LOCAL_TABLE and (rule.to is None or address in rule.to)
    ]
    known = {(table, suppress) for table, suppress, _text in asked}
    return asked + [(table, None, "") for table in [MAIN_TABLE, *tables] if (table, None) not in known]


def _answers(address, routes, asked):
    """Return the way (text) of the address for each question, None where a table has no answer."""
    mine = [live for live in routes if live.route.family == address.version and address in live.route.destination]
    ways = []
    for table, suppress, _text in asked:
        found = [live for live in mine if live.route.table == table]
        best = min(found, key=lambda live: (-live.route.destination.prefixlen, live.route.metric)) if found else None
        if (
            best is None
            or best.way == "throw"
            or (suppress is not None and best.route.destination.prefixlen <= suppress)
        ):
            ways.append(None)
        else:
            ways.append(best.way)
    return ways


def _moved(asked, now, then, sure):
    """Return (way now, way then) of the first question whose answer moves the path, None where none does.

    :arg sure: texts of the rules that match every packet: behind the answer of one nothing is asked any more.
    """
    decided = next((now[index] for index, question in enumerate(asked) if question[2] in sure and now[index]), None)
    for index, (_table, _suppress, text) in enumerate(asked):
        if now[index] == then[index]:
            if text in sure and now[index] is not None:
                return None
            continue
        was, will = _possible(now, index), _possible(then, index)
        if was and not (len(was) == 1 and was == will):
            known, other = next(((one, two) for one in was for two in will if one != two), (was[0], "nowhere"))
            if text and decided not in (None, known):
                known = f"{decided}, and {known} by the rule '{text}',"
            return known, other + (f" by the rule '{text}'" if text else "")
    return None


def _possible(ways, index):
    """Return the ways that the path can take by one question: its answer; without one, those of all others.

    Where a table has no answer the kernel asks on, and which table that is depends on the packet again.
    """
    if ways[index] is not None:
        return [ways[index]]
    return sorted({way for way in ways if way is not None}, key=ways.index)
