# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._firewall._detect import incoming_interface
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node


@pytest.mark.parametrize(
    ("gateway", "words", "out", "interface"),
    [
        ("10.99.0.253", "get 10.99.0.253", '[{"dst": "10.99.0.253", "dev": "idc0"}]', "idc0"),
        ("", "show default", '[{"dst": "default", "gateway": "10.98.0.254", "dev": "wan0"}]', "wan0"),
        ("", "show default", "[ ]", ""),
        ("", "show default", "not JSON", ""),
    ],
)
def test_interface_that_packets_come_in_by(gateway, words, out, interface):
    def runner(argv, stdin, timeout):
        assert " ".join(argv) == "ip -j route " + words
        return Completed(argv, 0, out, "")

    assert incoming_interface(Node(runner), gateway) == interface


def test_no_way_to_the_gateway_is_no_interface():
    node = Node(lambda argv, stdin, timeout: Completed(argv, 2, "", "unreachable"))
    assert incoming_interface(node, "10.0.0.1") == ""
