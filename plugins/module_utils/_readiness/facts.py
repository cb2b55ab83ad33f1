# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several checks look at, read at most once in a run. Private to the collection.

Only reads, and only what any user may read; names of other users' processes need root.
"""

import collections
import functools
import re
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import leftovers
from ansible_collections.ack_edge.node.plugins.module_utils._system import membership, network, os, programs, resolver


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
        """Return the interfaces as an OrderedDict name -> Link, see ``_system/network_types.py``."""
        return network.links(self.node)

    def down(self, name):
        """Return why nothing leaves by an interface, 'is down' or 'has no carrier', '' where something can."""
        link = self.links().get(name)
        if link is None:
            return ""
        if "UP" not in link.flags:
            return "is down"
        return "has no carrier" if "NO-CARRIER" in link.flags or link.state == "LOWERLAYERDOWN" else ""

    @_once
    def addresses(self):
        """Return every address of the node as a list of Address."""
        return [address for link in self.links().values() for address in link.addresses]

    @_once
    def routes(self):
        """Return the routes of all tables, both families, as a list of Route."""
        # A kernel without IPv6 answers with an error, which is not one for us.
        return network.routes(self.node, 4) + network.routes(self.node, 6, optional=True)

    def default_routes(self, version):
        """Return the default routes of table main, best (lowest metric) first, as a list of Route.

        :arg version: 4 or 6.
        """
        found = [
            route
            for route in self.routes()
            if route.is_default and route.family == version and route.table == "main" and route.kind == "unicast"
        ]
        return sorted(found, key=lambda route: route.metric or 0)

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

    @_once
    def leftovers(self):
        """Return what of a cluster is on the node (list of str), see ``_readiness/leftovers.py``."""
        return leftovers.find(self)

    def membership(self, inputs):
        """Return the Membership of the node with regard to inputs['api_server']; nothing is raised."""
        if "membership" not in self._kept:
            try:
                found = membership.look(
                    self.node, self.leftovers(), self.processes(), self.hosts_records(), inputs.get("api_server") or ""
                )
            except (NodeError, OSError) as error:
                found = membership.Membership(membership.UNKNOWN, str(error))
            self._kept["membership"] = found
        return self._kept["membership"]

    def is_member(self, inputs):
        """Return whether checks judge the node as a member of its cluster, by inputs['host_state'] and what it is."""
        return inputs.get("host_state") != membership.NEW and self.membership(inputs).state == membership.JOINED
