# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError


def test_processes_that_end_while_we_look(world):
    world.process(7, "kubelet")
    world.file("/proc/version", "Linux")
    (world.root / "proc/8").mkdir()
    assert world.facts.processes() == {7: "kubelet"}


def test_listeners(world):
    world.listening(
        'tcp LISTEN 0 4096 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=5,fd=14))',
        "udp UNCONN 0 0 [fe80::1]%eth0:546 [::]:*",
    )
    assert [(item.protocol, item.port, item.process) for item in world.facts.listeners()] == [
        ("tcp", 53, "systemd-resolve"),
        ("udp", 546, ""),
    ]


def test_no_ss(world):
    world.commands.clear()
    with pytest.raises(NodeError, match="ss -l"):
        world.facts.listeners()


def test_route_over_the_other_family_and_without_ipv6(world):
    world.routes = [{"dst": "10.1.0.0/16", "via": {"family": "inet6", "host": "fe80::1"}, "dev": "eth0"}]
    (found,) = world.facts.routes()
    assert (str(found.gateway), found.table, found.kind) == ("fe80::1", "main", "unicast")


def test_nameservers_once_and_in_order(world):
    world.file("/etc/resolv.conf", "nameserver 127.0.0.53\nnameserver 10.0.0.1\n")
    world.file("/run/systemd/resolve/resolv.conf", "nameserver 10.0.0.2\nnameserver 10.0.0.1\noptions edns0\n")
    assert world.facts.nameservers() == ["127.0.0.53", "10.0.0.1", "10.0.0.2"]
