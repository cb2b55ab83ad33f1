# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.detect import (
    incoming_interface,
    on_link_networks,
)
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from fakes import ip_text


@pytest.mark.parametrize(
    ("gateway", "words", "out", "interface"),
    [
        ("10.99.0.253", "get 10.99.0.253", "10.99.0.253 dev idc0  src 10.99.0.11 \n    cache \n", "idc0"),
        ("10.99.0.253", "get 10.99.0.253", "10.99.0.253 dev idc0 src 10.99.0.11 uid 0 \n    cache \n", "idc0"),
        ("", "show default", "default via 10.98.0.254 dev wan0 \n", "wan0"),
        ("", "show default", "default via 10.98.0.254 dev wan0 metric 9 \ndefault dev ppp0 metric 99 \n", "wan0"),
        (
            "",
            "show default",
            "default \n\tnexthop via 10.1.0.1 dev a weight 1\n\tnexthop via 10.2.0.1 dev b weight 1\n",
            "",
        ),
        ("", "show default", "", ""),
    ],
)
def test_interface_that_packets_come_in_by(gateway, words, out, interface):
    def runner(argv, stdin, timeout):
        assert " ".join(argv) == "ip route " + words
        return Completed(argv, 0, out, "")

    assert incoming_interface(Node(runner), gateway) == interface


@pytest.mark.parametrize("gateway", ["", "10.99.0.253"])
def test_what_cannot_be_read_is_no_reason_for_the_default_zone(gateway):
    node = Node(lambda argv, stdin, timeout: Completed(argv, 0, "not a route\n", ""))
    with pytest.raises(NodeError, match=r"'ip route .*' printed the line 'not a route'"):
        incoming_interface(node, gateway)


def test_no_way_to_the_gateway_is_no_interface():
    node = Node(lambda argv, stdin, timeout: Completed(argv, 2, "", "unreachable"))
    assert incoming_interface(node, "10.0.0.1") == ""


def address(local, length, scope="global"):
    return {"local": local, "prefixlen": length, "scope": scope}


@pytest.mark.parametrize(
    ("addresses", "networks"),
    [
        ([address("10.20.3.4", 16)], ["10.20.0.0/16"]),
        ([address("fd00::7", 64), address("fe80::1", 64, "link"), address("10.0.0.9", 24), address("10.0.0.10", 24)],
         ["10.0.0.0/24", "fd00::/64"]),
        ([address("203.0.113.7", 32), address("2001:db8::7", 128)], []),
        ([], []),
    ],
)  # fmt: skip
def test_networks_that_a_node_is_on(addresses, networks):
    def runner(argv, stdin, timeout):
        assert argv == ["ip", "address", "show", "dev", "eth0"]
        return Completed(argv, 0, ip_text.address([{"ifname": "eth0", "addr_info": addresses}]), "")

    assert on_link_networks(Node(runner), "eth0") == networks
