# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError

RULE = [["public"], 4, "tcp", [[1, 2]], [[80, 80]], "web"]
PORT = {"name": "web", "protocol": "tcp", "ports": ["80"], "sources": ["10.0.0.0/8"], "comment": ""}
RIGHT = {
    "ports": [PORT],
    "backends": {
        "firewalld": {
            "runtime": [[RULE, "web"]],
            "boot": [],
            "zones": {"public": {"file": None, "old": ""}},
        },
        "ufw": {"runtime": [[RULE, "web"]], "boot": [[RULE, "web"]]},
        "nftables": {"configs": ["/etc/nftables.conf"]},
        "iptables": {"chain": "ACK-EDGE"},
    },
}


def changed(path, value):
    """Return RIGHT with another value at a path of keys."""
    result = json.loads(json.dumps(RIGHT))
    place = result
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return result


@pytest.fixture
def node(tmp_path):
    return Node(lambda argv, stdin, timeout: Completed(argv, 127, "", "not found"), str(tmp_path))


def engine(node, content):
    node.write("/var/lib/ack_edge/inbound_ports/ack-edge.json", json.dumps({"version": 1, "content": content}))
    return InboundPorts(node, "ack-edge")


def test_what_is_right_is_understood(node):
    assert [item.name for item in engine(node, RIGHT).owned_items()] == ["web"]


RUNTIME = ("backends", "ufw", "runtime")


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        changed(("ports",), {}),
        changed(("ports",), ["web"]),
        *(changed(("ports", 0, key), 1) for key in PORT),
        changed(("ports", 0, "ports"), [80]),
        changed(("ports", 0, "sources"), [["10.0.0.0/8"]]),
        changed(("backends",), []),
        changed(("backends", "ufw"), []),
        changed(("backends", "nftables", "configs"), "/etc/nftables.conf"),
        changed(("backends", "nftables", "configs"), [1]),
        changed(("backends", "iptables", "chain"), None),
        changed(("backends", "firewalld", "zones"), ["public"]),
        changed(("backends", "firewalld", "zones", "public"), {"file": 1, "old": None}),
        changed(RUNTIME, {}),
        changed(RUNTIME, [RULE]),
        changed((*RUNTIME, 0), [RULE]),
        *(changed((*RUNTIME, 0, 0, number), value) for number in range(6) for value in (None, {}, 7, [["a"]])),
        changed((*RUNTIME, 0, 1), None),
    ],
)
def test_a_damaged_manifest_is_one_clear_error(node, content):
    broken = engine(node, content)
    with pytest.raises(NodeError, match=r"inbound_ports/ack-edge\.json is damaged .* remove it"):
        broken.owned_items()
    for check_mode in (True, False):
        with pytest.raises(NodeError, match=r"inbound_ports/ack-edge\.json is damaged .* remove it"):
            broken.ensure([], False, None if check_mode else carry_out)
