# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""UDP as far as it is honest from one side: an ICMP refusal is proof, an answer is proof, silence is none. Private."""

import socket

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.tcp import said, why
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop

# The keep-alive of NAT traversal (RFC 3948): IPsec swallows it, anything else drops it as too short.
_PAYLOAD = b"\xff"
_REPEAT = 1.0
# From linux/in.h and linux/in6.h: without it a datagram socket hears of a closed port, but not of a router that knows
# no way or lets nobody through.
_RECVERR = {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}


def connected(address, port, source=""):
    """Return a datagram socket for one peer, which is told of every ICMP error. Raises OSError.

    :arg source: address to send from, '' for what the kernel takes.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(_RECVERR[family][0], _RECVERR[family][1], 1)
        if source:
            sock.bind((source, 0))
        sock.connect((address, port))
    except OSError:
        sock.close()
        raise
    return sock


def probe(address, port, timeout, clock):
    """Return the number of bytes that came back.

    :arg timeout: seconds to wait for an answer or for ICMP; the datagram is repeated every second.
    :raises Stop: ``udp.silent``, ``udp.refused``, ``udp.forbidden`` or ``udp.unreachable``.
    """
    end = clock() + timeout
    try:
        with connected(address, port) as sock:
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
