# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import own_address
from fakes.readiness import link, route


def test_without_a_record_the_default_route_tells(world):
    found = own_address.run(world.facts, {"node_cidrs": ["10.99.0.0/24"]})
    assert (found["status"], found["data"]["addresses"]) == ("pass", ["10.99.0.11"])
    assert found["data"]["source"] == "default_route"


def test_source_of_the_default_route_is_preferred(world):
    world.routes[0]["prefsrc"] = "10.99.0.12"
    assert own_address.run(world.facts, {})["data"]["addresses"] == ["10.99.0.12"]


def test_default_route_outside_node_cidrs_fails(world):
    found = own_address.run(world.facts, {"node_cidrs": ["10.98.0.0/24"]})
    assert found["status"] == "fail"
    assert "10.99.0.11" in found["summary"]
    assert "10.98.0.0/24" in found["summary"]
    assert "nodeIface" in found["remedy"]


def test_record_of_this_node_passes(world):
    world.file("/etc/hosts", "127.0.0.1 localhost\n10.98.0.11 edge-1.site edge-1 # IDC\n")
    found = own_address.run(world.facts, {"node_cidrs": ["10.98.0.0/24"]})
    assert (found["status"], found["data"]["source"]) == ("pass", "hosts")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.1.1", "loopback"),
        ("::1", "loopback"),
        ("10.98.0.12", "not an address of this node"),
        ("10.99.0.11", "outside node_cidrs"),
        ("10.98.0", "not a valid address"),
    ],
)
def test_wrong_record_fails(world, address, words):
    world.file("/etc/hosts", f"{address} edge-1\n")
    found = own_address.run(world.facts, {"node_cidrs": ["10.98.0.0/24"]})
    assert found["status"] == "fail"
    assert address in found["summary"]
    assert words in found["summary"]


def test_every_record_counts(world):
    world.file("/etc/hosts", "10.98.0.11 edge-1\n127.0.1.1 edge-1\n")
    assert own_address.run(world.facts, {})["status"] == "fail"


def test_other_names_and_comments_do_not_count(world):
    world.file("/etc/hosts", "127.0.1.1 edge-10 edge-1.site # edge-1\n#127.0.1.1 edge-1\n")
    assert own_address.run(world.facts, {})["status"] == "pass"


def test_ipv6_default_route(world):
    world.routes = []
    world.routes_v6 = [route("default", gateway="fe80::1")]
    world.links[1] = link("eth0", "2001:db8::11/64")
    found = own_address.run(world.facts, {"node_cidrs": ["10.99.0.0/24"]})
    assert (found["status"], found["data"]["addresses"]) == ("pass", ["2001:db8::11"])


def test_neither_record_nor_default_route(world):
    world.routes = []
    found = own_address.run(world.facts, {})
    assert found["status"] == "unproven"
    assert "edge-1" in found["remedy"]


def test_capitals_in_a_record_are_small_letters(world):
    world.file("/etc/hosts", "127.0.1.1 EDGE-1.site Edge-1\n")
    assert own_address.run(world.facts, {})["status"] == "fail"
