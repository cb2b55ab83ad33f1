# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a handshake stall because full-size packets get lost? Sends packets of several sizes. Private to the collection.

Where a link on the way is narrower than both ends and the ICMP messages that say so are dropped, small packets pass and
full ones vanish: TCP connects and TLS stalls. A connection that announces a smaller segment size makes the other end
send smaller packets, so the same handshake with such a one shows whether that is it, and the size that still passes.
"""

import contextlib
import errno
import os
import socket
import struct
import threading
import time

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import tls

# Bytes of an IP packet: the least that all must carry, that of IPv6, and what tunnels of leased lines leave over.
SIZES = (576, 1280, 1360, 1400, 1436, 1460, 1480, 1492)
# Seconds for a handshake; more than one takes that is not stalled.
_LIMIT = 3.0
_HEADERS = {4: 40, 6: 60}  # of IP and TCP
# From linux/in.h and linux/in6.h; Python has no names for them. PROBE sends with DF and ignores what was learnt.
_IP_MTU_DISCOVER, _IPV6_MTU_DISCOVER, _PMTUDISC_PROBE = 10, 23, 3
_ECHO_HEADER = struct.Struct("!BBHHH")
_ECHO = {4: (8, 0), 6: (128, 129)}  # ICMP types of request and reply


class Meter:
    """Measures the way to one address.

    :arg read: function like Node.read, for the MTU of an interface.
    :arg handshake: function from (address, port, host, size, seconds) to whether the handshake succeeds.
    :arg echo: function from (address, size, seconds) to a word about an ICMP echo.
    """

    def __init__(self, read, *, handshake=None, echo=None):
        self._read, self._handshake, self._echo = read, handshake or shake, echo or ping

    def __call__(self, address, port, host, interface, timeout):
        """Return ``{interface, passed, stalled, echo}``.

        ``interface`` is the MTU (int, 0 if unknown); ``passed`` the sizes in bytes with which the handshake succeeds,
        ``stalled`` those with which it does not; ``echo`` [{size, outcome}] of ICMP echoes that must not be fragmented,
        with the outcome answered, silent, too big or not possible. Where not even the least size passes it is not a
        matter of sizes, and nothing else is tried.
        """
        own, seconds = self._mtu(interface), min(timeout, _LIMIT)
        if not self._handshake(address, port, host, SIZES[0], seconds):
            return {"interface": own, "passed": [], "stalled": [SIZES[0]], "echo": []}
        sizes = [size for size in SIZES[1:] if not own or size < own]
        tasks = [(size, self._handshake, (address, port, host, size, seconds)) for size in sizes]
        tasks += [(-size, self._echo, (address, size, seconds)) for size in (SIZES[0], own or 1500)]
        found = _together(tasks)
        return {
            "interface": own,
            "passed": [SIZES[0]] + [size for size in sizes if found.get(size)],
            "stalled": [size for size in sizes if not found.get(size)],
            "echo": [
                {"size": -key, "outcome": found.get(key) or "not possible"}
                for key, _call, _arguments in tasks
                if key < 0
            ],
        }

    def _mtu(self, interface):
        text = (self._read(f"/sys/class/net/{interface}/mtu") or "") if interface else ""
        return int(text) if text.strip().isdigit() else 0


def _together(tasks):
    """Return {key: result} of (key, function, arguments), all at the same time; one that raises has no result."""
    found = {}

    def work(key, function, arguments):
        # Evidence beside a verdict must not take the verdict with it.
        with contextlib.suppress(Exception):
            found[key] = function(*arguments)

    threads = [threading.Thread(target=work, args=task, daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def shake(address, port, host, size, seconds):
    """Return whether a TLS handshake succeeds over IP packets of at most ``size`` bytes in either direction."""
    version = 6 if ":" in address else 4
    sock = socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, size - _HEADERS[version])
        sock.connect((address, port))
    except OSError:
        sock.close()
        return False
    return tls.shakes(sock, host, seconds)


def ping(address, size, seconds):
    """Return what becomes of an ICMP echo of ``size`` bytes that nobody may fragment.

    ``answered``, ``silent``, ``too big`` (the node itself cannot send it) or ``not possible`` (no right to, or no way).
    """
    version = 6 if ":" in address else 4
    request, reply = _ECHO[version]
    identity = struct.unpack("!H", os.urandom(2))[0]
    packet = _packet(request, identity, size - (20 if version == 4 else 40) - _ECHO_HEADER.size)
    try:
        with _raw_socket(version) as sock:
            try:
                sock.sendto(packet, (address, 0))
            except OSError as error:
                return "too big" if error.errno == errno.EMSGSIZE else "not possible"
            return _await(sock, version, (reply, identity), time.monotonic() + seconds)
    except OSError:
        return "not possible"


def _raw_socket(version):
    if version == 6:
        sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MTU_DISCOVER, _PMTUDISC_PROBE)
    else:
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        sock.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _PMTUDISC_PROBE)
    return sock


def _packet(kind, identity, length):
    payload = b"\0" * max(0, length)
    header = _ECHO_HEADER.pack(kind, 0, 0, identity, 1)
    # For ICMPv6 the kernel sets the checksum itself, since it covers the addresses.
    return _ECHO_HEADER.pack(kind, 0, checksum(header + payload), identity, 1) + payload


def checksum(data):
    """Return the Internet checksum (RFC 1071) of bytes."""
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _await(sock, version, wanted, end):
    """Return answered or silent; every ICMP message of the node arrives at a raw socket, ours is one of them."""
    while True:
        # It must not get more time with every message of others.
        sock.settimeout(max(0.01, end - time.monotonic()))
        try:
            data = sock.recv(65535)
        except socket.timeout:
            return "silent"
        body = data[(data[0] & 15) * 4 :] if version == 4 and data else data
        if len(body) >= _ECHO_HEADER.size:
            kind, _code, _sum, identity, _sequence = _ECHO_HEADER.unpack_from(body)
            if (kind, identity) == wanted:
                return "answered"
        if time.monotonic() >= end:
            return "silent"
