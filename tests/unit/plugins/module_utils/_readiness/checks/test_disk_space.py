# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import disk_space


def df(free: object, total: object = 900000) -> tuple[int, str]:
    return 0, f"Filesystem x y z\n/dev/a {total} 1 {free} 1% /\n"


def test_enough(world):
    found = disk_space.run(world.facts, {})
    assert (found["status"], found["data"]["free_mb"]) == ("pass", 20480)


def test_too_little_warns(world):
    world.commands["df -P -k /var/lib"] = df(10239 * 1024)
    assert disk_space.run(world.facts, {})["status"] == "warn"
    assert disk_space.run(world.facts, {"min_free_mb": 10239})["status"] == "pass"


def test_few_inodes_warn(world):
    world.commands["df -P -i /var/lib"] = df(99)
    found = disk_space.run(world.facts, {})
    assert found["status"] == "warn"
    assert "inodes" in found["summary"]


def test_a_file_system_without_inodes_passes(world):
    world.commands["df -P -i /var/lib"] = df("-", 0)
    assert disk_space.run(world.facts, {})["status"] == "pass"
