# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way the kernel would send a packet to an address, and whether anybody is there. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import network
from ansible_collections.ack_edge.node.plugins.module_utils._system.network_types import DEAD_KINDS


def unknown(error=None):
    """Return a way of which nothing is known; ``error`` is the kernel's word where it refuses to send."""
    return {"gateway": None, "interface": None, "source": None, "default": None, "error": error}


class Router:
    """Asks iproute2.

    :arg run: function like Node.run: argv and ``timeout`` in, Completed out.
    :arg timeout: seconds for one command.
    """

    def __init__(self, run, timeout):
        self._run, self._timeout = run, timeout

    def lookup(self, address):
        """Return ``{gateway, interface, source, default, error}``; what cannot be found out is None.

        ``gateway`` is None where the address is on the link. ``default`` says whether nothing more special than the
        default route leads there. ``error`` is the kernel's word where it has no way to the address.
        """
        found = self._get(address)
        if found["error"] is None and found["gateway"]:
            found["default"] = self._only_default(address)
        return found

    def is_silent(self, next_hop, interface):
        """Return whether a next hop has been asked for its hardware address (ARP, neighbour discovery) in vain."""
        try:
            return network.is_silent(self._run, next_hop, interface, self._timeout)
        except NodeError:
            return False

    def _get(self, address):
        try:
            path = network.path_to(self._run, address, self._timeout)
        except NodeError:
            return unknown()
        if path.route is None:
            return unknown(path.refused or None)
        if path.route.kind in DEAD_KINDS:
            return unknown(f"the route is of type {path.route.kind}")
        return dict(
            unknown(),
            gateway=_text(path.route.gateway),
            interface=path.route.interface or None,
            source=_text(path.route.source),
        )

    def _only_default(self, address):
        try:
            routes = network.matching(self._run, address, self._timeout)
        except NodeError:
            return None
        return all(route.is_default for route in routes) if routes else None


def _text(address):
    return None if address is None else str(address)
