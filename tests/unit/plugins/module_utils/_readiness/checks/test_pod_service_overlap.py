# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import pod_service_overlap
from fakes.readiness import World, link, route
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

INPUTS = {"pod_cidr": ["10.244.0.0/16"], "service_cidr": ["172.21.0.0/20"]}


def check(world, **inputs):
    return pod_service_overlap.run(world.facts, inputs or INPUTS)


def test_nothing_overlaps(world):
    assert check(world)["status"] == "pass"


@pytest.mark.parametrize(
    "entry",
    [
        route("10.244.7.0/24", "eth1"),  # inside
        route("10.0.0.0/8", "eth1"),  # around
        route("10.244.1.2", "eth1"),  # a host
        route("172.16.0.0/12", "docker0", flags=["linkdown"]),
        route("10.244.0.0/16", "eth1", table="100"),
        {"dst": "172.21.0.0/16", "type": "blackhole"},
    ],
)
def test_route_that_overlaps_fails(world, entry):
    world.routes.append(entry)
    found = check(world)
    assert found["status"] == "fail"
    assert len(found["data"]["overlaps"]) == 1
    assert str(ipaddress.ip_network(entry["dst"])) in found["summary"]
    assert found["remedy"]


def test_address_of_the_node_inside_shows_once_with_its_network(world):
    world.routes += [
        route("10.244.0.0/24", "eth1"),
        route("10.244.0.5", "eth1", type="local", table="local"),
        route("10.244.0.255", "eth1", type="broadcast", table="local"),
    ]
    assert check(world)["data"]["overlaps"] == ["route 10.244.0.0/24 dev eth1 overlaps pod_cidr 10.244.0.0/16"]


def test_local_address_without_a_network_shows(world):
    world.routes.append(route("10.244.0.5", "lo", type="local", table="local"))
    assert check(world)["status"] == "fail"


@pytest.mark.parametrize("dev", ["cni0", "flannel.1", "raven0", "cali1a2b", "kube-ipvs0"])
def test_routes_of_the_cluster_itself_are_right(world, dev):
    world.routes.append(route("10.244.1.0/24", dev))
    assert check(world)["status"] == "pass"


def test_default_route_does_not_count(world):
    inputs = {"pod_cidr": ["0.0.0.0/1"], "service_cidr": ["192.168.0.0/16"]}
    assert check(world, **inputs)["status"] == "fail"  # the networks of the site do
    world.routes = world.routes[:1]
    world.file("/etc/resolv.conf", "")
    assert check(world, **inputs)["status"] == "pass"


def test_nameserver_inside_fails(world):
    world.file("/etc/resolv.conf", "nameserver 172.21.0.10\nnameserver fe80::1%eth0\nnameserver nonsense\n")
    found = check(world)
    assert found["data"]["overlaps"] == ["nameserver 172.21.0.10 is in service_cidr 172.21.0.0/20"]


def test_nameserver_behind_the_stub_fails(world):
    world.file("/etc/resolv.conf", "nameserver 127.0.0.53\n")
    world.file("/run/systemd/resolve/resolv.conf", "nameserver 172.21.0.10\n")
    assert check(world)["status"] == "fail"


def test_ipv6(world):
    world.routes_v6 = [route("fd00:10::/64"), route("default", gateway="fe80::1"), route("ff00::/8", type="multicast")]
    assert check(world, pod_cidr=["fd00:10::/56"], service_cidr=["fd00:20::/112"])["status"] == "fail"
    assert check(world, pod_cidr=["fd00:30::/56"], service_cidr=["fd00:20::/112"])["status"] == "pass"


def test_unknown_cidrs_are_not_a_pass(world):
    found = pod_service_overlap.run(world.facts, {"pod_cidr": [], "service_cidr": []})
    assert found["status"] == "unproven"
    assert "pod_cidr" in found["remedy"]


def test_one_unknown_cidr_is_not_a_pass(world):
    found = check(world, pod_cidr=["10.244.0.0/16"], service_cidr=[])
    assert (found["status"], found["remedy"]) == ("unproven", "set service_cidr")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(address=st.integers(0, 2**32 - 1), length=st.integers(1, 32))
def test_agrees_with_the_definition_of_overlap(tmp_path, address, length):
    network = ipaddress.ip_network((address, length), strict=False)
    world = World(tmp_path)
    world.links = [link("lo", "127.0.0.1/8")]
    world.routes = [route(str(network))]
    world.file("/etc/resolv.conf", "")
    overlaps = any(network.overlaps(ipaddress.ip_network(cidr)) for cidr in INPUTS["pod_cidr"] + INPUTS["service_cidr"])
    assert check(world)["status"] == ("fail" if overlaps else "pass")
