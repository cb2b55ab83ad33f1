# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drop-in of our own, found by what networkd says about the link."""

from __future__ import annotations

import ipaddress
import string

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link
from fakes.kernel_routes import route
from fakes.managers import DROPIN
from fakes.routes import System, backends
from hypothesis import given
from hypothesis import strategies as st

IDC0 = Link("idc0", 3, ())
ROUTES = [
    types.item(
        route(
            "100.1.0.0/16 via 10.99.0.253 dev idc0",
            metric=7,
            table=100,
            mtu=1400,
            onlink=True,
            source=ipaddress.ip_address("10.99.0.11"),
        ),
        comment="[Route] of the registry; # 1",
    ),
    types.item(route("100.103.99.73/32 via 10.99.0.253 dev idc0")),
    types.item(route("fd01::/64 via fd00:99::1 dev idc0"), comment="six"),
]


@pytest.fixture
def system(tmp_path):
    return System(tmp_path, "networkd")


def backend(system=None):
    return backends(system, "networkd")


def test_what_is_written_is_read_back():
    text = backend().compose("", ROUTES, [], [])
    assert [(line.route, line.comment) for line in backend().parse(text, "idc0")] == [
        (one.route, one.comment) for one in ROUTES
    ]
    assert backend().compose(text, [], [], []) is None


def test_a_section_says_everything_so_that_no_default_decides():
    text = backend().compose("", ROUTES[1:2], [], [])
    assert text.endswith("[Route]\nDestination=100.103.99.73/32\nGateway=10.99.0.253\nMetric=0\nTable=254\n")


def test_defaults_of_networkd_are_known():
    lines = backend().parse(
        "[Route]\nGateway = fd00:99::1\n[Route]\nDestination=100.1.0.0/16\nGateway=10.99.0.253\nTable=main\n", "idc0"
    )
    assert [line.route for line in lines] == [
        route("::/0 via fd00:99::1 dev idc0"),
        route("100.1.0.0/16 via 10.99.0.253 dev idc0"),
    ]


@pytest.mark.parametrize("extra", ["Scope=link", "Gateway=_dhcp4", "MTUBytes=1k"])
def test_a_section_that_says_other_or_more_is_not_our_route(extra):
    lines = backend().parse(f"[Route]\nDestination=100.1.0.0/16\nGateway=10.99.0.253\n{extra}\n", "idc0")
    assert [line.route for line in lines] == [None]


@given(st.text(alphabet=string.printable + "\udc80é", max_size=300))
def test_odd_files_never_raise(noise):
    backend().parse("[Route]\nDestination=" + noise, "idc0")
    backend().parse(noise, "idc0")


def test_the_note_of_networkd_decides(system):
    assert backend(system).claim(IDC0) == "state configured, /etc/systemd/network/20-idc0.network"
    assert backend(system).claim(Link("eth0", 2, ())) == ""
    system.networkd_runs = False  # the note outlives the daemon
    assert backend(system).claim(IDC0) == ""


@pytest.mark.parametrize("state", ["unmanaged", "pending", "linger"])
def test_an_unmanaged_link_is_not_held(system, state):
    system.put(
        "/run/systemd/netif/links/3", f"ADMIN_STATE={state}\nNETWORK_FILE=/etc/systemd/network/20-idc0.network\n"
    )
    assert backend(system).claim(IDC0) == ""


@pytest.mark.parametrize("directory", ["/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network"])
def test_the_drop_in_lies_in_etc_wherever_the_network_file_is(system, directory):
    system.put("/run/systemd/netif/links/3", f"ADMIN_STATE=configured\nNETWORK_FILE={directory}/20-idc0.network\n")
    assert backend(system).locate(IDC0) == DROPIN


def test_a_network_file_of_two_links_is_an_error(system):
    system.put("/run/systemd/netif/links/2", system.text("/run/systemd/netif/links/3"))
    with pytest.raises(NodeError, match="configures other interfaces than idc0"):
        backend(system).locate(IDC0)


def test_a_link_without_network_file_is_an_error(system):
    with pytest.raises(NodeError, match=r"eth0 has no \.network file"):
        backend(system).locate(Link("eth0", 2, ()))


def test_neighbours_are_the_network_file_and_other_drop_ins(system):
    section = "[Route]\nDestination=100.{}.0.0/16\nGateway=10.99.0.253\n"
    system.put("/usr/lib/systemd/network/20-idc0.network", section.format(1))
    system.put("/run/systemd/network/20-idc0.network.d/site.conf", section.format(2))
    system.put("/etc/systemd/network/20-idc0.network.d/README", section.format(3))
    system.put(DROPIN, section.format(4))
    assert [str(line.slot[0]) for line in backend(system).foreign(DROPIN, "idc0")] == ["100.2.0.0/16", "100.1.0.0/16"]


def test_nobody_is_told_anything(system):
    backend(system).loaded(DROPIN)
    assert system.log == []
