# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""User input becomes typed items, or sentences that say all that is wrong with it."""

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import inputs as model
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import types
from fakes.firewall import KUBELET, VXLAN, items_of


def test_two_ways_to_write_the_same_are_equal():
    one = items_of(dict(KUBELET, ports=["80", "81-90", "85"], sources=["10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16"]))
    other = items_of(dict(KUBELET, ports=["80-90"], sources=["10.0.0.0/8"]))
    assert one == other


def test_an_item_survives_the_manifest():
    items = items_of(KUBELET, VXLAN)
    assert model.parse_items([types.dump_item(item) for item in items]) == (items, [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ports": ["0"]}, "port is '0': give a port from 1 to 65535, or a range"),
        ({"ports": ["65536"]}, "port is '65536': give a port from 1 to 65535, or a range"),
        ({"ports": ["90-80"]}, "port is '90-80': the range is reversed; write 80-90"),
        ({"ports": ["ssh"]}, "port is 'ssh': give a port from 1 to 65535, or a range"),
        ({"ports": ["-1"]}, "port is '-1': give a port from 1 to 65535, or a range"),
        ({"ports": ["80-"]}, "port is '80-': give a port from 1 to 65535, or a range"),
        ({"ports": []}, "ports is empty"),
        ({"sources": []}, "sources is empty, which would open the port to every address"),
        (
            {"sources": ["10.1.2.3/8"]},
            "source is '10.1.2.3/8': the address has host bits set; the network is 10.0.0.0/8",
        ),
        ({"sources": ["fd00::1/64"]}, "the network is fd00::/64"),
        ({"sources": ["cn-beijing"]}, "source is 'cn-beijing': give a network with its prefix length"),
        ({"sources": ["10.0.0.0/33"]}, "the prefix length of an IPv4 network is at most 32"),
        ({"sources": ["fe80::1%eth0"]}, "give a network with its prefix length"),
        (
            {"sources": ["0.0.0.0/0"]},
            "source is '0.0.0.0/0': this is every address there is; name the networks that are meant, or set allow",
        ),
        ({"sources": ["::/0"]}, "source is '::/0': this is every address"),
        (
            {"sources": ["0.0.0.0/1", "128.0.0.0/1"]},
            "source is '0.0.0.0/0': this is every address there is; name the networks that are meant, or set allow",
        ),
        ({"protocol": "sctp"}, "protocol is 'sctp', expected tcp or udp"),
        ({"name": 'x"; drop'}, "name is 'x\"; drop', expected up to 48 letters"),
        ({"name": ""}, "name is ''"),
        ({"comment": "one\ntwo"}, "comment has a line break"),
    ],
)
def test_bad_input_is_named(change, said):
    _items, problems = model.parse_items([dict(KUBELET, **change)])
    assert len(problems) == 1, problems
    assert said in problems[0]
    assert problems[0].startswith("ports[0]")


def test_all_problems_are_said_at_once():
    _items, problems = model.parse_items(
        [dict(KUBELET, ports=["0", "9-8"], sources=["10.0.0.1/8"]), dict(KUBELET), dict(VXLAN, sources=[])]
    )
    assert len(problems) == 5
    assert any("ports[1] (kubelet): the name is already used by ports[0]" in problem for problem in problems)


def test_any_source_may_be_allowed():
    items, problems = model.parse_items([dict(KUBELET, sources=["0.0.0.0/0", "10.0.0.0/8"])], allow_any_source=True)
    assert not problems
    assert items[0].sources == (ipaddress.ip_network("0.0.0.0/0"),)
