# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP: connect, go through a proxy, see an HTTP answer. Private to the collection."""

import re
import socket
import ssl

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from ansible_collections.ack_edge.node.plugins.module_utils._system.sockets import printable, said, why

_STATUS_LINE = re.compile(rb"^HTTP/[0-9.]+ +([0-9]{3})[ \r\n]")
_MAX_HEADER = 16384


def where(host, port):
    """Return host:port, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def connect(address, port, timeout):
    """Return a connected socket.

    :arg timeout: seconds.
    :raises Stop: ``tcp.timeout``, ``tcp.refused``, ``tcp.forbidden`` or ``tcp.unreachable``.
    """
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect((address, port))
    except OSError as error:
        sock.close()
        raise Stop("tcp." + why(error), error=said(error)) from None
    return sock


def tunnel(sock, proxy, target, timeout, clock):
    """Let a proxy connect on to ``target`` (host:port) over a socket that is connected to it.

    :raises Stop: ``proxy.status`` with ``status`` and ``reason``; ``proxy.timeout``, ``.closed`` or ``.garbled``.
    """
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.authorization:
        lines.append("Proxy-Authorization: " + proxy.authorization)
    # Byte by byte, so that nothing is taken which the target itself may say first.
    answer = _exchange(sock, lines, "proxy", size=1, until=b"\r\n\r\n", end=clock() + timeout, clock=clock)
    status = _status(answer, "proxy")
    if status != 200:
        reason = printable(answer.splitlines()[0]).split(" ", 2)[2:]
        raise Stop("proxy.status", status=status, reason=reason[0].strip()[:80] if reason else "")


def http_status(sock, target, timeout, clock):
    """Return the status (int) that an HTTP server answers to ``HEAD /``; any is proof that it is reached.

    :arg target: host:port for the header.
    :raises Stop: ``http.timeout``, ``http.closed`` or ``http.garbled``.
    """
    lines = ["HEAD / HTTP/1.1", f"Host: {target}", "User-Agent: ack_edge.node", "Accept: */*", "Connection: close"]
    answer = _exchange(sock, lines, "http", size=1024, until=b"\n", end=clock() + timeout, clock=clock)
    return _status(answer, "http")


def _status(answer, stage):
    match = _STATUS_LINE.match(answer)
    if not match:
        raise Stop(stage + ".garbled", said=printable(answer[:40]))
    return int(match.group(1))


def _exchange(sock, lines, stage, *, size, until, end, clock):
    """Send header lines and return what comes back up to ``until`` or the end."""
    answer = b""
    try:
        sock.settimeout(max(0.05, end - clock()))
        sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        while until not in answer:
            if len(answer) > _MAX_HEADER:
                raise Stop(stage + ".garbled", said=printable(answer[:40]))
            # A server that drips must not get a new timeout with every byte.
            if clock() >= end:
                raise Stop(stage + ".timeout")
            sock.settimeout(max(0.05, end - clock()))
            part = sock.recv(size)
            if not part:
                break
            answer += part
    except OSError as error:
        if isinstance(error, socket.timeout) or (isinstance(error, ssl.SSLError) and "timed out" in str(error)):
            raise Stop(stage + ".timeout") from None
        if not answer:
            raise Stop(stage + ".closed", error=said(error)) from None
    if not answer:
        raise Stop(stage + ".closed", error="nothing was sent")
    return answer
