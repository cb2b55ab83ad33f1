# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import leased_line
from fakes.readiness import link


def check(world, interface="idc0", gateway="10.98.0.253", mode="leased_line"):
    return leased_line.run(
        world.facts, {"access_mode": mode, "leased_line_interface": interface, "leased_line_gateway": gateway}
    )


def test_right(world):
    assert check(world)["status"] == "pass"


def test_gateway_alone_finds_its_interface(world):
    assert check(world, interface=None)["status"] == "pass"


def test_interface_alone(world):
    assert check(world, gateway=None)["status"] == "pass"


def test_nothing_given_or_internet_is_skipped(world):
    assert check(world, interface=None, gateway="")["status"] == "skipped"
    assert check(world, interface="nonsense", mode="internet")["status"] == "skipped"


def test_interface_that_does_not_exist(world):
    found = check(world, interface="idc7")
    assert found["status"] == "fail"
    assert "leased_line_interface is 'idc7'" in found["summary"]
    assert "it has eth0, idc0" in found["summary"]


def test_interface_that_is_down(world):
    world.links[2] = link("idc0", "10.98.0.11/24", flags=("BROADCAST",), state="DOWN")
    assert "which is down" in check(world)["summary"]


def test_interface_without_carrier(world):
    world.links[2] = link("idc0", "10.98.0.11/24", flags=("UP", "NO-CARRIER"), state="DOWN")
    found = check(world)
    assert "no carrier" in found["summary"]
    assert "cable" in found["remedy"]


def test_gateway_not_on_link(world):
    found = check(world, gateway="10.97.0.253")
    assert found["status"] == "fail"
    summary = "leased_line_gateway is 10.97.0.253, which is not on-link: interface 'idc0' has 10.98.0.0/24"
    assert summary in found["summary"]


def test_gateway_not_on_link_anywhere(world):
    found = check(world, interface=None, gateway="10.97.0.253")
    assert "10.99.0.0/24 on eth0, 10.98.0.0/24 on idc0" in found["summary"]


def test_gateway_on_another_interface(world):
    found = check(world, gateway="10.99.0.253")
    assert "on-link on eth0" in found["summary"]
    assert "set leased_line_interface to eth0" in found["remedy"]


def test_gateway_is_this_node(world):
    assert "is an address of this node (on idc0)" in check(world, gateway="10.98.0.11")["summary"]


@pytest.mark.parametrize("gateway", ["10.98.0.0", "10.98.0.255"])
def test_gateway_is_no_host(world, gateway):
    assert "network or broadcast address" in check(world, gateway=gateway)["summary"]


def test_interface_without_address(world):
    world.links[2] = link("idc0")
    assert "no IPv4 network" in check(world)["summary"]


def test_peer_of_a_point_to_point_link(world):
    world.links[2] = link("idc0", "10.98.0.1/32>10.97.0.1")
    assert check(world, gateway="10.97.0.1")["status"] == "pass"


def test_ipv6_gateway(world):
    world.links[2] = link("idc0", "fd00::2/64")
    assert check(world, gateway="fd00::1")["status"] == "pass"
    assert check(world, gateway="fd01::1")["status"] == "fail"
