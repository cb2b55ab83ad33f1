# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the prober says of ports that are not our listener's. Ours are in test_listener."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import prober, proof
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.inputs import Port
from fakes import servers

TOKEN = "a" * 32


def see(protocol: str, port: int, **more: object) -> prober.Observation:
    (found,) = prober.observe(servers.LOOP, [Port("a", protocol, port)], TOKEN, **({"timeout": 0.3} | more))
    return found


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (b"SSH-2.0-x\r\n", "received 'SSH-2.0-x"),
        (b"", "received ''"),
        (b"\x1b[2J" * 99, r"received '\x1b[2J"),
        (b"ack_edge " + b"a" * 32 + b" 1 10.0.0.1\n", "received 'ack_edge"),  # the token itself
        (proof.answer(TOKEN, 1, "10.0.0.1"), "received 'ack_edge"),  # the right token, another port
    ],
)
def test_whoever_connects_and_is_not_ours_is_somebody_else(said: bytes, detail: str) -> None:
    with servers.tcp_server(lambda connection: connection.sendall(said)) as port:
        found = see("tcp", port)
    assert found.outcome == "other" and detail in found.detail and "\x1b" not in found.detail


def test_a_server_that_waits_for_us_has_been_reached() -> None:
    with servers.tcp_server(servers.keep_silent) as port:
        found = see("tcp", port)
    assert (found.outcome, found.detail) == ("other", "connected, received nothing")


def test_who_says_a_byte_now_and_then_does_not_hold_it_up() -> None:
    stop = threading.Event()

    def dribble(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not stop.wait(0.05):
                connection.sendall(b"x")

    with servers.tcp_server(dribble) as port:
        begin = time.monotonic()
        found = see("tcp", port, timeout=0.4)
        took = time.monotonic() - begin
        stop.set()
    assert (found.outcome, "received 'xxx" in found.detail) == ("other", True)
    assert took < 5  # 200 bytes take ten seconds


def test_datagrams() -> None:
    with servers.udp_server(lambda data: b"what") as port:
        assert see("udp", port).outcome == "other"
    with servers.udp_server(lambda data: None) as port:
        assert see("udp", port).outcome == "silent"
    asked = []
    with servers.udp_server(asked.append) as port:
        see("udp", port, timeout=0.7)
    assert asked == [proof.question(TOKEN, port)] * 2
    assert TOKEN.encode() not in asked[0]
    assert see("udp", servers.free_port(socket.SOCK_DGRAM)).outcome == "refused"


def test_refusals_and_a_source_that_is_not_there() -> None:
    assert see("tcp", servers.free_port()).outcome == "refused"
    found = see("tcp", 9, source="192.0.2.77")
    assert (found.outcome, found.detail) == ("unreachable", "Cannot assign requested address")
    assert see("udp", 9, source="192.0.2.77").outcome == "unreachable"


def test_results_keep_the_order_of_the_ports() -> None:
    ports = [Port("a", "tcp", servers.free_port()) for _index in range(8)]
    found = prober.observe(servers.LOOP, ports, TOKEN, 0.3)
    assert [one.port for one in found] == ports
    assert set(found[0].facts()) == {"name", "protocol", "port", "outcome", "seen_as", "detail"}
