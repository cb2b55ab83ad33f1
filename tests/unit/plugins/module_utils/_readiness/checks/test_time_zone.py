# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import time_zone


@pytest.mark.parametrize("adjtime", ["0.0 0 0.0\n0\nUTC\n", "", "0.0 0 0.0\n"])
def test_a_hardware_clock_in_utc_passes(world, adjtime):
    world.file("/etc/adjtime", adjtime)
    found = time_zone.run(world.facts, {})
    assert (found["status"], found["data"]["zone"]) == ("pass", "Asia/Shanghai")


def test_the_link_says_the_zone_before_the_file_does(world):
    (world.root / "etc/localtime").symlink_to("../usr/share/zoneinfo/Europe/Berlin")
    assert time_zone.run(world.facts, {})["data"]["zone"] == "Europe/Berlin"


def test_local_time_warns(world):
    world.file("/etc/adjtime", "0.0 0 0.0\n0\nLOCAL\n")
    (world.root / "etc/timezone").unlink()
    found = time_zone.run(world.facts, {})
    assert (found["status"], found["data"]["zone"]) == ("warn", "unknown")
