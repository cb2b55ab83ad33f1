# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a route is to the engine: typed tuples that are compared, never strings. Private to the collection."""

import ipaddress
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._system.network_types import IPAddress, IPNetwork

Address = IPAddress
Network = IPNetwork
# What the kernel and every manager tell routes apart by: destination, metric, table.
Slot = Tuple[Network, int, int]

MAIN_TABLE = 254
LOCAL_TABLE = 255
# What the kernel takes where nobody says a metric; IPv6 has no metric 0.
DEFAULT_METRIC = {4: 0, 6: 1024}

# How a fact of a route stands; UNKNOWN where it was not to be looked at.
OK, MISSING, WRONG, UNKNOWN = "ok", "missing", "wrong", "unknown"
LIVE, PERSISTED = "live", "persisted"
DECLARED, RESOLVED = "declared", "resolved"


class Route(NamedTuple):
    """One unicast route with one next hop."""

    destination: Network
    gateway: Optional[Address]
    interface: str
    metric: int
    table: int  # its number
    source: Optional[Address]  # the preferred source address
    onlink: bool  # whether the gateway is taken as directly reachable
    mtu: Optional[int]  # bytes

    @property
    def family(self):
        """4 or 6."""
        return self.destination.version

    @property
    def slot(self):
        """The Slot: two routes of one slot exclude each other."""
        return (self.destination, self.metric, self.table)

    def arguments(self):
        """Return the route as ``ip route`` takes it, every attribute said so that no default decides."""
        words = [
            str(self.destination),
            "via",
            str(self.gateway),
            "dev",
            self.interface,
            "proto",
            "static",
            "metric",
            str(self.metric),
            "table",
            str(self.table),
        ]
        if self.source is not None:
            words += ["src", str(self.source)]
        if self.mtu is not None:
            words += ["mtu", str(self.mtu)]
        if self.onlink:
            words.append("onlink")
        return words

    def text(self):
        """Return the route in the words of ``ip route``, defaults left out."""
        words = [str(self.destination)]
        if self.gateway is not None:
            words += ["via", str(self.gateway)]
        words += ["dev", self.interface]
        if self.metric != DEFAULT_METRIC[self.family]:
            words += ["metric", str(self.metric)]
        if self.table != MAIN_TABLE:
            words += ["table", str(self.table)]
        if self.source is not None:
            words += ["src", str(self.source)]
        if self.mtu is not None:
            words += ["mtu", str(self.mtu)]
        if self.onlink:
            words.append("onlink")
        return " ".join(words)

    def facts(self):
        """Return the route as a dict that JSON can hold; the opposite is :func:`from_facts`."""
        return {
            "destination": str(self.destination),
            "gateway": _text(self.gateway),
            "interface": self.interface,
            "metric": self.metric,
            "table": self.table,
            "source": _text(self.source),
            "onlink": self.onlink,
            "mtu": self.mtu,
        }


def from_facts(facts):
    """Return the Route of :meth:`Route.facts`.

    :raises ValueError, KeyError: if it is no such dict.
    """
    return Route(
        ipaddress.ip_network(facts["destination"]),
        _address(facts["gateway"]),
        facts["interface"],
        facts["metric"],
        facts["table"],
        _address(facts["source"]),
        facts["onlink"],
        facts["mtu"],
    )


def order(slot):
    """Sort key of a slot: IPv4 first, then by address, length, table and metric."""
    destination, metric, table = slot
    return (destination.version, int(destination.network_address), destination.prefixlen, table, metric)


def _text(value):
    return None if value is None else str(value)


def _address(text):
    return None if text is None else ipaddress.ip_address(text)


class Item(NamedTuple):
    """A route of the owned set, wanted or remembered."""

    route: Route
    comment: str
    origin: str  # DECLARED or RESOLVED
    names: Tuple[str, ...]  # those it was resolved from
    backend: str  # the name of what persists it
    path: str  # the file that persists it
    adopted: Tuple[str, ...]  # out of LIVE and PERSISTED: these were there before us and stay when the set goes
    displaced: Dict[str, List[Any]]  # {LIVE: [words], PERSISTED: [Line.raw]}: taken over, comes back when it goes
    metric_given: bool  # whether the user chose the metric (not remembered)


def item(
    route, *, comment="", origin=DECLARED, names=(), backend="", path="", adopted=(), displaced=None, metric_given=True
):
    """Return an Item."""
    return Item(route, comment, origin, tuple(names), backend, path, tuple(adopted), displaced or {}, metric_given)


def remember(one):
    """Return an Item as the manifest holds it."""
    facts = one.route.facts()
    facts.update(
        comment=one.comment,
        origin=one.origin,
        names=list(one.names),
        backend=one.backend,
        path=one.path,
        adopted=list(one.adopted),
        displaced=one.displaced,
    )
    return facts


def recall(facts):
    """Return the Item of :func:`remember`.

    :raises ValueError, KeyError, TypeError: if it is no such dict.
    """
    return item(
        from_facts(facts),
        comment=facts["comment"],
        origin=facts["origin"],
        names=facts["names"],
        backend=facts["backend"],
        path=facts["path"],
        adopted=facts["adopted"],
        displaced=facts.get("displaced"),
    )


class Line(NamedTuple):
    """A route as a file holds it."""

    route: Optional[Route]  # None where the line says more or other than a Route can hold
    slot: Slot
    comment: Optional[str]  # None where the format has none
    key: Any  # what the format finds the line by
    raw: Any  # what writes the very same line again, something that JSON can hold; None in files that are ours alone


class Link(NamedTuple):
    """One interface of the node."""

    name: str
    ifindex: int
    addresses: Tuple[Address, ...]


class Live(NamedTuple):
    """One route that the kernel has."""

    route: Route
    plain: bool  # whether it is nothing but what a Route can say: unicast, one next hop
    way: str  # its path, for people
    words: str  # what ``ip route`` makes the very same route of, '' where it holds more than we know how to say


class Doubt(NamedTuple):
    """Why a route would not come back at a reboot although its file has it."""

    text: str  # continues "... after a reboot:"
    remedy: str  # what an operator does about it


class Store(NamedTuple):
    """One file that persists routes, as read."""

    backend: Any  # a Backend
    path: str
    interface: str
    text: Optional[str]  # None where there is no file
    metadata_ok: bool  # whether its permissions and links are those of the backend
    lines: List[Line]
    foreign: List[Line]  # of its neighbours that are read for the same interface
    missing: Tuple[str, ...]  # directories that writing it would make
