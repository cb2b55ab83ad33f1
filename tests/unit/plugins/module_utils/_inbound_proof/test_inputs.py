# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ports are wanted."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.inputs import Port, read_ports


def entry(*ports: object, name: str = "kubelet", protocol: str = "tcp") -> dict:
    return {"name": name, "protocol": protocol, "ports": list(ports)}


def test_numbers_and_ranges_become_ports_in_their_order() -> None:
    found, wrong = read_ports([entry(10250, "10255"), entry("8472-8473", name="flannel", protocol="udp")])
    assert wrong == []
    assert found == [
        Port("kubelet", "tcp", 10250),
        Port("kubelet", "tcp", 10255),
        Port("flannel", "udp", 8472),
        Port("flannel", "udp", 8473),
    ]


@pytest.mark.parametrize("value", ["", "x", 0, 65536, "2-1", "1-70000", "-1", "1 2", None])
def test_what_is_no_port_is_named(value: object) -> None:
    (problem,) = read_ports([entry(value)])[1]
    assert problem.startswith(f"ports[0] (kubelet): port is {value!r}: ")


def test_a_port_named_twice_and_too_many_are_named() -> None:
    (problem,) = read_ports([entry(80), entry("79-81", name="web")])[1]
    assert "TCP 80 is listed twice" in problem
    assert read_ports([entry(53), entry(53, protocol="udp")])[1] == []
    (problem,) = read_ports([entry("1000-1064")])[1]
    assert "these are 65 ports, but at most 64" in problem
