# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import socket
import ssl

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._system import sockets
from fakes.servers import LOOP, free_port, udp_server


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (TimeoutError("timed out"), "timeout"),
        (OSError(errno.ETIMEDOUT, "x"), "timeout"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "refused"),
        (PermissionError(errno.EPERM, "x"), "forbidden"),
        (PermissionError(errno.EACCES, "x"), "forbidden"),
        (OSError(errno.EHOSTUNREACH, "x"), "unreachable"),
    ],
)
def test_errors_are_told_apart(error, why):
    assert sockets.why(error) == why


def test_the_words_of_the_system_and_of_openssl():
    assert sockets.said(OSError(errno.ENETUNREACH, "x")) == "Network is unreachable"
    assert sockets.said(OSError("no number")) == "no number"
    assert sockets.said(ssl.SSLEOFError(8, "EOF occurred")) == "nothing was sent"
    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:997)")
    error.reason = "WRONG_VERSION_NUMBER"
    assert sockets.said(error) == "wrong version number"


def test_bytes_from_afar_are_printable():
    assert sockets.printable(b"a\x1b[2J\xff\n") == "a\\x1b[2J\\xff\\n"


def test_a_datagram_socket_is_bound_to_its_peer_and_hears_of_a_closed_port():
    with udp_server(lambda data: data) as port, sockets.datagrams(LOOP, port, LOOP) as sock:
        sock.settimeout(5)
        sock.send(b"x")
        assert (sock.recv(10), sock.getsockname()[0]) == (b"x", LOOP)
    with sockets.datagrams(LOOP, free_port(socket.SOCK_DGRAM)) as sock:
        sock.settimeout(5)
        sock.send(b"x")
        with pytest.raises(ConnectionRefusedError):
            sock.recv(10)


def test_an_address_that_is_not_ours_is_an_error():
    with pytest.raises(OSError):
        sockets.datagrams(LOOP, 9, "192.0.2.1")
