# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stays on a member of a cluster although it has left the list of routes. Private to the collection.

Pods and kubelet have connections to a range that the vendor has just retired, and they end with the route to it. So
where a kubelet runs a declared route leaves only with 'prune'.
"""

from collections import OrderedDict

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import DECLARED
from ansible_collections.ack_edge.node.plugins.module_utils._system import membership


def kept(node, params, owned, wanted, forbidden):
    """Return the Items that stay.

    :arg owned: Items that the manifest remembers. :arg wanted: the Wanted of the parameters.
    :arg forbidden: ip_networks where no route may be.
    """
    rows = [one.route for one in wanted.rows if one is not None]
    if params["prune"] or not params["live"] or not rows:
        return []
    found, listed = OrderedDict(), _Listed(rows)
    for one in owned:
        if one.origin == DECLARED and _carries(one.route, listed, forbidden):
            found.setdefault(one.route.slot, one)
    return list(found.values()) if found and membership.kubelet(node) else []


class _Listed:
    """The routes of the list, by what is asked of them: a list of a thousand is compared with itself in each run."""

    def __init__(self, rows):
        self.next_hops = {(row.gateway, row.interface) for row in rows}
        self._destinations = {(row.table, row.destination) for row in rows}
        self._lengths = {(table, network.version, network.prefixlen) for table, network in self._destinations}

    def covers(self, route):
        """Return whether a route of the list, in the same table, leads to all that a route leads to."""
        network = route.destination
        return any(
            (table, network.supernet(new_prefix=length)) in self._destinations
            for table, version, length in self._lengths
            if (table, version) == (route.table, network.version) and length <= network.prefixlen
        )


def _carries(route, listed, forbidden):
    """Return whether connections would end with a route: nothing in the list takes its place on the same next hop."""
    if any(_inside(route.destination, network) or _inside(network, route.destination) for network in forbidden):
        return False
    if listed.covers(route):
        return False
    # Through another next hop than before, the list says that the old one is not to be used any more.
    return (route.gateway, route.interface) in listed.next_hops


def _inside(network, other):
    return network.version == other.version and network.prefixlen >= other.prefixlen and network.overlaps(other)
