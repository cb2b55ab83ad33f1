# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the parameters of static_routes to wanted routes, with every mistake found at once. Pure. Private."""

import re
from collections import OrderedDict
from typing import List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import bounds, resolved
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.next_hop import NextHops
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    LOCAL_TABLE,
    MAIN_TABLE,
    Item,
    Route,
    item,
)

# One line for every format: YAML and Python end lines at the characters of Unicode for it, too.
_COMMENT = re.compile(r"^[^\x00-\x1f\x7f\x85\u2028\u2029\\]*\Z")
_MTU = {4: 68, 6: 1280}
_HIGHEST = 2**32 - 1


class Wanted(NamedTuple):
    """What the parameters ask for."""

    rows: List[Optional[Item]]  # one for each entry of 'routes', None where something is wrong with it
    items: List[Item]  # one for a slot
    names: List[resolved.Name]  # one for each name of 'resolve'
    problems: List[Tuple[Optional[int], str]]  # (index of the entry or None, text)
    kept: Sequence[Item] = ()  # what has left 'routes' and stays until 'prune', among items too


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
    problems = Problems()
    reader = _Reader(params, kernel, problems)
    rows = [reader.row(index, entry) for index, entry in enumerate(params["routes"] or [])]
    items = reader.without_contradictions(rows)
    found, names = reader.names().read([one.route for one in items.values()], owned, answers)
    items.update((one.route.slot, one) for one in found)
    reader.everything(rows, owned)
    return Wanted(rows, list(items.values()), names, problems.found)


class Problems:
    """What is wrong with the input, collected."""

    def __init__(self):
        self.found, self._said = [], set()

    def add(self, row, text):
        """Take a problem of a row (its index, None for what is no row's)."""
        # What is wrong with a default is said once, not for each of a thousand routes.
        if text not in self._said:
            self._said.add(text)
            self.found.append((row, text))

    def read(self, text, variable, row, read, **options):
        """Return what a reader of ``_inputs`` makes of a text, None where that is a problem of the row."""
        wrong = []
        value = _inputs.attempt(wrong, variable, text, read, **options)
        for problem in wrong:
            self.add(row, problem)
        return value


class _Reader:
    def __init__(self, params, kernel, problems):
        self._params, self._kernel, self._problems = params, kernel, problems
        self._forbidden = networks(params["forbidden"], "forbidden", problems.found)
        self._hops = NextHops(kernel, problems)
        if kernel is None:
            self._without_kernel()
        self._gateway = self._default_gateway()
        self._within = self._resolve_within()
        if params["interface"]:
            self._hops.interface(params["interface"], "interface", None)

    def _without_kernel(self):
        if self._params["backend"] == "auto":
            self._problem(
                None,
                "backend is auto, but with live: false the manager of an interface cannot be detected; set the backend",
            )
        if self._params["resolve"]:
            self._problem(
                None,
                "resolve is set, but with live: false the names would be resolved where the image is built; leave it "
                "empty: the first run on the node itself adds these routes",
            )

    def _problem(self, row, text):
        self._problems.add(row, text)

    def _default_gateway(self):
        text = self._params["gateway"]
        return self._address(text, "gateway", None) if text else None

    def _resolve_within(self):
        return self._problems.read(self._params["resolve_within"], "resolve_within", None, _inputs.network)

    def _address(self, text, variable, row):
        return self._problems.read(text, variable, row, _inputs.address)

    def row(self, index, entry):
        """Return the Item of one entry of 'routes', None if something is wrong with it."""
        before = len(self._problems.found)
        label = f"routes[{index}]"
        destination = self._destination(entry["destination"], label, index)
        if destination is None:
            return None
        gateway, variable = self._row_gateway(entry, label, index)
        if gateway is None:
            return None
        if gateway.version != destination.version:
            self._problem(
                index,
                f"{variable} is {gateway}, which is IPv{gateway.version}, but {label}.destination {destination} is "
                f"IPv{destination.version}; set a gateway of the same family",
            )
            return None
        interface = self._row_interface(entry, gateway, variable, label, index)
        attributes = self._attributes(entry, destination, label, index)
        if len(self._problems.found) != before or interface is None:
            return None
        route = Route(destination, gateway, interface, *attributes)
        return item(route, comment=(entry["comment"] or "").strip(), metric_given=entry["metric"] is not None)

    def _destination(self, text, label, row):
        anywhere = True if self._params["force"] else "set force: true if the default route is intended"
        destination = self._problems.read(text, f"{label}.destination", row, _inputs.network, anywhere=anywhere)
        if destination is None:
            return None
        if destination.is_loopback or destination.is_multicast:
            wrong = "which is never routed through a gateway; remove it from the list"
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
                    f"which overlaps the Pod or Service CIDR {other} (forbidden): the node could not join; use "
                    "cluster CIDRs that do not overlap the networks behind the leased line"
                )
        return ""

    def _row_gateway(self, entry, label, row):
        if entry["gateway"]:
            variable = label + ".gateway"
            return self._address(entry["gateway"], variable, row), variable
        if not self._params["gateway"]:
            self._problem(
                row,
                f"{label}.gateway is not set, and the default gateway is not set either; set one of them to the next "
                f"hop of {entry['destination']}",
            )
        return self._gateway, "gateway"

    def _row_interface(self, entry, gateway, variable, label, row):
        """Return the name of the interface, None if something is wrong with it or with the gateway on it."""
        name = entry["interface"] or self._params["interface"]
        if entry["interface"] and not self._hops.interface(name, label + ".interface", row):
            return None
        if not entry["interface"] and name and not self._hops.is_known(name):
            return None
        return self._hops.behind(gateway, name, entry["onlink"], variable, row, entry["table"] or MAIN_TABLE)

    def _attributes(self, entry, destination, label, row):
        """Return metric, table, source, onlink, mtu."""
        version = destination.version
        metric = self._number(entry, "metric", 0, label, row)
        table = self._number(entry, "table", 1, label, row)
        if table == LOCAL_TABLE:
            self._problem(row, f"{label}.table is {LOCAL_TABLE}, which belongs to the kernel; choose another")
        source = self._source(entry["source"], version, label, row)
        mtu = self._number(entry, "mtu", _MTU[version], label, row)
        if not _COMMENT.match((entry["comment"] or "").strip()):
            self._problem(row, f"{label}.comment is {entry['comment']!r}, expected one line without backslash")
        return metric or DEFAULT_METRIC[version], table or MAIN_TABLE, source, entry["onlink"], mtu

    def _number(self, entry, key, lowest, label, row):
        value = entry[key]
        if value is not None and not lowest <= value <= _HIGHEST:
            self._problem(row, f"{label}.{key} is {value}, expected a number from {lowest} to {_HIGHEST}")
        return value

    def _source(self, text, version, label, row):
        if not text:
            return None
        source = self._address(text, label + ".source", row)
        if source is not None and (source.version != version or (self._kernel and not self._kernel.own(source))):
            self._problem(row, f"{label}.source is {source}, expected an IPv{version} address of this node")
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
                    f"routes[{index}] ({one.route.text()}) conflicts with routes[{first[slot]}] "
                    f"({items[slot].route.text()}); keep one of them or give them different metrics",
                )
        return items

    def names(self):
        """Return the Names that read 'resolve'."""
        return resolved.Names(self._params, self._gateway, self._within, self._overlap, self._hops, self._problems)

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
