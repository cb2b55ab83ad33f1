# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a route is to the engine: typed tuples that are compared, never strings. Private to the collection."""

import ipaddress
from collections import namedtuple

MAIN_TABLE = 254
LOCAL_TABLE = 255
# What the kernel takes where nobody says a metric; IPv6 has no metric 0.
DEFAULT_METRIC = {4: 0, 6: 1024}

# How a fact of a route stands; UNKNOWN where it was not to be looked at.
OK, MISSING, WRONG, UNKNOWN = "ok", "missing", "wrong", "unknown"
LIVE, PERSISTED = "live", "persisted"
DECLARED, RESOLVED = "declared", "resolved"


class Route(namedtuple("Route", "destination gateway interface metric table source onlink mtu")):
    """One unicast route with one next hop.

    ``destination`` ip_network, ``gateway`` ip_address or None, ``interface`` str, ``metric`` and ``table`` int,
    ``source`` ip_address or None, ``onlink`` bool, ``mtu`` int or None.
    """

    __slots__ = ()

    @property
    def family(self):
        """4 or 6."""
        return self.destination.version

    @property
    def slot(self):
        """What the kernel and every manager tell routes apart by: two routes of one slot exclude each other."""
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


class Item(namedtuple("Item", "route comment origin names backend path adopted displaced metric_given")):
    """A route of the owned set, wanted or remembered.

    ``comment`` str, ``origin`` DECLARED or RESOLVED, ``names`` tuple of the names it was resolved from,
    ``backend`` and ``path`` where it is persisted, ``adopted`` tuple out of LIVE and PERSISTED: these were there before
    us and stay when the set goes. ``displaced`` {LIVE: [words], PERSISTED: [``Line.raw``]}: what was taken over and
    comes back when the route goes. ``metric_given`` bool: whether the user chose the metric (not remembered).
    """

    __slots__ = ()


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


# A route as a file holds it. ``route`` Route or None where the line says more or other than we can hold; ``slot`` also
# then; ``comment`` str or None where the format has none; ``key`` what the backend finds the line by; ``raw`` what the
# backend needs to write the very same line again (something that JSON can hold), None in files that are ours alone.
Line = namedtuple("Line", "route slot comment key raw")

# One file that persists routes, as read. ``backend`` object, ``text`` None where there is no file, ``sound`` whether
# its permissions and links are those of the backend, ``lines`` of the file, ``foreign`` lines of its neighbours,
# ``missing`` directories that writing it would make.
Store = namedtuple("Store", "backend path interface text sound lines foreign missing")
