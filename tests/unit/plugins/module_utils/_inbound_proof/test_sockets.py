# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sockets of the wanted ports, and who has the others."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import pwd
import socket
import sys

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import sockets
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.inputs import Port
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node


def test_a_taken_port_is_told_from_a_free_one() -> None:
    with contextlib.ExitStack() as stack:
        taken = {}
        for protocol, kind in (("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)):
            sock = stack.enter_context(socket.socket(socket.AF_INET, kind))
            sock.bind(("127.0.0.1", 0))
            if protocol == "tcp":
                sock.listen()
            taken[protocol] = Port("a", protocol, sock.getsockname()[1])
        free = Port("a", "udp", taken["tcp"].port)
        opened, refused = sockets.open_all([*taken.values(), free])
        for sock in opened.values():
            sock.close()
    assert refused == dict.fromkeys(taken.values(), "taken")
    assert list(opened) == [free]


def test_what_the_system_refuses_is_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_one: Port) -> socket.socket:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(sockets, "_open", refuse)
    port = Port("a", "tcp", 80)
    assert sockets.open_all([port]) == ({}, {port: "Permission denied"})


def test_a_kernel_without_ipv6_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket

    def only_v4(family: int, kind: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return real(family, kind)

    monkeypatch.setattr(sockets.socket, "socket", only_v4)
    opened, refused = sockets.open_all([Port("a", "tcp", 0)])
    assert refused == {}
    for sock in opened.values():
        assert sock.family == socket.AF_INET
        sock.close()


@pytest.mark.parametrize(
    ("address", "text"),
    [("::ffff:10.0.0.1", "10.0.0.1"), ("fe80::1%eth0", "fe80::1"), ("10.0.0.1", "10.0.0.1"), ("::ffff:0", "::ffff:0")],
)
def test_addresses_are_plain(address: str, text: str) -> None:
    assert sockets.plain(address) == text


def test_whose_process_has_a_port_is_read_from_the_kernel() -> None:
    def read(path: str) -> str | None:
        return {
            "/proc/net/tcp6": "  sl  local_address\n"
            "   0: 00000000000000000000000000000000:280A 0000:0000 01 0:0 0:0 0 0 0 1 1\n"
            "   1: 00000000000000000000000000000000:280A 0000:0000 0A 0:0 0:0 0 0 0 1 1\n",
            "/proc/net/udp": "  sl  local_address\n   0: 00000000:2118 00000000:0000 07 0:0 00:0 0 4242424242 0 1\n",
        }.get(path)

    assert sockets.holder(Port("a", "tcp", 10250), read) == "user root"
    assert sockets.holder(Port("a", "udp", 8472), read) == "user 4242424242"
    assert sockets.holder(Port("a", "udp", 8473), read) == ""


def test_the_kernel_itself_says_it() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen(1)
        found = sockets.holder(Port("a", "tcp", sock.getsockname()[1]), Node().read)
    assert found == f"user {pwd.getpwuid(os.geteuid()).pw_name}"


def hexadecimal(address: str) -> str:
    """An address as /proc/net/tcp has it on this machine."""
    packed = ipaddress.ip_address(address).packed
    return "".join(f"{int.from_bytes(packed[at : at + 4], sys.byteorder):08X}" for at in range(0, len(packed), 4))


@pytest.mark.parametrize(
    ("addresses", "local"),
    [
        (["127.0.0.1"], True),
        (["127.0.0.53", "::1", "::ffff:127.0.0.1"], True),
        (["10.0.0.127"], False),
        (["127.0.0.1", "10.99.0.11"], False),
        (["0.0.0.0"], False),
        (["::"], False),
        (["::2"], False),
        ([], False),
    ],
)
def test_who_listens_on_loopback_alone_is_known(addresses: list[str], local: bool) -> None:
    lines = {"": "  sl  local_address\n", "6": "  sl  local_address\n"}
    for address in addresses:
        lines["6" if ":" in address else ""] += f"   0: {hexadecimal(address)}:238C 0:0 0A 0:0 0:0 0 0 0 1 1\n"
    files = {f"/proc/net/tcp{suffix}": text for suffix, text in lines.items()}
    assert sockets.is_local(Port("a", "tcp", 9100), files.get) is local


def test_the_kernel_itself_says_where_it_listens() -> None:
    for address, local in (("127.0.0.1", True), ("0.0.0.0", False)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.bind((address, 0))
            sock.listen(1)
            assert sockets.is_local(Port("a", "tcp", sock.getsockname()[1]), Node().read) is local
