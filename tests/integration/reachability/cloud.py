# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers at the far end, each well or ill in one way. Run in a network namespace: cloud.py CERTIFICATES.

Port 443 of an address decides by the name that is asked for (SNI), other ports by their number. See world.py for the
addresses and test_faults.py for what each is to show.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import sys
import threading
import time
from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import ntp
from fakes import servers

HTTP_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
ALERT_HANDSHAKE_FAILURE = bytes.fromhex("15030300020228")
NETWORK = "100.103.1.1"
EMPTY = socket.inet_aton("198.51.100.55")
RECORDS = {
    "good.test": [NETWORK],
    "good.test.wildcard.test": ["203.0.113.64"],
    "second.test": ["100.103.3.3", NETWORK],
    "cut.test": [NETWORK],
    "six.test": ["fd00:103::1"],
    "both.test": [NETWORK, "fd00:103::1"],
    "mtu.test": ["100.103.5.1"],
    "alias.test": ["cdn.test."],
    "cdn.test": ["203.0.113.66"],
    "public.test": ["203.0.113.66"],
}
RECORDS |= {f"{name}.test": [NETWORK] for name in ("expired", "early", "self", "strange", "chain", "purpose", "name")}


def dns(query: bytes) -> bytes | None:
    """Answer a question as its name wants it."""
    name = servers.dns_question(query)[1]
    if name in RECORDS:
        return servers.dns_reply(query, RECORDS, truncated=name == "cut.test")
    ill = {
        "silent.test": None,
        "garbled.test": query[:2] + b"\x81\x80rubbish",
        "empty.test": servers.dns_reply(query),
        "servfail.test": servers.dns_reply(query, rcode=2),
        "refused.test": servers.dns_reply(query, rcode=5),
        "cut-off.test": servers.dns_reply(query, truncated=True),
    }
    return ill.get(name, servers.dns_reply(query, rcode=3))


def dns_over_tcp(connection: socket.socket) -> None:
    """Answer what did not fit into a datagram; of cut-off.test not even so.

    The C library asks for both families over one connection.
    """
    while head := connection.recv(2):
        query = connection.recv(struct.unpack("!H", head)[0])
        if servers.dns_question(query)[1] not in RECORDS:
            return
        reply = servers.dns_reply(query, RECORDS)
        connection.sendall(struct.pack("!H", len(reply)) + reply)


def time_of(offset: float = 0.0, wait: float = 0.0, stratum: int = 2, leap: int = 0, reference: bytes = b"\x0a\0\0\1"):
    """Return a time server."""

    def answer(request: bytes) -> bytes:
        time.sleep(wait)  # as a packet in a queue of the line
        now = ntp.pack_time(time.time() + offset)
        head = struct.pack("!BBbbII4s", leap << 6 | 4 << 3 | 4, stratum, 0, 0, 0, 0, reference)
        return head + now + request[40:48] + now + now

    return answer


def by_name(directory: Path):
    """Return an HTTPS server that shows the certificate of the name that is asked for."""
    chosen = {path.stem: path for path in directory.glob("*.pem")}

    def context_of(name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chosen.get(name.partition(".")[0], chosen["good"]))
        return context

    base = context_of("good")

    def choose(connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = context_of(name or "good")

    base.sni_callback = choose
    return base


def https(base: ssl.SSLContext, say):
    """Return a handler that reads a request over TLS and lets ``say`` answer it."""

    def handle(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), base.wrap_socket(connection, server_side=True) as tls:
            if tls.recv(4096):
                say(tls)

    return handle


def drip(tls: ssl.SSLSocket) -> None:
    """Send a header that never ends, a byte at a time."""
    with contextlib.suppress(OSError):
        while True:
            tls.sendall(b"x")
            time.sleep(0.05)  # the drip itself is under test


def said(answer: bytes):
    """Return a handler that reads once and sends bytes."""

    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    return handle


def proxy(answer: bytes):
    """Return a handler that reads a CONNECT and sends bytes."""

    def handle(connection: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(1024)
        connection.sendall(answer)

    return handle


def streams(base: ssl.SSLContext) -> dict:
    """Return {port: handler} of TCP."""
    return {
        53: dns_over_tcp,
        80: lambda connection: None,
        443: https(base, lambda tls: tls.sendall(HTTP_OK)),
        1001: servers.keep_silent,
        1002: servers.reset,
        1003: said(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        1004: said(ALERT_HANDSHAKE_FAILURE),
        1005: https(base, servers.keep_silent),
        1006: https(base, lambda tls: None),
        1007: https(base, lambda tls: tls.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")),
        1008: https(base, drip),
        1011: lambda connection: None,
        1012: lambda connection: None,
        1014: lambda connection: None,
        3128: proxy(b"HTTP/1.1 200 Connection established\r\n\r\n"),
        3129: proxy(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
        3130: servers.keep_silent,
        3131: proxy(b""),
        3132: proxy(b"220 mail.example ESMTP\r\n\r\n"),
    }


DATAGRAMS = {
    53: dns,
    123: time_of(),
    1231: lambda request: None,
    1232: lambda request: b"hello",
    1233: time_of(stratum=0, leap=3, reference=b"RATE"),
    1234: time_of(stratum=16, leap=3),
    1235: time_of(offset=600),
    1236: time_of(offset=0.9, wait=0.24),
    4500: lambda request: None,
    8472: lambda request: b"pong",
}


def serve_stream(port: int, handler) -> None:
    """Serve each connection in a thread of its own, IPv4 and IPv6."""
    listener = socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)

    def one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, struct.error):
            connection.settimeout(10)
            handler(connection)

    while True:
        threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()


def serve_datagrams(port: int, answer, family: int) -> None:
    """Answer from the very address that was asked, for one that is connected hears no other."""
    server = socket.socket(family, socket.SOCK_DGRAM)
    # IP_PKTINFO, and IPV6_RECVPKTINFO with IPV6_PKTINFO.
    level, wanted, info = (socket.IPPROTO_IP, 8, 8) if family == socket.AF_INET else (socket.IPPROTO_IPV6, 49, 50)
    server.setsockopt(level, wanted, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.setsockopt(socket.IPPROTO_IPV6, 78, 1)  # IPV6_FREEBIND: the kernel has a route for the address, no more
    server.bind(("", port))
    while True:
        data, ancillary, _flags, peer = server.recvmsg(4096, 128)
        # The second resolver of the world knows no name.
        empty = port == 53 and ancillary[0][2][8:12] == EMPTY
        reply = servers.dns_reply(data, rcode=3) if empty else answer(data)
        if reply is not None:
            asked, anywhere = ancillary[0][2], b"\0" * 4  # the addresses are on the loopback: any interface will do
            source = anywhere + asked[8:12] + anywhere if family == socket.AF_INET else asked[:16] + anywhere
            server.sendmsg([reply], [(level, info, source)], 0, peer)


def main() -> None:
    for port, handler in streams(by_name(Path(sys.argv[1]))).items():
        threading.Thread(target=serve_stream, args=(port, handler), daemon=True).start()
    for port, answer in DATAGRAMS.items():
        for family in (socket.AF_INET, socket.AF_INET6):
            threading.Thread(target=serve_datagrams, args=(port, answer, family), daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
