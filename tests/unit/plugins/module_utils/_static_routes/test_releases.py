# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What managers say of their version, and what follows from it."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import releases
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import networkd_unit
from fakes.kernel_routes import route

PLAIN = route("100.103.99.73/32 via 10.99.0.253 dev idc0")


def node(said):
    return Node(lambda argv, **_named: Completed(argv, 0 if said else 127, said, ""), "/nowhere")


@pytest.mark.parametrize(
    ("said", "title", "number"),
    [
        ("systemd 219\n+PAM +AUDIT\n", "systemd-networkd 219", (219,)),
        ("systemd 239 (239-82.el8_10.3)\n+PAM\n", "systemd-networkd 239", (239,)),
        ("systemd 252 (252.39-1~deb12u1)\n", "systemd-networkd 252", (252,)),
        ("", "systemd-networkd", ()),
    ],
)
def test_the_release_of_networkd(said, title, number):
    assert releases.of_networkd(node(said)) == (title, number)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("nmcli tool, version 1.8.0-9.el7\n", (1, 8, 0)),
        ("nmcli tool, version 1.10.6\n", (1, 10, 6)),
        ("nmcli tool, version 1.48-dev\n", (1, 48)),
        ("", ()),
    ],
)
def test_the_release_of_networkmanager(said, number):
    assert releases.of_networkmanager(node(said)).number == number


def test_a_release_that_is_not_told_counts_for_todays():
    unknown = releases.Release("x", ())
    assert releases.ignored(lambda: unknown, PLAIN._replace(mtu=1400), releases.NETWORKD) == ""


def test_nobody_is_asked_about_a_plain_route():
    assert releases.ignored(None, PLAIN, releases.NETWORKMANAGER) == ""


def test_every_attribute_of_a_route_is_known_to_a_first_release():
    rich = PLAIN._replace(mtu=1400, table=100, onlink=True, source=PLAIN.gateway)
    said = releases.ignored(lambda: releases.Release("NetworkManager 1.2", (1, 2)), rich, releases.NETWORKMANAGER)
    assert said == (
        "NetworkManager 1.2 ignores source and mtu and table and onlink of a route; 1.12 is the first version that "
        "reads it"
    )


@pytest.mark.parametrize("key", ["GatewayOnlink", "GatewayOnLink"])
def test_both_spellings_that_netplan_writes_are_the_same_route(key):
    text = f"[Match]\nName=idc0\n\n[Route]\nDestination=100.103.99.73/32\nGateway=10.99.0.253\n{key}=true\n"
    assert [line.route for line in networkd_unit.routes_of(text, "idc0")] == [PLAIN._replace(onlink=True)]
