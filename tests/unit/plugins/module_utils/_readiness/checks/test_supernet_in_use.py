# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import supernet_in_use
from fakes.readiness import link, route

INPUTS = {"access_mode": "leased_line", "leased_line_gateway": "10.98.0.253", "leased_line_interface": None}


def check(world, **changes):
    return supernet_in_use.run(world.facts, {**INPUTS, **changes})


def test_free(world):
    assert check(world)["status"] == "pass"


def test_internet_is_skipped(world):
    assert check(world, access_mode="internet")["status"] == "skipped"


def test_tailscale_warns(world):
    world.links.append(link("tailscale0", "100.101.102.103/32"))
    world.routes.append(route("100.64.1.1", "tailscale0", table="52"))
    world.process(812, "tailscaled")
    found = check(world)
    assert found["status"] == "warn"
    assert len(found["data"]["uses"]) == 3


def test_own_numbering_shows_once(world):
    world.links.append(link("eth1", "100.64.5.1/24"))
    world.routes.append(route("100.64.5.0/24", "eth1", scope="link"))
    assert check(world)["data"]["uses"] == ["interface eth1 has 100.64.5.1/24"]


def test_foreign_route_warns(world):
    world.routes.append(route("100.103.0.0/16", gateway="10.99.0.9"))
    assert check(world)["status"] == "warn"


def test_routes_of_the_leased_line_are_right(world):
    world.routes.append(route("100.103.99.73/32", "idc0", gateway="10.98.0.253"))
    assert check(world)["status"] == "pass"
    world.routes.append(route("100.118.28.0/24", "idc0"))
    assert check(world, leased_line_interface="idc0")["status"] == "pass"


def test_routes_in_our_manifest_are_right(world):
    world.routes.append(route("100.103.99.73", gateway="10.99.0.9"))
    world.file(
        "/var/lib/ack_edge/routes/ack-edge.json",
        json.dumps({"version": 1, "content": {"routes": [{"destination": "100.103.99.73/32"}]}}),
    )
    world.file("/var/lib/ack_edge/routes/damaged.json", "{")
    assert check(world)["status"] == "pass"


def test_ranges_around_do_not_count(world):
    world.routes += [route("100.0.0.0/8", gateway="10.99.0.9"), route("100.128.0.0/16", gateway="10.99.0.9")]
    assert check(world)["status"] == "pass"
