# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ip prints is read as typed routes, and what it refuses is said."""

from __future__ import annotations

import ipaddress
import re

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel as _kernel
from fakes import ip_text
from fakes.kernel_routes import route
from fakes.routes import System
from hypothesis import given
from hypothesis import strategies as st

# What iproute2 6.1 prints as ip_text makes it.
IPV4 = [
    {"dst": "default", "gateway": "192.0.2.1", "dev": "eth0", "flags": []},
    {
        "dst": "100.1.0.0/16",
        "gateway": "10.99.0.253",
        "dev": "idc0",
        "table": "100",
        "protocol": "static",
        "metric": 7,
        "flags": [],
    },
    {"dst": "100.2.0.0/16", "gateway": "10.99.0.253", "dev": "idc0", "table": "leased", "flags": []},
    {
        "dst": "10.5.0.0/16",
        "flags": [],
        "nexthops": [
            {"gateway": "10.99.0.1", "dev": "idc0", "weight": 1, "flags": []},
            {"dev": "tun0", "weight": 1, "flags": []},
        ],
    },
    {"type": "blackhole", "dst": "10.6.0.0/16", "flags": []},
    {"dst": "10.7.0.0/16", "via": {"family": "inet6", "host": "fe80::1"}, "dev": "idc0", "flags": []},
    {
        "dst": "100.103.99.73",
        "gateway": "10.99.0.253",
        "dev": "idc0",
        "protocol": "static",
        "prefsrc": "10.99.0.11",
        "flags": ["onlink"],
        "metrics": [{"mtu": 1400}],
    },
    {"dst": "10.99.0.0/24", "dev": "idc0", "protocol": "kernel", "scope": "link", "prefsrc": "10.99.0.11", "flags": []},
    {"type": "local", "dst": "10.99.0.11", "dev": "idc0", "table": "local", "flags": []},
    {"type": "broadcast", "dst": "10.99.0.255", "dev": "idc0", "table": "local", "flags": []},
]
IPV6 = [
    {"dst": "fd01::/64", "gateway": "fd00:99::1", "dev": "idc0", "metric": 1024, "flags": [], "pref": "medium"},
    {"type": "multicast", "dst": "ff00::/8", "dev": "idc0", "table": "local", "metric": 256, "flags": []},
]
LINKS = [
    {"ifindex": 3, "ifname": "idc0", "addr_info": [{"local": "10.99.0.11", "prefixlen": 24}]},
]


class Runner:
    def __init__(self, refused=""):
        self.refused, self.batches = refused, []

    def __call__(self, argv, stdin=None, timeout=None):
        if "-batch" in argv:
            self.batches.append((argv[1], stdin))
            return Completed(argv, 2 if self.refused else 0, "", self.refused)
        listed = {"address": ip_text.address(LINKS), "-4": ip_text.routes(IPV4), "-6": ip_text.routes(IPV6)}
        return Completed(argv, 0, next(value for key, value in listed.items() if key in argv), "")


@pytest.fixture
def kernel(tmp_path):
    names = tmp_path / "etc/iproute2/rt_tables.d/leased.conf"
    names.parent.mkdir(parents=True)
    names.write_text("# comment\n 0x64\tleased\n")
    return _kernel.observe(Node(Runner(), str(tmp_path)))


def found(kernel, destination):
    return next(live for live in kernel.routes if str(live.route.destination) == destination)


def test_every_attribute_is_typed(kernel):
    expected = route(
        "100.103.99.73/32 via 10.99.0.253 dev idc0", source=ipaddress.ip_address("10.99.0.11"), onlink=True, mtu=1400
    )
    assert found(kernel, "100.103.99.73/32") == (
        expected,
        True,
        "via 10.99.0.253 dev idc0",
        "100.103.99.73/32 via 10.99.0.253 dev idc0 proto static scope global metric 0 table 254 src 10.99.0.11 "
        "mtu 1400 onlink",
    )
    assert found(kernel, "100.1.0.0/16").route == route("100.1.0.0/16 via 10.99.0.253 dev idc0", metric=7, table=100)
    assert found(kernel, "fd01::/64").route == route("fd01::/64 via fd00:99::1 dev idc0")
    assert found(kernel, "0.0.0.0/0").route.gateway == ipaddress.ip_address("192.0.2.1")


def test_a_table_with_a_name_is_its_number(kernel):
    assert found(kernel, "100.2.0.0/16").route.table == 100


@pytest.mark.parametrize(
    ("destination", "way"),
    [
        ("10.5.0.0/16", "via 10.99.0.1 dev idc0 and directly on tun0"),
        ("10.6.0.0/16", "blackhole"),
        ("10.7.0.0/16", "via fe80::1 dev idc0"),
    ],
)
def test_what_a_route_cannot_say_is_never_equal_to_one(kernel, destination, way):
    assert (found(kernel, destination).plain, found(kernel, destination).way) == (False, way)


def test_the_local_table_and_broadcasts_are_no_routes(kernel):
    assert not [live for live in kernel.routes if live.route.table == 255 or live.route.destination.is_multicast]


