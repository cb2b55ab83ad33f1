# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured where a handshake stalls. A real black hole is in tests/integration/reachability."""

from __future__ import annotations

import errno
import struct
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import packets
from fakes import servers
from hypothesis import given
from hypothesis import strategies as st


def meter(widest: int, mtu: str | None = "1500\n", echo=lambda address, size, seconds: "answered") -> packets.Meter:
    files = {"/sys/class/net/idc0/mtu": mtu}
    return packets.Meter(files.get, handshake=lambda a, p, h, size, s: size <= widest, echo=echo)


def test_sizes_that_pass_are_told_from_those_that_stall() -> None:
    found = meter(1400)("192.0.2.1", 443, "a.test", "idc0", 5.0)
    assert found["interface"] == 1500
    assert found["passed"] == [576, 1280, 1360, 1400]
    assert found["stalled"] == [1436, 1460, 1480, 1492]
    assert [one["size"] for one in found["echo"]] == [576, 1500]


def test_nothing_larger_than_the_interface_carries_is_tried() -> None:
    found = meter(9000, mtu="1400\n")("192.0.2.1", 443, "a.test", "idc0", 5.0)
    assert found["passed"] == [576, 1280, 1360] and found["stalled"] == []
    assert found["echo"][1]["size"] == 1400


@pytest.mark.parametrize("mtu", [None, "", "what"])
def test_an_interface_that_says_nothing_is_no_obstacle(mtu: str | None) -> None:
    found = meter(576, mtu=mtu)("192.0.2.1", 443, "a.test", "idc0", 5.0)
    assert found["interface"] == 0
    assert found["stalled"] == list(packets.SIZES[1:])


def test_where_not_even_small_packets_pass_nothing_else_is_tried() -> None:
    tried = []

    def handshake(_address: str, _port: int, _host: str, size: int, _seconds: float) -> bool:
        tried.append(size)
        return False

    found = packets.Meter(lambda path: None, handshake=handshake, echo=None)("192.0.2.1", 443, "a.test", "", 5.0)
    assert (tried, found) == ([576], {"interface": 0, "passed": [], "stalled": [576], "echo": []})


def test_evidence_that_cannot_be_had_takes_nothing_with_it() -> None:
    def broken(_address: str, _size: int, _seconds: float) -> str:
        raise RuntimeError("oops")

    found = meter(1400, echo=broken)("192.0.2.1", 443, "a.test", "", 5.0)
    assert [one["outcome"] for one in found["echo"]] == ["not possible"] * 2
    assert found["passed"]


def test_a_handshake_with_small_segments(tmp_path: Path) -> None:
    authority = servers.Authority(tmp_path)
    with servers.tcp_server(servers.tls_handler(authority.server("a.test"))) as port:
        assert packets.shake(servers.LOOP, port, "a.test", 576, 2.0)
    with servers.tcp_server(servers.keep_silent) as port:
        assert not packets.shake(servers.LOOP, port, "a.test", 576, 0.1)
    assert not packets.shake(servers.LOOP, servers.free_port(), "a.test", 576, 0.1)


class Raw:
    """A raw socket that hears what it is told to."""

    def __init__(self, heard: list[bytes], refuses: int = 0) -> None:
        self.heard, self.refuses, self.sent = heard, refuses, b""

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def settimeout(self, _seconds: float) -> None:
        pass

    def sendto(self, data: bytes, _to: tuple) -> None:
        if self.refuses:
            raise OSError(self.refuses, "no")
        self.sent = data

    def recv(self, _size: int) -> bytes:
        if not self.heard:
            raise TimeoutError
        kind = self.heard.pop(0)
        return b"\x45" + bytes(19) + kind + self.sent[1:8] if kind else b"\x45" + bytes(19)


def ping(monkeypatch: pytest.MonkeyPatch, raw: Raw) -> str:
    monkeypatch.setattr(packets, "_raw_socket", lambda version: raw)
    return packets.ping("192.0.2.1", 1500, 0.2)


def test_an_echo_is_told_from_what_else_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = Raw([b"", b"\x08", b"\x00"])
    assert ping(monkeypatch, raw) == "answered"
    assert len(raw.sent) == 1480
    assert ping(monkeypatch, Raw([b"\x08"])) == "silent"
    assert ping(monkeypatch, Raw([], refuses=errno.EMSGSIZE)) == "too big"
    assert ping(monkeypatch, Raw([], refuses=errno.EPERM)) == "not possible"


def test_without_the_right_to_raw_sockets_no_echo_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_version: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(packets, "_raw_socket", forbidden)
    assert packets.ping("192.0.2.1", 1500, 0.2) == "not possible"


@given(st.binary(max_size=200).filter(lambda data: len(data) % 2 == 0))
def test_data_with_its_checksum_sums_up_to_nothing(data: bytes) -> None:
    assert packets.checksum(data + struct.pack("!H", packets.checksum(data))) == 0
