# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back is never cut: what is looked after, and when a change moves it."""

from __future__ import annotations

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._node import Node
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel as _kernel
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import lockout
from fakes.kernel_routes import live, route
from fakes.routes import System

DEFAULT = live(route("0.0.0.0/0 via 192.0.2.1 dev eth0"))
LAN = live(route("192.0.2.0/24 via 192.0.2.1 dev eth0")._replace(gateway=None))
PEER = lockout.Guarded(ipaddress.ip_address("198.51.100.9"), lockout.CONTROLLER)


def moved(*replace, delete=(), before=(DEFAULT, LAN), guarded=(PEER,)):
    later = lockout.after(list(before), replace, delete)
    return [(str(one.address), now, then) for one, now, then in lockout.moved(guarded, list(before), later)]


def test_a_route_that_captures_the_controller_is_found():
    assert moved(route("198.51.100.0/24 via 10.99.0.253 dev idc0")) == [
        ("198.51.100.9", "via 192.0.2.1 dev eth0", "via 10.99.0.253 dev idc0")
    ]


def test_a_route_elsewhere_or_the_same_way_moves_nothing():
    assert moved(route("100.64.0.0/10 via 10.99.0.253 dev idc0")) == []
    assert moved(route("198.51.100.9/32 via 192.0.2.1 dev eth0")) == []


def test_the_longest_prefix_decides_then_the_lowest_metric():
    host = live(route("198.51.100.9/32 via 10.99.0.253 dev idc0"))
    assert moved(route("198.51.100.0/24 via 192.0.2.7 dev eth0"), before=(DEFAULT, LAN, host)) == []
    better = live(route("198.51.100.0/24 via 10.99.0.1 dev idc0", metric=5))
    assert moved(route("198.51.100.0/24 via 10.99.0.2 dev idc0", metric=9), before=(DEFAULT, better)) == []
    assert len(moved(route("198.51.100.0/24 via 10.99.0.2 dev idc0", metric=1), before=(DEFAULT, better))) == 1


def test_taking_out_the_route_of_the_controller_is_found():
    host = live(route("198.51.100.9/32 via 10.99.0.253 dev idc0"))
    assert moved(delete=[host.route], before=(DEFAULT, host)) == [
        ("198.51.100.9", "via 10.99.0.253 dev idc0", "via 192.0.2.1 dev eth0")
    ]
    assert moved(delete=[host.route], before=(host,)) == [("198.51.100.9", "via 10.99.0.253 dev idc0", "nowhere")]


def test_an_address_without_a_way_cannot_be_cut_off():
    assert moved(route("198.51.100.0/24 via 10.99.0.253 dev idc0"), before=(LAN,)) == []


def test_another_table_is_taken_as_if_it_were_asked_first():
    assert len(moved(route("198.51.100.0/24 via 10.99.0.253 dev idc0", table=100))) == 1


def test_a_neighbour_on_the_lan_must_not_go_through_a_gateway():
    neighbour = lockout.Guarded(ipaddress.ip_address("192.0.2.53"), lockout.NAMESERVER)
    assert moved(route("192.0.2.53/32 via 10.99.0.253 dev idc0"), guarded=(neighbour,)) == [
        ("192.0.2.53", "directly on eth0", "via 10.99.0.253 dev idc0")
    ]


def test_families_are_told_apart():
    six = lockout.Guarded(ipaddress.ip_address("2001:db8::9"), lockout.CONTROLLER)
    before = (live(route("::/0 via fd00:99::1 dev idc0")), DEFAULT)
    assert moved(route("0.0.0.0/1 via 10.99.0.253 dev idc0"), before=before, guarded=(six,)) == []
    assert len(moved(route("2001:db8::/32 via fd00:99::2 dev idc0"), before=before, guarded=(six,))) == 1


def test_who_is_looked_after(tmp_path):
    system = System(tmp_path)
    system.put("/etc/resolv.conf", "# nameserver 9.9.9.9\nnameserver 127.0.0.53\nnameserver nonsense\noptions rotate\n")
    system.put("/run/systemd/resolve/resolv.conf", "nameserver 203.0.113.53\n")
    kernel = _kernel.observe(system.node())
    peers = ["198.51.100.9", "::ffff:198.51.100.8", "fe80::1%eth0", "192.0.2.11", "UNKNOWN"]
    found = lockout.guarded(system.node(), kernel, peers, [ipaddress.ip_address("198.51.100.9")])
    assert [(str(one.address), one.what) for one in found] == [
        ("198.51.100.9", lockout.CONTROLLER),
        ("198.51.100.8", lockout.CONTROLLER),
        ("192.0.2.1", lockout.GATEWAY),
        ("203.0.113.53", lockout.NAMESERVER),
    ]


def test_without_resolv_conf_there_is_no_nameserver(tmp_path):
    kernel = _kernel.Kernel({}, [])
    assert lockout.guarded(Node(root=str(tmp_path)), kernel, [], []) == []
