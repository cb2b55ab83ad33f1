# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import ports_taken

PORTS = {"inbound_ports": [10250, 10255, 9100, 9445, 8472]}


def test_free(world):
    world.listening('tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))')
    assert ports_taken.run(world.facts, PORTS)["status"] == "pass"


@pytest.mark.parametrize(
    "line",
    [
        'tcp LISTEN 0 128 *:10250 *:* users:(("kubelet",pid=9,fd=3))',
        "udp UNCONN 0 0 0.0.0.0:8472 0.0.0.0:*",
        'tcp LISTEN 0 128 [::]:9100 [::]:* users:(("node_exporter",pid=9,fd=3))',
        'tcp LISTEN 0 128 [::]:9445 [::]:* users:(("kube-rbac-proxy",pid=9,fd=3))',
    ],
)
def test_its_own_component_may_hold_a_port(world, line):
    world.listening(line)
    assert ports_taken.run(world.facts, PORTS)["status"] == "pass"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('tcp LISTEN 0 128 127.0.0.1:9100 0.0.0.0:* users:(("python3",pid=9,fd=3))', "TCP port 9100 by python3"),
        ('udp UNCONN 0 0 0.0.0.0:8472 0.0.0.0:* users:(("nc",pid=9,fd=3))', "UDP port 8472 by nc"),
        ("tcp LISTEN 0 128 *:10250 *:*", "TCP port 10250 by an unnamed process"),
    ],
)
def test_anything_else_fails(world, line, words):
    world.listening(line, line)
    found = ports_taken.run(world.facts, PORTS)
    assert found["status"] == "fail"
    assert found["data"]["taken"] == [words]


def test_the_ports_of_edge_hub_are_looked_at_on_every_node(world):
    world.listening('tcp LISTEN 0 128 127.0.0.1:10261 0.0.0.0:* users:(("edge-hub",pid=9,fd=3))')
    assert ports_taken.run(world.facts, PORTS)["status"] == "pass"
    world.listening('tcp LISTEN 0 128 127.0.0.1:10261 0.0.0.0:* users:(("nginx",pid=9,fd=3))')
    assert ports_taken.run(world.facts, PORTS)["data"]["taken"] == ["TCP port 10261 by nginx"]


def test_no_ports_given(world):
    assert ports_taken.run(world.facts, {"inbound_ports": []})["status"] == "skipped"
