# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several checks look at, read at most once in a run. Private to the collection.

Only reads, and only what any user may read; names of other users' processes need root.
"""

import collections
import functools
import ipaddress
import re
from typing import Any, NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import os, programs, resolver


class Route(NamedTuple):
    """A route of the kernel.

    :ivar version: 4 or 6. :ivar network: an ipaddress network, None for a default route.
    :ivar table, kind: as in ``ip route``. :ivar hops: how many next hops it has.
    """

    version: int
    network: Any
    gateway: Optional[str]
    dev: Optional[str]
    source: Optional[str]
    metric: int
    table: str
    kind: str
    hops: int


class Address(NamedTuple):
    """An address of the node.

    :ivar interface: an ipaddress interface (the address with its prefix).
    :ivar peer: the other end of a point-to-point link.
    """

    interface: Any
    dev: str
    peer: Optional[str]
    scope: str


class Listener(NamedTuple):
    """Who listens: ``protocol`` tcp or udp, ``process`` its name or ''."""

    protocol: str
    address: str
    port: int
    process: str


def _once(method):
    @functools.wraps(method)
    def reading(self):
        name = method.__name__
        if name not in self._kept:  # pylint: disable=protected-access
            self._kept[name] = method(self)  # pylint: disable=protected-access
        return self._kept[name]

    return reading


class Facts:
    """The node as the checks see it; ``node`` is a Node, everything else is read when first asked for."""

    def __init__(self, node):
        self.node = node
        self._kept = {}

    @_once
    def os_release(self):
        """Return the fields of os-release (dict of str)."""
        return os.os_release(self.node)

    @_once
    def host_name(self):
        """Return the host name as the kernel has it."""
        return (self.node.read("/proc/sys/kernel/hostname") or "").strip()

    @_once
    def hosts_records(self):
        """Return the records of /etc/hosts as a list of HostsRecord."""
        return resolver.hosts(self.node)

    @_once
    def links(self):
        """Return the interfaces as a dict name -> entry of ``ip -j address``."""
        entries = self.node.json(["ip", "-j", "address", "show"])
        return collections.OrderedDict((entry["ifname"], entry) for entry in entries if entry.get("ifname"))

    def down(self, name):
        """Return why nothing leaves by an interface, 'is down' or 'has no carrier', '' where something can."""
        link = self.links().get(name) or {}
        flags = link.get("flags", ["UP"])
        if "UP" not in flags:
            return "is down"
        return "has no carrier" if "NO-CARRIER" in flags or link.get("operstate") == "LOWERLAYERDOWN" else ""

    @_once
    def addresses(self):
        """Return every address of the node as a list of Address."""
        return [
            Address(
                ipaddress.ip_interface(f"{info['local']}/{int(info.get('prefixlen', 32))}"),
                name,
                info.get("address"),
                info.get("scope", "global"),
            )
            for name, entry in self.links().items()
            for info in entry.get("addr_info", [])
            if info.get("local")
        ]

    @_once
    def routes(self):
        """Return the routes of all tables, both families, as a list of Route."""
        found = [_route(entry, 4) for entry in self.node.json(["ip", "-j", "-4", "route", "show", "table", "all"])]
        try:
            entries = self.node.json(["ip", "-j", "-6", "route", "show", "table", "all"])
        except NodeError:  # a kernel without IPv6 answers with an error, which is not one for us
            entries = []
        return found + [_route(entry, 6) for entry in entries]

    def default_routes(self, version):
        """Return the default routes of table main, best (lowest metric) first, as a list of Route.

        :arg version: 4 or 6.
        """
        found = [
            route
            for route in self.routes()
            if route.network is None and route.version == version and route.table == "main" and route.kind == "unicast"
        ]
        return sorted(found, key=lambda route: route.metric)

    @_once
    def nameservers(self):
        """Return the addresses of the resolvers (list of str), and those that a resolver of the node itself asks."""
        # fe80::1%eth0 is how a link-local resolver is written.
        found = [address.partition("%")[0] for address in resolver.all_nameservers(self.node)]
        return list(collections.OrderedDict.fromkeys(found))

    @_once
    def processes(self):
        """Return the names of the running processes as a dict pid (int) -> name (at most 15 characters)."""
        return programs.processes(self.node)

    @_once
    def listeners(self):
        """Return who listens as a list of Listener; process is '' for the kernel and where we are not root."""
        found = []
        for line in self.node.check(["ss", "-l", "-t", "-u", "-n", "-p"]).splitlines():
            words = line.split()
            if len(words) < 5 or words[0] not in ("tcp", "udp"):
                continue
            address, _colon, port = words[4].rpartition(":")
            name = re.search(r'\(\("([^"]*)"', line)
            if port.isdigit():
                found.append(Listener(words[0], address, int(port), name.group(1) if name else ""))
        return found


def _route(entry, version):
    destination = entry.get("dst", "default")
    hops = entry.get("nexthops") or []
    first = hops[0] if hops else entry
    return Route(
        version,
        None if destination == "default" else ipaddress.ip_network(destination, strict=False),
        first.get("gateway") or (first.get("via") or {}).get("host"),
        first.get("dev"),
        entry.get("prefsrc"),
        entry.get("metric", 0),
        str(entry.get("table", "main")),
        entry.get("type", "unicast"),
        max(1, len(hops)),
    )
