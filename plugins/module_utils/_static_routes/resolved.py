# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes to the addresses of names: those of now, and those that earlier runs resolved. Pure. Private."""

import ipaddress
from collections import OrderedDict
from typing import NamedTuple, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import bounds
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    RESOLVED,
    Address,
    Route,
    item,
)


class Name(NamedTuple):
    """What became of one name."""

    name: str
    routes: Tuple[Route, ...]  # wanted for it now, answered or kept
    covered: Tuple[Address, ...]  # that a declared route carries
    outside: Tuple[Address, ...]  # that are not routed
    error: str  # what the resolver said, ''
    excess: str = ""  # why the answer was not taken at all, ''


class Names:
    """Reads 'resolve' and the options that go with it.

    :arg gateway: of the option, None where it is not usable. :arg within: network that an address must lie in.
    :arg overlap: function that says why a network is forbidden, '' if it is not.
    :arg hops: the NextHops of the node. :arg problems: the Problems that take what is wrong.
    """

    def __init__(self, params, gateway, within, overlap, hops, problems):
        self._params, self._gateway, self._within = params, gateway, within
        self._overlap, self._hops, self._problems = overlap, hops, problems
        self._onlink = None  # a declared Route over the gateway that says onlink

    def read(self, declared, owned, answers):
        """Return ([Item], [Name]) for 'resolve' and for what earlier runs resolved.

        :arg declared: Routes of 'routes'. :arg owned: Items that the manifest remembers.
        :arg answers: {name: Answer}.
        """
        names = [name for name in self._params["resolve"] or [] if name in answers]
        if not self._params["resolve"]:
            return [], []  # a gateway that nothing uses is not judged
        # Where the declared routes take the gateway for directly reachable, so do those that are resolved.
        self._onlink = next((one for one in declared if one.onlink and one.gateway == self._gateway), None)
        interface = self._interface(names)
        refused = bounds.too_many(names, answers)
        kept = bounds.bounded(self._kept(owned, answers, refused), names, answers, refused)
        carriers = [route.destination for route in declared if route.table == MAIN_TABLE]
        items, outcome = OrderedDict(), []
        for address, one in kept.items():
            if not _carried(address, carriers):
                items[address] = self._host_item(address, interface, one.names, one)
        for name in names:
            answer = answers[name]
            covered, outside = [], []
            for address in answer.addresses if name not in refused else ():
                if self._within is None or address not in self._within or self._overlap(_host(address)):
                    outside.append(address)
                elif _carried(address, carriers):
                    covered.append(address)
                elif interface is not None:
                    old = items.get(address)
                    known = old.names if old is not None else ()
                    items[address] = self._host_item(address, interface, (*known, name), old)
            outcome.append((name, tuple(covered), tuple(outside), answer.error, refused.get(name, "")))
        routes = {name: tuple(one.route for one in items.values() if name in one.names) for name in names}
        return list(items.values()), [Name(name, routes[name], *rest) for name, *rest in outcome]

    def _interface(self, names):
        """Return the interface of resolved routes, None where there is no usable default gateway."""
        if self._gateway is None:
            if names and not self._params["gateway"]:
                self._problems.add(
                    None,
                    "gateway is not set, but the addresses of resolve are routed through it; set it to the next hop "
                    "on the leased line",
                )
            return None
        if self._within is not None and names and self._within.version != self._gateway.version:
            self._problems.add(
                None, f"gateway is {self._gateway}, but resolve_within {self._within} is of the other address family"
            )
            return None
        if self._onlink is not None:
            return self._onlink.interface
        name = self._params["interface"]
        if name and not self._hops.is_known(name):
            return None
        return self._hops.behind(self._gateway, name, False, "gateway", None)

    def _kept(self, owned, answers, refused):
        """Return {address: Item} that earlier runs resolved and that stay.

        With 'prune' only what has just been answered stays, and what belongs to a name that is asked for and cannot
        be resolved now: a resolver that is down or answers nonsense is no reason to take routes away.
        """
        kept = OrderedDict()
        # Nobody asks for names any more: the line is gone, and so is the reason to keep what it carried.
        for one in owned if self._params["resolve"] else ():
            address = one.route.destination.network_address
            down = any(name in refused or (name in answers and answers[name].error) for name in one.names)
            answered = any(address in answer.addresses for answer in answers.values())
            if one.origin == RESOLVED and (not self._params["prune"] or down or answered):
                kept[address] = one
        return kept

    def _host_item(self, address, interface, names, old):
        names = tuple(sorted(set(names)))
        comment = f"resolved from {', '.join(names)}"
        if interface is None or self._gateway is None or address.version != self._gateway.version:
            return old._replace(comment=comment, names=names)
        route = Route(
            _host(address),
            self._gateway,
            interface,
            DEFAULT_METRIC[address.version],
            MAIN_TABLE,
            None,
            bool(self._onlink),
            None,
        )
        return item(route, comment=comment, origin=RESOLVED, names=names, metric_given=False)


def _host(address):
    return ipaddress.ip_network(f"{address}/{address.max_prefixlen}")


def _carried(address, destinations):
    return any(destination.version == address.version and address in destination for destination in destinations)
