# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard with the rules of a real kernel: the path to the controller, asked of the kernel itself."""

from __future__ import annotations

import json

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

PEER = "198.51.100.9"
MAIN_FIRST = ["pref", "32764", "lookup", "main", "suppress_prefixlength", "0"]
TUNNEL = ["not", "fwmark", "0xca6c", "table", "51820", "pref", "32765"]


@pytest.fixture
def tunnel(host):
    """What wg-quick makes of a peer with 0.0.0.0/0, with a plain link in the place of the tunnel."""
    host.ip("link", "add", "wg0", "type", "veth", "peer", "name", "wg1")
    host.ip("link", "set", "wg1", "up")
    host.ip("address", "add", "10.8.0.2/32", "dev", "wg0")
    host.ip("link", "set", "wg0", "up")
    host.ip("route", "add", "default", "dev", "wg0", "table", "51820")
    yield host
    host.ip("link", "delete", "wg0")


@pytest.fixture
def rules(tunnel):
    """Add rules of a test, and take them away again."""
    added = []

    def add(*words):
        tunnel.ip("rule", "add", *words)
        added.append(words)

    yield add
    for words in added:
        tunnel.ip("rule", "delete", *words)


def device(host, *mark):
    (route,) = json.loads(host.ip("-j", "route", "get", PEER, *mark))
    return route["dev"]


@pytest.mark.parametrize(
    ("first", "mark"),
    [
        (MAIN_FIRST, ()),
        (["pref", "32763", "fwmark", "0x7", "lookup", "main", "suppress_prefixlength", "0"], ("mark", "0x7")),
        (["pref", "32763", "iif", "lo", "lookup", "main", "suppress_prefixlength", "0"], ()),
        (["pref", "32763", "uidrange", "0-0", "lookup", "main", "suppress_prefixlength", "0"], ()),
    ],
    ids=["wireguard", "mark", "interface", "user"],
)
def test_what_would_take_the_controller_out_of_the_tunnel_is_refused(tunnel, rules, first, mark):
    rules(*first)
    rules(*TUNNEL)
    assert device(tunnel, *mark) == "wg0"
    # The same way as the default route of main: nothing of main itself seems to move.
    given = {"gateway": "192.0.2.1", "routes": ["198.51.100.0/24"]}
    with pytest.raises(NodeError, match=r"by the rule '3276[34]: .*suppress_prefixlength 0'.*set force"):
        tunnel.run(**given, peers=[PEER])
    assert (device(tunnel, *mark), tunnel.routes()) == ("wg0", [])
    tunnel.run(**given, peers=[PEER], force=True)
    assert device(tunnel, *mark) == "eth0"
    tunnel.run(state="absent", force=True)


def test_routes_that_do_not_carry_the_controller_are_taken(tunnel, rules):
    rules(*MAIN_FIRST)
    rules(*TUNNEL)
    assert tunnel.run(routes=["100.103.99.73/32"], peers=[PEER])["changed"] is True
    assert device(tunnel) == "wg0"
    tunnel.run(state="absent", peers=[PEER])
