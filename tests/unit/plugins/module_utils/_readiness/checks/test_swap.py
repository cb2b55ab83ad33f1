# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import swap


def test_off(world):
    assert swap.run(world.facts, {})["status"] == "pass"


def test_on_warns(world):
    world.file("/proc/swaps", "Filename Type Size Used Priority\n/dev/vda2 partition 1 0 -2\n")
    found = swap.run(world.facts, {})
    assert (found["status"], found["data"]["areas"]) == ("warn", ["/dev/vda2"])
