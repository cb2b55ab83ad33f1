# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import clock


def test_the_threshold_is_the_callers(world):
    assert clock.run(world.facts, {"max_clock_offset": 1.0})["status"] == "pass"
    assert clock.run(world.facts, {"max_clock_offset": 0.000001})["status"] == "fail"


def test_never_asks_what_can_start_timesyncd(world):
    world.commands["chronyc -c -n tracking"] = (1, "506 Cannot talk to daemon\n")
    assert clock.run(world.facts, {})["status"] == "unproven"
    assert not [argv for argv in world.ran if "timesync-status" in argv]
