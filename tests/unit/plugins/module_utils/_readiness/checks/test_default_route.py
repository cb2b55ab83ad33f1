# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import default_route
from fakes.readiness import link, route


def test_one_passes(world):
    found = default_route.run(world.facts, {})
    assert found["status"] == "pass"
    assert "10.99.0.1 dev eth0" in found["summary"]


def test_none_fails(world):
    world.routes = [route("10.99.0.0/24")]
    assert default_route.run(world.facts, {})["status"] == "fail"


def test_ipv6_alone_passes(world):
    world.routes = []
    world.routes_v6 = [
        route("default", gateway="fe80::1"),
        route("default", "lo", type="unreachable", metric=4294967295),
    ]
    found = default_route.run(world.facts, {})
    assert found["status"] == "pass"
    assert "IPv6" in found["summary"]


def test_a_backup_with_a_higher_metric_passes(world):
    world.routes.append(route("default", "idc0", gateway="10.98.0.1", metric=100))
    found = default_route.run(world.facts, {})
    assert (found["status"], len(found["data"]["routes"])) == ("pass", 2)


def test_two_of_one_metric_warn(world):
    world.routes.append(route("default", "idc0", gateway="10.98.0.1"))
    assert default_route.run(world.facts, {})["status"] == "warn"


def test_several_next_hops_warn(world):
    world.routes = [
        {
            "dst": "default",
            "nexthops": [{"gateway": "10.99.0.1", "dev": "eth0"}, {"gateway": "10.98.0.1", "dev": "idc0"}],
        }
    ]
    assert default_route.run(world.facts, {})["status"] == "warn"


def test_other_tables_do_not_count(world):
    world.routes = [route("default", gateway="10.99.0.1", table="100")]
    assert default_route.run(world.facts, {})["status"] == "fail"


@pytest.mark.parametrize(
    ("flags", "state", "words"),
    [
        ((), "DOWN", "uses eth0, which is down"),
        (("NO-CARRIER", "UP"), "DOWN", "uses eth0, which has no carrier"),
        (("UP",), "LOWERLAYERDOWN", "uses eth0, which has no carrier"),
    ],
)
def test_an_interface_that_is_not_up_fails(world, flags, state, words):
    world.links[1] = link("eth0", "10.99.0.11/24", flags=flags, state=state)
    found = default_route.run(world.facts, {})
    assert (found["status"], words in found["summary"]) == ("fail", True)
    assert "bring eth0 up" in found["remedy"]


def test_an_interface_that_does_not_tell_passes(world):
    world.links[1] = link("eth0", "10.99.0.11/24", state="UNKNOWN")
    assert default_route.run(world.facts, {})["status"] == "pass"
