# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""UDP as far as it is honest from one side: an ICMP refusal is proof, an answer is proof, silence is none. Private."""

import socket

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from ansible_collections.ack_edge.node.plugins.module_utils._system.sockets import datagrams, said, why

# The keep-alive of NAT traversal (RFC 3948): IPsec swallows it, anything else drops it as too short.
_PAYLOAD = b"\xff"
_REPEAT = 1.0


def probe(address, port, timeout, clock):
    """Return the number of bytes that came back.

    :arg timeout: seconds to wait for an answer or for ICMP; the datagram is repeated every second.
    :raises Stop: ``udp.silent``, ``udp.refused``, ``udp.forbidden`` or ``udp.unreachable``.
    """
    end = clock() + timeout
    try:
        with datagrams(address, port) as sock:
            while clock() < end:
                sock.send(_PAYLOAD)
                sock.settimeout(max(0.01, min(_REPEAT, end - clock())))
                try:
                    return len(sock.recv(2048))
                except socket.timeout:
                    continue
    except OSError as error:
        raise Stop("udp." + why(error), error=said(error)) from None
    raise Stop("udp.silent")
