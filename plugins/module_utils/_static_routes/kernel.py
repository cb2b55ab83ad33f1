# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links, addresses and routes of the running kernel: read once as JSON, changed in one ``ip -batch`` per family.

Private to the collection.
"""

import ipaddress
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

_ANYWHERE = {4: ipaddress.ip_network("0.0.0.0/0"), 6: ipaddress.ip_network("::/0")}
_TABLE_NAMES = ("/usr/share/iproute2/rt_tables", "/etc/iproute2/rt_tables")
_TABLE_NAME_DIR = "/etc/iproute2/rt_tables.d"


class Kernel:
    """What the kernel has now: ``links`` {name: Link} and ``routes`` [Live] of every table but the local one."""

    def __init__(self, links, routes):
        self.links, self.routes = links, routes
        self._connected = [
            live.route
            for live in routes
            if live.plain and live.route.gateway is None and live.route.table == MAIN_TABLE
        ]

    def own(self, address):
        """Return the link that has the address, '' if none has."""
        for link in self.links.values():
            if address in link.addresses:
                return link.name
        return ""

    def connected(self, interface):
        """Return the networks that are directly on an interface."""
        return [route.destination for route in self._connected if route.interface == interface]

    def on_link(self, gateway):
        """Return the sorted names of the interfaces on whose networks the gateway lies.

        A route without gateway for the whole world (a tunnel's default) proves nothing and is left out.
        """
        return sorted(
            {
                route.interface
                for route in self._connected
                if route.destination.prefixlen and gateway in route.destination
            }
        )


def observe(node):
    """Read links, addresses and routes.

    :raises NodeError: if iproute2 is missing or too old to print JSON.
    """
    try:
        links = _links(node.json(["ip", "-j", "address", "show"]))
        names = table_names(node)
        routes = []
        for family in (4, 6):
            listed = _listed(node, family, links)
            routes += [
                live
                for live in (_live(family, entry, names) for entry in listed)
                if live is not None and live.route.table != LOCAL_TABLE
            ]
    except NodeError as error:
        raise NodeError(
            f"the routes of the node cannot be read: {error}; ip of iproute2 4.17 or newer is needed"
        ) from None
    return Kernel(links, routes)


def _listed(node, family, links):
    argv = ["ip", f"-{int(family)}", "-j", "route", "show", "table", "all"]
    has_family = any(address.version == family for link in links.values() for address in link.addresses)
    if family == 6 and not has_family and node.run(argv).rc != 0:
        return []  # a kernel that was started with ipv6.disable=1 knows no such routes
    return node.json(argv)


def _links(listed):
    links = {}
    for entry in listed:
        if "ifname" not in entry:
            continue  # old iproute2 prints empty objects for what a filter left out
        addresses = tuple(
            ipaddress.ip_address(address["local"]) for address in entry.get("addr_info", []) if "local" in address
        )
        links[entry["ifname"]] = Link(entry["ifname"], entry["ifindex"], addresses)
    return links


def table_names(node):
    """Return {name: number} of the routing tables; ip prints a name where somebody gave one."""
    names = {"main": MAIN_TABLE, "local": LOCAL_TABLE, "default": 253}
    paths = list(_TABLE_NAMES)
    paths += [f"{_TABLE_NAME_DIR}/{name}" for name in node.listdir(_TABLE_NAME_DIR) if name.endswith(".conf")]
    for path in paths:
        for number, name in re.findall(r"^\s*(0x[0-9a-fA-F]+|\d+)\s+([^\s#]+)", node.read(path) or "", re.MULTILINE):
            names[name] = int(number, 0)
    return names


def table_number(table, names):
    """Return the number of a table that ip printed as number or name, -1 where nobody knows the name."""
    return names[table] if table in names else int(table) if table.isdigit() else -1


def _live(family, entry, names):
    """Return a Live for one entry of ``ip -j route``, None for what is no route to a network."""
    if "dst" not in entry or entry.get("type") in ("multicast", "broadcast", "anycast"):
        return None
    table = str(entry.get("table", MAIN_TABLE))
    kind = entry.get("type", "unicast")
    attributes = {}
    for metrics in entry.get("metrics", []):
        attributes.update(metrics)
    route = Route(
        destination=_destination(family, entry["dst"]),
        gateway=ipaddress.ip_address(entry["gateway"]) if "gateway" in entry else None,
        interface=entry.get("dev", ""),
        metric=entry.get("metric", DEFAULT_METRIC[family]),
        table=table_number(table, names),
        source=ipaddress.ip_address(entry["prefsrc"]) if "prefsrc" in entry else None,
        onlink="onlink" in entry.get("flags", []),
        mtu=attributes.get("mtu"),
    )
    # "via" is a next hop of the other family, "from" and "tos" are part of a slot that we never use.
    plain = kind == "unicast" and not any(key in entry for key in ("nexthops", "via", "encap", "from", "tos", "nhid"))
    return Live(route, plain, _way(kind, entry, route), _words(kind, entry, route))


def _destination(family, text):
    return _ANYWHERE[family] if text == "default" else ipaddress.ip_network(text, strict=False)


def _way(kind, entry, route):
    if kind != "unicast":
        return kind
    if "nexthops" in entry:
        return " and ".join(_hop(hop.get("gateway"), hop.get("dev")) for hop in entry["nexthops"])
    return _hop(route.gateway or entry.get("via", {}).get("host"), route.interface)


def _hop(gateway, device):
    return f"via {gateway} dev {device}" if gateway else f"directly on {device}"


# What an entry may hold that _words can say, and flags that are a state of the route and no part of it.
_SAYABLE = {
    "type",
    "dst",
    "gateway",
    "via",
    "dev",
    "table",
    "protocol",
    "scope",
    "metric",
    "prefsrc",
    "flags",
    "metrics",
    "nexthops",
    "pref",
}
_PASSING = {"linkdown", "dead", "pervasive", "offload", "rt_offload", "trap", "rt_trap"}
_HOP = {"gateway", "via", "dev", "weight", "flags"}


def _words(kind, entry, route):
    flags = set(entry.get("flags", [])) - _PASSING
    hops = entry.get("nexthops", [])
    strange = set(entry) - _SAYABLE or flags - {"onlink"} or any(set(hop) - _HOP for hop in hops)
    if strange or entry.get("pref", "medium") != "medium" or route.table < 0:
        return ""
    words = [] if kind == "unicast" else [kind]
    words += [str(route.destination), *_hop_words(entry if kind == "unicast" else {})]
    words += ["proto", str(entry.get("protocol", "boot"))]
    if route.family == 4:
        words += ["scope", str(entry.get("scope", "global"))]
    words += ["metric", str(route.metric), "table", str(route.table)]
    words += ["src", str(route.source)] if route.source is not None else []
    for metrics in entry.get("metrics", []):
        for name, value in metrics.items():
            words += [name, str(value)]
    words += ["onlink"] if "onlink" in flags else []
    for hop in hops:
        words += ["nexthop", *_hop_words(hop), "weight", str(hop.get("weight", 1))]
        words += ["onlink"] if "onlink" in hop.get("flags", []) else []
    return " ".join(words)


def _hop_words(hop):
    words = []
    if "gateway" in hop:
        words = ["via", hop["gateway"]]
    elif "via" in hop:
        words = ["via", hop["via"]["family"], hop["via"]["host"]]
    return words + (["dev", hop["dev"]] if "dev" in hop else [])


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
            node.run(["ip", f"-{int(family)}", "-force", "-batch", "-"], stdin="\n".join(lines[family]) + "\n")


def _batch(node, family, lines):
    done = node.run(["ip", f"-{int(family)}", "-batch", "-"], stdin="\n".join(lines) + "\n")
    if done.rc == 0:
        return
    said = done.err.strip() or "nothing"
    number = re.search(r"Command failed -:(\d+)", said)
    line = lines[int(number.group(1)) - 1] if number and 0 < int(number.group(1)) <= len(lines) else "-batch"
    raise NodeError(
        f"'ip -{int(family)} {line}' was refused by the kernel: {' '.join(said.replace('RTNETLINK answers: ', '').splitlines())}; fix what it names and run again"
    )