def test_links_own_addresses_and_networks(kernel):
    assert sorted(kernel.links) == ["idc0"]
    assert kernel.own(ipaddress.ip_address("10.99.0.11")) == "idc0"
    assert kernel.own(ipaddress.ip_address("10.99.0.12")) == ""
    assert kernel.on_link(ipaddress.ip_address("10.99.0.253")) == ["idc0"]
    assert kernel.on_link(ipaddress.ip_address("10.98.0.253")) == []
    assert [str(network) for network in kernel.connected("idc0")] == ["10.99.0.0/24"]


def test_a_tunnel_with_a_default_route_is_not_on_link_for_everything():
    tunnel = route("0.0.0.0/0 via 192.0.2.1 dev ppp0")._replace(gateway=None)
    kernel = _kernel.Kernel({}, [_kernel.Live(tunnel, True, "directly on ppp0", "")])
    assert kernel.on_link(ipaddress.ip_address("10.99.0.253")) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((127, "", "ip: No such file"), "'ip address show' ended with status 127 and said: ip: No such file"),
        (
            (0, "default via 192.0.2.1 dev eth0\n", ""),
            "'ip address show' printed the line 'default via 192.0.2.1 dev eth0'",
        ),
    ],
)
def test_what_ip_does_not_say_is_an_error_that_names_it(tmp_path, answer, words):
    node = Node(lambda argv, stdin=None, timeout=None: Completed(argv, answer[0], answer[1], answer[2]), str(tmp_path))
    with pytest.raises(NodeError, match=f"the routes of the node cannot be read: {re.escape(words)}"):
        _kernel.observe(node)


def test_a_kernel_without_ipv6_has_no_such_routes_and_one_with_it_must_say_them(tmp_path):
    class NoIPv6(Runner):
        links = LINKS

        def __call__(self, argv, stdin=None, timeout=None):
            if "-6" in argv:
                return Completed(argv, 2, "", "RTNETLINK answers: Operation not supported\n")
            return Completed(argv, 0, ip_text.address(self.links) if "address" in argv else ip_text.routes(IPV4), "")

    runner = NoIPv6()
    assert all(live.route.family == 4 for live in _kernel.observe(Node(runner, str(tmp_path))).routes)
    runner.links = [{**LINKS[0], "addr_info": [{"local": "fd00::1", "prefixlen": 64}]}]
    with pytest.raises(NodeError, match="'ip -6 route show table all' ended with status 2"):
        _kernel.observe(Node(runner, str(tmp_path)))


def test_one_batch_per_family_and_nothing_goes_before_the_new_is_there():
    runner = Runner()
    new, old = route("100.1.0.0/16 via 10.99.0.253 dev idc0"), route("100.2.0.0/16 via 10.99.0.253 dev idc0", metric=5)
    six = route("fd01::/64 via fd00:99::1 dev idc0", mtu=1400, onlink=True, source=ipaddress.ip_address("fd00:99::11"))
    _kernel.change(Node(runner), _kernel.forward([new, six], [old], []))
    assert runner.batches == [
        (
            "-4",
            "route replace 100.1.0.0/16 via 10.99.0.253 dev idc0 proto static metric 0 table 254\n"
            "route del 100.2.0.0/16 via 10.99.0.253 dev idc0 metric 5 table 254\n",
        ),
        (
            "-6",
            "route replace fd01::/64 via fd00:99::1 dev idc0 proto static metric 1024 table 254 src fd00:99::11 mtu "
            "1400 onlink\n",
        ),
    ]


def test_nothing_to_change_runs_nothing():
    runner = Runner()
    _kernel.change(Node(runner), _kernel.forward([], [], []))
    assert runner.batches == []


def test_a_refused_line_is_named():
    runner = Runner("RTNETLINK answers: Network is unreachable\nCommand failed -:2\n")
    routes = [route(f"100.{number}.0.0/16 via 10.99.0.253 dev idc0") for number in (1, 2)]
    with pytest.raises(NodeError, match=r"route replace 100\.2\.0\.0/16 .*Network is unreachable"):
        _kernel.change(Node(runner), _kernel.forward(routes, [], []))


ROUTES = st.builds(
    lambda number, gateway, metric: route(f"100.{number}.0.0/16 via 10.99.0.{gateway} dev idc0", metric=metric),
    st.integers(64, 67),
    st.integers(1, 3),
    st.sampled_from([0, 5]),
)


def obey(kernel, lines):
    """Return a kernel (entries as ip lists them) that took batch lines as 'ip -force' does."""
    system = System.__new__(System)
    system.kernel = list(kernel)
    for line in lines:
        system._one(line.split(), 4)
    return system.kernel


@given(
    before=st.lists(ROUTES, max_size=5, unique_by=lambda one: one.slot),
    wanted=st.lists(ROUTES, max_size=5, unique_by=lambda one: one.slot),
    done=st.integers(0, 10),
)
def test_a_change_that_was_made_in_part_is_undone_whole(before, wanted, done):
    """Also where the run that made it was killed after any of its lines."""
    live = [_kernel.Live(one, True, "", " ".join(one.arguments())) for one in before]
    entries = obey([], ["route replace " + one.words for one in live])
    slots = {one.slot for one in wanted}
    replace = [one for one in wanted if one not in before]
    delete = [one for one in before if one.slot not in slots][::2]
    forward = _kernel.forward(replace, delete, [])[4]
    undone = obey(obey(entries, forward[:done]), _kernel.backward(live, replace, delete, [])[4])
    assert sorted(map(str, undone)) == sorted(map(str, entries))
