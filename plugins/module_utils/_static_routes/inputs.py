# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the parameters of static_routes to wanted routes, with every mistake found at once. Pure. Private."""

import ipaddress
import re
from collections import OrderedDict, namedtuple

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import bounds
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    LOCAL_TABLE,
    MAIN_TABLE,
    RESOLVED,
    Route,
    item,
)

# What became of one name: ``routes`` wanted for it now (answered or kept), ``covered`` addresses that a declared route
# carries, ``outside`` addresses that are not routed, ``error`` what the resolver said, ``excess`` why the answer was
# not taken at all.
Name = namedtuple("Name", "name routes covered outside error excess")
Name.__new__.__defaults__ = ("",)
# ``rows``: for each entry of 'routes' its Item or None; ``items``: one Item for a slot; ``names``: [Name];
# ``problems``: [(row or None, text)].
Wanted = namedtuple("Wanted", "rows items names problems")

# One line for every format: YAML and Python end lines at the characters of Unicode for it, too.
_COMMENT = re.compile(r"^[^\x00-\x1f\x7f\x85\u2028\u2029\\]*\Z")
_MTU = {4: 68, 6: 1280}
_HIGHEST = 2**32 - 1


def networks(values, variable, problems):
    """Return the ip_network objects of a list option; what is wrong goes to ``problems``."""
    return _each(values, variable, problems, _inputs.network)


def addresses(values, variable, problems):
    """Return the ip_address objects of a list option; what is wrong goes to ``problems``."""
    return _each(values, variable, problems, _inputs.address)


def _each(values, variable, problems, read):
    texts = []
    rows = [_inputs.attempt(texts, f"{variable}[{index}]", text, read) for index, text in enumerate(values or [])]
    problems.extend((None, text) for text in texts)
    return [value for value in rows if value is not None]


def want(params, kernel, owned, answers):
    """Return the Wanted of the module's parameters.

    :arg kernel: Kernel as observed, None where nothing runs that could be asked (live: false).
    :arg owned: Items that the manifest remembers; resolved ones among them are kept until 'prune'.
    :arg answers: {name: Answer} for 'resolve'.
    """
    reader = _Reader(params, kernel)
    rows = [reader.row(index, entry) for index, entry in enumerate(params["routes"] or [])]
    items = reader.without_contradictions(rows)
    resolved, names = reader.resolved(items, owned, answers)
    items.update((one.route.slot, one) for one in resolved)
    reader.everything(rows, owned)
    return Wanted(rows, list(items.values()), names, reader.problems)


