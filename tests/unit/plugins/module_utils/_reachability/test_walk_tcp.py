# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP against loopback servers that are well, or ill in one known way: the verdict names stage and remedy."""

from __future__ import annotations

import socket

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability import walk
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from fakes.servers import (
    HOST,
    LOOP,
    NAMES,
    dead,
    free_port,
    one,
    outcome,
    tcp_server,
    way,
)


def test_tcp_passes() -> None:
    with tcp_server(lambda connection: None) as port:
        verdict = one(HOST, port, names=NAMES)
        literal = one(LOOP, port)
    assert outcome(verdict) == ("pass", "tcp", "")
    assert f"no address is published for this name; 10.0.0.2 returns {LOOP}" in verdict["summary"]
    assert "published" not in literal["summary"]
    assert set(verdict["data"]["timings"]) == {"dns", "address", "route", "tcp"}
    assert (verdict["remedy"], verdict["reproduce"]) == ("", "")


def test_tcp_over_ipv6() -> None:
    with tcp_server(lambda connection: None, host="::1") as port:
        verdict = one("::1", port)
    assert verdict["status"] == "pass"
    assert f"[::1]:{port}" in verdict["summary"]


def test_tcp_refused() -> None:
    port = free_port()
    verdict = one(HOST, port, names=NAMES)
    assert outcome(verdict) == ("fail", "tcp", "tcp.refused")
    assert f"{LOOP}:{port} was refused" in verdict["summary"]


def test_a_full_backlog_times_out() -> None:
    with socket.socket() as listener:
        listener.bind((LOOP, 0))
        listener.listen(0)
        fillers = [socket.socket() for _index in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        verdict = one(LOOP, listener.getsockname()[1])
        for filler in fillers:
            filler.close()
    assert outcome(verdict) == ("fail", "tcp", "tcp.timeout")
    assert "timed out after 0.3 s" in verdict["summary"]


def test_a_timeout_names_the_way_that_the_packets_took() -> None:
    route = way(gateway="10.0.0.1", interface="eth0", source="10.0.0.5", default=True)
    verdict = one(
        HOST, 443, networks=["100.103.0.0/16"], names={HOST: ["100.103.1.1"]}, connect=dead, route=lambda address: route
    )
    assert verdict["summary"] == (
        "TCP connect to 100.103.1.1:443 timed out after 0.3 s, sent through 10.0.0.1 on eth0 (the default gateway; no "
        "more specific route exists)"
    )
    assert "leased_line_gateway" in verdict["remedy"]
    assert verdict["data"]["via"] == {
        "gateway": "10.0.0.1",
        "interface": "eth0",
        "source": "10.0.0.5",
        "default": True,
        "proxy": "",
    }


def test_the_most_telling_of_several_addresses_is_reported() -> None:
    verdict = one(HOST, 443, names={HOST: ["fd00::1", "10.9.9.9"]}, connect=dead)
    assert outcome(verdict) == ("fail", "tcp", "tcp.timeout")
    assert verdict["data"]["address"] == "10.9.9.9"
    assert verdict["data"]["attempts"] == [
        {"address": "fd00::1", "problem": "tcp.unreachable"},
        {"address": "10.9.9.9", "problem": "tcp.timeout"},
    ]


def test_all_addresses_share_one_timeout() -> None:
    shares = []

    def note(_address: str, _port: int, timeout: float) -> socket.socket:
        shares.append(timeout)
        raise Stop("tcp.timeout")

    one(HOST, 443, names={HOST: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]}, connect=note, timeout=4)
    assert shares[0] == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (1, "tcp.forbidden"),
        (13, "tcp.forbidden"),
        (101, "tcp.unreachable"),
        (113, "tcp.unreachable"),
        (110, "tcp.timeout"),
        (111, "tcp.refused"),
    ],
)
def test_errors_of_the_system_are_told_apart(monkeypatch: pytest.MonkeyPatch, number: int, problem: str) -> None:
    def connect(_self: socket.socket, _address: object) -> None:
        raise OSError(number, "as the system says")

    with monkeypatch.context() as patch:
        patch.setattr(walk.tcp.socket.socket, "connect", connect)
        verdict = one(LOOP, 443)
    assert verdict["data"]["problem"] == problem
