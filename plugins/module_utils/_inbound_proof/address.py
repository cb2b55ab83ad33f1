# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which address of the node is to be probed. Private to the collection. Only reads."""

import ipaddress
import socket

from ansible_collections.ack_edge.node.plugins.module_utils._system.network import links


def source_toward(networks):
    """Return the address that the kernel would send to the first of the networks from, '' if there is none.

    A datagram socket that is connected has a source address; nothing is sent.
    """
    for text in networks[:1]:
        network = ipaddress.ip_network(text)
        target = str(network[1] if network.num_addresses > 1 else network[0])
        try:
            with socket.socket(socket.AF_INET6 if network.version == 6 else socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.connect((target, 9))
                return sock.getsockname()[0]
        except OSError:
            return ""
    return ""


def address_of(node, toward, within):
    """Return the address to probe: what the node sends to ``toward`` from, or another of its own in ``within``."""
    usual = source_toward(toward)
    networks = [ipaddress.ip_network(text) for text in within]
    if not networks or (usual and _inside(usual, networks)):
        return usual
    own = [str(address.interface.ip) for link in links(node).values() for address in link.addresses]
    return next((address for address in own if _inside(address, networks)), usual)


def _inside(address, networks):
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in networks if network.version == parsed.version)
