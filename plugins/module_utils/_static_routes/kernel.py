# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links, addresses and routes of the running kernel: read once, changed in one ``ip -batch`` per family.

Private to the collection.
"""

import re
from collections import OrderedDict

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    LOCAL_TABLE,
    MAIN_TABLE,
    Link,
    Live,
    Route,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system import ip_text, network
from ansible_collections.ack_edge.node.plugins.module_utils._system.network import table_names
from ansible_collections.ack_edge.node.plugins.module_utils._system.network_types import NO_NETWORK_KINDS

# What a route may say that makes it another one than a Route can hold: part of a slot that we never use, or a packet
# that leaves in another form.
_OTHER_SLOT = ("from", "tos", "nhid", "encap")
# Which line of a batch failed. Before 4.0 ip does not say it, and stops there even with -force, unless the distribution
# has patched it (EL 7 has).
_FAILED = re.compile(r"Command failed -:(\d+)")


class Kernel:
    """What the kernel has now: ``links`` {name: Link} and ``routes`` [Live] of every table but the local one."""

    def __init__(self, links, routes):
        self.links, self.routes = links, routes
        self._connected = [live.route for live in routes if live.plain and live.route.gateway is None]

    def own(self, address):
        """Return the link that has the address, '' if none has."""
        for link in self.links.values():
            if address in link.addresses:
                return link.name
        return ""

    def connected(self, interface, table=MAIN_TABLE):
        """Return the networks that are directly on an interface, by one table."""
        return [route.destination for route in self._connected if route.interface == interface and route.table == table]

    def on_link(self, gateway, table=MAIN_TABLE):
        """Return the sorted names of the interfaces on whose networks the gateway lies, by the longest prefix.

        As the kernel looks for a next hop: in the table of the route, and where that knows no network in the main one.
        """
        found = self._prefixes(gateway, table)
        return sorted(name for name, length in found.items() if length == max(found.values()))

    def reaches(self, gateway, interface, table=MAIN_TABLE):
        """Return whether the gateway lies on a network of an interface that is named: then any prefix will do."""
        return interface in self._prefixes(gateway, table)

    def _prefixes(self, gateway, table):
        """Return {interface: length of the longest prefix that the gateway lies in}.

        A route without gateway for the whole world (a tunnel's default) proves nothing and is left out.
        """
        for asked in dict.fromkeys((table, MAIN_TABLE)):
            found = {}
            for route in self._connected:
                if route.table == asked and route.destination.prefixlen and gateway in route.destination:
                    found[route.interface] = max(route.destination.prefixlen, found.get(route.interface, 0))
            if found:
                return found
        return {}

    def tables_on_link(self, gateway, interface):
        """Return the numbers of the tables but main in which the gateway is directly on an interface ('' for any)."""
        return sorted(
            {
                route.table
                for route in self._connected
                if route.table != MAIN_TABLE and gateway in route.destination and interface in ("", route.interface)
            }
        )


def observe(node):
    """Read links, addresses and routes.

    :raises NodeError: if ip refuses, or prints what cannot be read.
    """
    try:
        links = _links(network.links(node))
        has_ipv6 = any(address.version == 6 for link in links.values() for address in link.addresses)
        names = table_names(node)
        listed = network.routes(node, 4)
        # A kernel that was started with ipv6.disable=1 knows no such routes.
        listed += network.routes(node, 6, optional=not has_ipv6)
    except NodeError as error:
        raise NodeError(f"the routes of the node cannot be read: {error}") from None
    return Kernel(links, [live for live in (_live(route, names) for route in listed) if live is not None])


def _links(listed):
    return {
        link.name: Link(link.name, link.ifindex, tuple(address.interface.ip for address in link.addresses))
        for link in listed.values()
    }


def _live(listed, names):
    """Return a Live for a route of the kernel, None for one of the local table and for one that leads to no network."""
    table = network.table_number(listed.table, names)
    if listed.kind in NO_NETWORK_KINDS or table == LOCAL_TABLE:
        return None
    hop = listed.hops[0]
    # A next hop of the other family, and one of several, is nothing that a Route can say.
    single = not listed.multipath and (hop.gateway is None or hop.gateway.version == listed.family)
    route = Route(
        destination=listed.destination,
        gateway=hop.gateway if single else None,
        interface="" if listed.multipath else hop.interface,
        metric=DEFAULT_METRIC[listed.family] if listed.metric is None else listed.metric,
        table=table,
        source=listed.source,
        onlink="onlink" in listed.flags,
        mtu=listed.mtu,
    )
    plain = listed.kind == "unicast" and single and not any(name in _OTHER_SLOT for name, _value in listed.extras)
    return Live(route, plain, _way(listed), ip_text.say_route(listed, table))


def _way(listed):
    if listed.kind != "unicast":
        return listed.kind
    return " and ".join(
        f"via {hop.gateway} dev {hop.interface}" if hop.gateway else f"directly on {hop.interface}"
        for hop in listed.hops
    )


def _delete(route):
    """Return the batch line that takes out exactly this route and no other of the same slot."""
    words = ["route", "del", str(route.destination)]
    if route.gateway is not None:
        words += ["via", str(route.gateway)]
    return " ".join([*words, "dev", route.interface, "metric", str(route.metric), "table", str(route.table)])


def forward(replace, delete, restore):
    """Return the batch lines of a change, {family: [line]}; first in, then out: no destination lacks a path between.

    :arg replace: Routes to put in. :arg delete: Routes to take out. :arg restore: [Live] of others to put back.
    """
    lines = {4: [], 6: []}
    for route in replace:
        lines[route.family].append("route replace " + " ".join(route.arguments()))
    for live in restore:
        lines[live.route.family].append("route replace " + live.words)
    taken = {live.route.slot for live in restore}
    for route in delete:
        if route.slot not in taken:  # what was put back took its place
            lines[route.family].append(_delete(route))
    return lines


def backward(routes, replace, delete, restore):
    """Return the batch lines that undo :func:`forward`, {family: [line]}. They work also where it was done in part.

    :arg routes: [Live] as they were before it.
    """
    slots, before = OrderedDict(), {}
    for live in routes:
        before.setdefault(live.route.slot, []).append(live)
    for route in list(replace) + [live.route for live in restore] + list(delete):
        slots.setdefault(route.slot, route)
    lines = {4: [], 6: []}
    for slot, route in slots.items():
        there = [live.words for live in before.get(slot, []) if live.words]
        undo = [f"route {'append' if number else 'replace'} {words}" for number, words in enumerate(there)]
        lines[route.family] += undo or [_delete(route)]
    return lines


def change(node, lines):
    """Hand batch lines, {family: [line]}, to the kernel.

    :raises NodeError: with the line that the kernel refused; lines before it are done.
    """
    for family in (4, 6):
        if lines[family]:
            _batch(node, family, lines[family])


def undo(node, lines):
    """Hand the batch lines of :func:`backward` to the kernel, each whatever became of the others."""
    for family in (4, 6):
        if lines[family]:
            # A line that the kernel refuses undoes what was never done; whoever asks reads back what is there.
            argv = ["ip", f"-{int(family)}", "-force", "-batch", "-"]
            done = node.run(argv, stdin="\n".join(lines[family]) + "\n")
            if done.rc != 0 and not _FAILED.search(done.err):
                for line in lines[family]:
                    _alone(node, family, line)


def _alone(node, family, line):
    return node.run(["ip", f"-{int(family)}", *line.split()])


def _batch(node, family, lines):
    done = node.run(["ip", f"-{int(family)}", "-batch", "-"], stdin="\n".join(lines) + "\n")
    if done.rc == 0:
        return
    number = _FAILED.search(done.err)
    line = lines[int(number.group(1)) - 1] if number and 0 < int(number.group(1)) <= len(lines) else "-batch"
    if not number:
        # To put a route in once more changes nothing, and one that is out already is what was wanted.
        for each in lines:
            line, done = each, _alone(node, family, each)
            if done.rc != 0 and not (each.startswith("route del ") and "No such process" in done.err):
                break
        else:
            return
    said = done.err.strip() or "nothing"
    said = " ".join(said.replace("RTNETLINK answers: ", "").splitlines())
    raise NodeError(f"'ip -{int(family)} {line}' was rejected by the kernel: {said}; fix that and run again")
