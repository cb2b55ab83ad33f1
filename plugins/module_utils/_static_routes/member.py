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
    found = OrderedDict()
    for one in owned:
        if one.origin == DECLARED and _carries(one.route, rows, forbidden):
            found.setdefault(one.route.slot, one)
    return list(found.values()) if found and membership.kubelet(node) else []


def _carries(route, rows, forbidden):
    """Return whether connections would end with a route: nothing in the list takes its place on the same next hop."""
    if any(_inside(route.destination, network) or _inside(network, route.destination) for network in forbidden):
        return False
    if any(row.table == route.table and _inside(route.destination, row.destination) for row in rows):
        return False
    # Through another next hop than before, the list says that the old one is not to be used any more.
    return any((row.gateway, row.interface) == (route.gateway, route.interface) for row in rows)


def _inside(network, other):
    return network.version == other.version and network.prefixlen >= other.prefixlen and network.overlaps(other)
