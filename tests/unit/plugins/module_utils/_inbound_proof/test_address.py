# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import address
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from fakes import ip_text, servers


def node(*addresses: str) -> Node:
    entries = [{"ifname": "eth0", "addr_info": [{"local": address} for address in addresses]}]
    return Node(lambda argv, stdin=None, timeout=60: Completed(argv, 0, ip_text.address(entries), ""))


@pytest.mark.parametrize(
    ("within", "own", "found"),
    [
        ([], ["10.99.0.11"], servers.LOOP),
        (["127.0.0.0/8"], ["10.99.0.11"], servers.LOOP),
        (["10.99.0.0/24", "fd00::/8"], ["10.98.0.11", "10.99.0.11", "fd00::1"], "10.99.0.11"),
        (["10.97.0.0/24"], ["10.98.0.11"], servers.LOOP),
    ],
)
def test_the_address_to_probe_is_one_of_the_nodes_networks(within: list[str], own: list[str], found: str) -> None:
    assert address.address_of(node(*own), ["127.0.0.0/8"], within) == found


def test_without_a_way_there_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_self: socket.socket, _address: object) -> None:
        raise OSError(101, "Network is unreachable")

    with monkeypatch.context() as patch:
        patch.setattr(address.socket.socket, "connect", nowhere)
        assert address.source_toward(["192.0.2.0/24"]) == ""
    assert address.source_toward([]) == ""
    assert address.source_toward(["127.0.0.1/32"]) == servers.LOOP
