# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import interface_mtu


def check(world, eth0=1500, idc0=1500, **inputs):
    world.links[1]["mtu"], world.links[2]["mtu"] = eth0, idc0
    return interface_mtu.run(world.facts, inputs)


def test_usual_sizes_pass(world):
    found = check(world, leased_line_interface="idc0", idc0=1400)
    assert (found["status"], found["data"]["mtu"]) == ("pass", {"eth0": 1500, "idc0": 1400})


def test_only_interfaces_to_the_cloud_count(world):
    assert check(world, idc0=9000)["data"]["mtu"] == {"eth0": 1500}


@pytest.mark.parametrize(("mtu", "words"), [(1329, "Pods have less than 1280"), (9000, "are lost unless every link")])
def test_unusual_sizes_warn(world, mtu, words):
    found = check(world, idc0=mtu, leased_line_interface="idc0")
    assert found["status"] == "warn"
    assert words in found["summary"] and f"idc0 has MTU {mtu}" in found["summary"]


def test_without_an_interface_there_is_nothing_to_look_at(world):
    world.routes = []
    assert check(world, leased_line_interface="gone0")["status"] == "skipped"
