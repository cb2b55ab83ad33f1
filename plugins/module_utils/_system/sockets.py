# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sockets tell about the way to another machine. Private to the collection."""

import errno
import os
import socket
import ssl

# The local firewall (EPERM) or a route of type prohibit (EACCES) says no; nothing has left the node.
_FORBIDDEN = (errno.EPERM, errno.EACCES)
# From linux/in.h and linux/in6.h: without it a datagram socket hears of a closed port, but not of a router that knows
# no way or lets nobody through.
_RECVERR = {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}


def datagrams(address, port, source=""):
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


def why(error):
    """Return timeout, refused, forbidden or unreachable for an OSError of a socket."""
    if isinstance(error, socket.timeout) or error.errno == errno.ETIMEDOUT:
        return "timeout"
    if error.errno == errno.ECONNREFUSED:
        return "refused"
    return "forbidden" if error.errno in _FORBIDDEN else "unreachable"


def said(error):
    """Return the words of the system, or of OpenSSL, for an OSError."""
    reason = getattr(error, "reason", None)
    if isinstance(error, ssl.SSLError):
        # Its errno is a number of OpenSSL's own, not one of the system's. Python 3.6 and 3.7 call an end without
        # farewell by the name of a Kerberos error that has the same number.
        if isinstance(error, ssl.SSLEOFError) or (reason or "").startswith("KRB5"):
            return "nothing was sent"
        return reason.lower().replace("_", " ") if reason else str(error)
    return os.strerror(error.errno) if error.errno else str(error)


def printable(data):
    """Return bytes from afar as text that no terminal and no report stumbles over."""
    return data.decode("latin-1").encode("unicode_escape").decode("ascii")
