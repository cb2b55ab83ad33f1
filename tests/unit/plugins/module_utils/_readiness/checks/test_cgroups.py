# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import cgroups

ROWS = "#subsys_name hierarchy num_cgroups enabled\ncpuset 1 1 1\ncpu 2 1 1\nmemory 0 1 %d\npids 3 1 1\n"
UNIFIED = "/sys/fs/cgroup/cgroup.controllers"


def test_version_2(world):
    world.file(UNIFIED, "cpuset cpu io memory pids\n")
    found = cgroups.run(world.facts, {})
    assert (found["status"], found["data"]["version"]) == ("pass", 2)


def test_version_1(world):
    (world.root / UNIFIED.lstrip("/")).unlink()
    world.file("/proc/cgroups", ROWS % 1)
    found = cgroups.run(world.facts, {})
    assert (found["status"], found["data"]["version"]) == ("pass", 1)


@pytest.mark.parametrize("version", [1, 2])
def test_a_controller_that_is_switched_off_fails(world, version):
    world.file(UNIFIED, "cpuset cpu io pids\n")
    world.file("/proc/cgroups", ROWS % 0)
    if version == 1:
        (world.root / UNIFIED.lstrip("/")).unlink()
    found = cgroups.run(world.facts, {})
    assert (found["status"], found["data"]["missing"], found["data"]["version"]) == ("fail", ["memory"], version)
    assert "cgroup_enable=memory" in found["remedy"]


def test_a_kernel_that_says_nothing(world):
    (world.root / UNIFIED.lstrip("/")).unlink()
    assert cgroups.run(world.facts, {})["status"] == "unproven"


@pytest.mark.parametrize(
    ("cluster_version", "status", "hint"),
    [
        ("1.30.7-aliyun.1", "pass", False),
        ("1.31.0", "pass", True),
        ("1.34", "pass", True),
        ("1.35", "fail", False),
        ("1.35.0-aliyun.1", "fail", False),
        ("1.36.1-aliyun.1", "fail", False),
        (None, "pass", True),
    ],
)
def test_version_1_ends_with_cluster_1_35(world, cluster_version, status, hint):
    assert cgroups.run(world.facts, {"cluster_version": cluster_version})["status"] == "pass"  # version 2
    (world.root / UNIFIED.lstrip("/")).unlink()
    world.file("/proc/cgroups", ROWS % 1)
    found = cgroups.run(world.facts, {"cluster_version": cluster_version})
    assert (found["status"], "plan the change to v2" in found["summary"]) == (status, hint)
    assert (status == "fail") == ("systemd.unified_cgroup_hierarchy=1" in found["remedy"])
