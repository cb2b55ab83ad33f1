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


def mounted(point: str, free: object, total: object = 900000) -> tuple[int, str]:
    return 0, f"Filesystem x y z\n/dev/b {total} 1 {free} 1% {point}\n"


def test_a_file_system_of_its_own_is_judged_by_itself(world):
    world.file("/var/lib/containerd/x")
    world.commands["df -P -k /var/lib/containerd"] = mounted("/var/lib/containerd", 5 * 1024 * 1024)
    world.commands["df -P -i /var/lib/containerd"] = mounted("/var/lib/containerd", 500000)
    found = disk_space.run(world.facts, {})
    assert (found["status"], found["data"]["path"], found["data"]["free_mb"]) == ("warn", "/var/lib/containerd", 5120)
    assert found["summary"].startswith("/var/lib/containerd has 5120 MiB free")
    world.commands["df -P -k /var/lib/containerd"] = mounted("/var/lib/containerd", 50 * 1024 * 1024)
    assert disk_space.run(world.facts, {})["summary"] == (
        "/var/lib has 20480 MiB free and /var/lib/containerd has 51200 MiB free"
    )
    world.commands["df -P -i /var/lib/containerd"] = mounted("/var/lib/containerd", 99)
    assert "/var/lib/containerd has 99 inodes free" in disk_space.run(world.facts, {})["summary"]


def test_a_link_is_the_file_system_that_it_leads_to(world):
    (world.root / "data/docker").mkdir(parents=True)
    (world.root / "var/lib").mkdir(parents=True)
    (world.root / "var/lib/docker").symlink_to("/data/docker")
    world.commands["df -P -k /var/lib/docker"] = mounted("/data with blank", 1024)
    world.commands["df -P -i /var/lib/docker"] = mounted("/data with blank", "-", 0)
    found = disk_space.run(world.facts, {})
    assert (found["status"], found["data"]["path"], found["data"]["free_mb"]) == ("warn", "/var/lib/docker", 1)


def test_the_same_file_system_is_said_once(world):
    world.file("/var/lib/kubelet/x")
    for unit in ("-k", "-i"):
        world.commands[f"df -P {unit} /var/lib/kubelet"] = world.commands[f"df -P {unit} /var/lib"]
    assert disk_space.run(world.facts, {})["summary"] == "/var/lib has 20480 MiB free"
