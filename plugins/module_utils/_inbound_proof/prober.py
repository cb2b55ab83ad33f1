# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other end: sends to the ports of a node, and waits for the answers. Private to the collection."""

import socket
import threading
import time

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import proof
from ansible_collections.ack_edge.node.plugins.module_utils._system.sockets import datagrams, printable, said, why

_REPEAT = 0.5  # seconds between datagrams, for one may get lost
_LONGEST = 200  # bytes of a line of the listener


class Observation:
    """What was seen of one port: ``outcome``, and what the node said or the system.

    ``outcome`` answered (by our listener), other (connected, and somebody else is there), timeout, refused,
    unreachable, forbidden, silent. ``seen_as`` is the address that the node sees this end at, '' if unknown.
    """

    def __init__(self, port, outcome, seen_as="", detail=""):
        self.port, self.outcome, self.seen_as, self.detail = port, outcome, seen_as, detail

    def facts(self):
        """Return it as a dict that JSON can hold."""
        return {
            "name": self.port.name,
            "protocol": self.port.protocol,
            "port": self.port.port,
            "outcome": self.outcome,
            "seen_as": self.seen_as,
            "detail": self.detail,
        }


def observe(address, ports, token, timeout, source=""):
    """Return an Observation for each Port, in their order; all are tried at the same time.

    :arg source: address to send from, '' for what the kernel takes.
    """
    found = {}

    def work(port):
        look = _stream if port.protocol == "tcp" else _datagram
        try:
            found[port] = look(address, port, token, timeout, source)
        except OSError as error:
            found[port] = Observation(port, why(error), detail=said(error))

    threads = [threading.Thread(target=work, args=(port,), daemon=True) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[port] for port in ports]


def _stream(address, port, token, timeout, source):
    end = time.monotonic() + timeout
    with socket.create_connection((address, port.port), timeout, (source, 0) if source else None) as sock:
        line = b""
        try:
            while b"\n" not in line and len(line) < _LONGEST:
                # One deadline for all of it: who says a byte now and then does not hold us up.
                sock.settimeout(max(0.01, end - time.monotonic()))
                part = sock.recv(_LONGEST)
                if not part:
                    break
                line += part
        except OSError:
            # It connected, and that is what counts; a kubelet waits for us to speak first.
            if not line:
                return Observation(port, "other", detail="connected, received nothing")
    seen_as = proof.address_of(line, token, port.port)
    if seen_as:
        return Observation(port, "answered", seen_as)
    return Observation(port, "other", detail=f"connected, received '{printable(line[:40])}'")


def _datagram(address, port, token, timeout, source):
    end = time.monotonic() + timeout
    with datagrams(address, port.port, source) as sock:
        while time.monotonic() < end:
            sock.send(proof.question(token, port.port))
            sock.settimeout(max(0.01, min(_REPEAT, end - time.monotonic())))
            try:
                line = sock.recv(_LONGEST)
            except socket.timeout:
                continue
            seen_as = proof.address_of(line, token, port.port)
            if seen_as:
                return Observation(port, "answered", seen_as)
            return Observation(port, "other", detail=f"received '{printable(line[:40])}'")
    return Observation(port, "silent")