class _Reader:
    def __init__(self, params, kernel):
        self._params, self._kernel = params, kernel
        self.problems = []
        self._said = set()
        self._forbidden = networks(params["forbidden"], "forbidden", self.problems)
        self._interface_is_known = {}
        if kernel is None:
            self._without_kernel()
        self._gateway = self._default_gateway()
        self._within = self._resolve_within()
        if params["interface"]:
            self._interface(params["interface"], "interface", None)
        if self._gateway is not None and not params["routes"]:  # each route looks at the gateway that it uses
            self._next_hop(self._gateway, params["interface"], False, "gateway", None)

    def _without_kernel(self):
        if self._params["backend"] == "auto":
            self._problem(
                None,
                "backend is auto, and with live: false nothing runs that could be asked who manages an "
                "interface; name the backend",
            )
        if self._params["resolve"]:
            self._problem(
                None,
                "resolve is set, but with live: false the names would be asked where the image is "
                "built; leave it empty, the first run on the node itself adds these routes",
            )

    def _problem(self, row, text):
        # What is wrong with a default is said once, not for each of a thousand routes.
        if text not in self._said:
            self._said.add(text)
            self.problems.append((row, text))

    def _default_gateway(self):
        text = self._params["gateway"]
        return self._address(text, "gateway", None) if text else None

    def _resolve_within(self):
        return self._read(self._params["resolve_within"], "resolve_within", None, _inputs.network)

    def _read(self, text, variable, row, read, **options):
        problems = []
        value = _inputs.attempt(problems, variable, text, read, **options)
        for problem in problems:
            self._problem(row, problem)
        return value

    def _address(self, text, variable, row):
        return self._read(text, variable, row, _inputs.address)

    def row(self, index, entry):
        """Return the Item of one entry of 'routes', None if something is wrong with it."""
        before = len(self.problems)
        label = f"routes[{int(index)}]"
        destination = self._destination(entry["destination"], label, index)
        if destination is None:
            return None
        gateway, variable = self._row_gateway(entry, label, index)
        if gateway is None:
            return None
        if gateway.version != destination.version:
            self._problem(
                index,
                f"{variable} is {gateway}, which is IPv{int(gateway.version)}, but {label}.destination {destination} is IPv{int(destination.version)}; name a gateway of the same family",
            )
            return None
        interface = self._row_interface(entry, gateway, variable, label, index)
        attributes = self._attributes(entry, destination, label, index)
        if len(self.problems) != before or interface is None:
            return None
        route = Route(destination, gateway, interface, *attributes)
        return item(route, comment=(entry["comment"] or "").strip(), metric_given=entry["metric"] is not None)

    def _destination(self, text, label, row):
        anywhere = True if self._params["force"] else "set force to true if the default route is meant"
        destination = self._read(text, f"{label}.destination", row, _inputs.network, anywhere=anywhere)
        if destination is None:
            return None
        if destination.is_loopback or destination.is_multicast:
            wrong = "which is never routed through a gateway; take it out of the list"
        else:
            wrong = self._overlap(destination)
        if wrong:
            self._problem(row, f"{label}.destination is {destination}, {wrong}")
            return None
        return destination

    def _overlap(self, destination):
        for other in self._forbidden:
            if other.version == destination.version and destination.overlaps(other):
                return (
                    f"which overlaps the Pod or Service CIDR {other} (forbidden): the node could not join; use CIDRs of "
                    "the cluster that do not overlap the networks behind the leased line"
                )
        return ""

    def _row_gateway(self, entry, label, row):
        if entry["gateway"]:
            variable = label + ".gateway"
            return self._address(entry["gateway"], variable, row), variable
        if not self._params["gateway"]:
            self._problem(
                row,
                f"{label}.gateway is not set and neither is gateway, the default of all routes; set one of them to the next hop of {entry['destination']}",
            )
        return self._gateway, "gateway"

    def _row_interface(self, entry, gateway, variable, label, row):
        """Return the name of the interface, None if something is wrong with it or with the gateway on it."""
        name = entry["interface"] or self._params["interface"]
        if entry["interface"] and not self._interface(name, label + ".interface", row):
            return None
        if not entry["interface"] and name and not self._interface_is_known.get(name):
            return None
        return self._next_hop(gateway, name, entry["onlink"], variable, row)

    def _interface(self, name, variable, row):
        readable = self._read(name, variable, row, _inputs.interface) is not None
        known = readable and (self._kernel is None or name in self._kernel.links)
        self._interface_is_known[name] = known
        if readable and not known:
            self._problem(
                row,
                f"{variable} is {name!r}, which is not an interface of this node; there are {', '.join(sorted(self._kernel.links)) or 'none'}",
            )
        return known

    def _next_hop(self, gateway, name, onlink, variable, row):
        """Return the interface behind which the gateway is; the named one is only confirmed."""
        if self._kernel is not None:
            return self._reached(gateway, name, onlink, variable, row)
        if not name:
            self._problem(row, "interface is not set; with live: false it cannot be found by the gateway")
        return name

    def _reached(self, gateway, name, onlink, variable, row):
        holder = self._kernel.own(gateway)
        if holder:
            self._problem(row, f"{variable} is {gateway}, an address of this node itself ({holder}); name the next hop")
            return None
        if onlink and name:
            return name
        reached = self._kernel.on_link(gateway)
        if name:
            if name in reached or name not in self._kernel.links:
                return name
            networks_there = _listed(self._kernel.connected(name))
            self._problem(
                row,
                f"{variable} is {gateway}, which is not on-link on {name}, whose networks are: {networks_there}; name a gateway in one of "
                "them, or another interface",
            )
            return None
        if len(reached) == 1:
            return reached[0]
        if reached:
            found = f"is on-link on {' and '.join(reached)}; say with interface which one is meant"
        else:
            found = f"is not on-link on any interface; the networks of this node are: {'; '.join(f'{link} {_listed(self._kernel.connected(link))}' for link in sorted(self._kernel.links) if self._kernel.connected(link))}"
        self._problem(row, f"{variable} is {gateway}, which {found}")
        return None

    def _attributes(self, entry, destination, label, row):
        """Return metric, table, source, onlink, mtu."""
        version = destination.version
        metric = self._number(entry, "metric", 0, label, row)
        table = self._number(entry, "table", 1, label, row)
        if table == LOCAL_TABLE:
            self._problem(row, f"{label}.table is {int(LOCAL_TABLE)}, which belongs to the kernel; choose another")
        source = self._source(entry["source"], version, label, row)
        mtu = self._number(entry, "mtu", _MTU[version], label, row)
        if not _COMMENT.match((entry["comment"] or "").strip()):
            self._problem(row, f"{label}.comment is {entry['comment']!r}, expected one line without backslash")
        return metric or DEFAULT_METRIC[version], table or MAIN_TABLE, source, entry["onlink"], mtu

    def _number(self, entry, key, lowest, label, row):
        value = entry[key]
        if value is not None and not lowest <= value <= _HIGHEST:
            self._problem(
                row, f"{label}.{key} is {int(value)}, expected a number from {int(lowest)} to {int(_HIGHEST)}"
            )
        return value

    def _source(self, text, version, label, row):
        if not text:
            return None
        source = self._address(text, label + ".source", row)
        if source is not None and (source.version != version or (self._kernel and not self._kernel.own(source))):
            self._problem(row, f"{label}.source is {source}, expected an IPv{int(version)} address of this node")
        return source

    def without_contradictions(self, rows):
        """Return {slot: Item}; the same route twice is fine, two different ones of a slot are not."""
        items, first = OrderedDict(), {}
        for index, one in enumerate(rows):
            if one is None:
                continue
            slot = one.route.slot
            if slot not in items:
                items[slot], first[slot] = one, index
            elif items[slot].route != one.route:
                self._problem(
                    index,
                    f"routes[{int(index)}] ({one.route.text()}) contradicts routes[{int(first[slot])}] ({items[slot].route.text()}); keep one of them or give them different metrics",
                )
        return items

    def everything(self, rows, owned):
        """Refuse routes that are a default route in pieces, as the default route itself is."""
        found = [one for one in rows if one is not None]
        if not found or self._params["force"]:
            return
        ours = {one.route for one in owned}
        others = (
            [live.route for live in self._kernel.routes if live.route.gateway is not None and live.route not in ours]
            if self._kernel is not None
            else []
        )
        text = bounds.everything(found, others)
        if text:
            widest = min(found, key=lambda one: one.route.destination.prefixlen)
            self._problem(rows.index(widest), text)

    def resolved(self, declared, owned, answers):
        """Return ([Item], [Name]) for 'resolve' and for what earlier runs resolved."""
        names = [name for name in self._params["resolve"] or [] if name in answers]
        interface = self._resolved_interface(names)
        refused = bounds.too_many(names, answers)
        kept = bounds.bounded(self._kept(owned, answers, refused), names, answers, refused)
        carriers = [one.route.destination for one in declared.values() if one.route.table == MAIN_TABLE]
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

    def _resolved_interface(self, names):
        """Return the interface of resolved routes, None where there is no usable default gateway."""
        if self._gateway is None:
            if names and not self._params["gateway"]:
                self._problem(
                    None,
                    "gateway is not set; the addresses of resolve are routed through it, so set it to "
                    "the next hop on the leased line",
                )
            return None
        if self._within is not None and names and self._within.version != self._gateway.version:
            self._problem(None, f"gateway is {self._gateway}, but resolve_within {self._within} is of the other family")
            return None
        name = self._params["interface"]
        if name and not self._interface_is_known.get(name):
            return None
        return self._next_hop(self._gateway, name, False, "gateway", None)

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
            _host(address), self._gateway, interface, DEFAULT_METRIC[address.version], MAIN_TABLE, None, False, None
        )
        return item(route, comment=comment, origin=RESOLVED, names=names, metric_given=False)


def _host(address):
    return ipaddress.ip_network(f"{address}/{int(address.max_prefixlen)}")


def _carried(address, destinations):
    return any(destination.version == address.version and address in destination for destination in destinations)


def _listed(found):
    return ", ".join(str(one) for one in found) or "none (is it up?)"
