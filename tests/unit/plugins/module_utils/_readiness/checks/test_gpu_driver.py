# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import gpu_driver


def device(world, vendor="0x10de", kind="0x030200"):
    world.file("/sys/bus/pci/devices/0000:01:00.0/vendor", vendor + "\n")
    world.file("/sys/bus/pci/devices/0000:01:00.0/class", kind + "\n")


def test_none(world):
    assert gpu_driver.run(world.facts, {})["status"] == "pass"


@pytest.mark.parametrize(("vendor", "kind"), [("0x1002", "0x030000"), ("0x10de", "0x040300")])
def test_graphics_of_others_and_the_sound_of_a_card_are_no_gpu(world, vendor, kind):
    device(world, vendor, kind)
    found = gpu_driver.run(world.facts, {})
    assert (found["status"], found["data"]["devices"]) == ("pass", [])


def test_without_driver_warns(world):
    device(world)
    found = gpu_driver.run(world.facts, {})
    assert (found["status"], found["data"]["devices"]) == ("warn", ["0000:01:00.0"])
    world.file("/proc/driver/nvidia/version", "NVRM version")
    assert gpu_driver.run(world.facts, {})["status"] == "pass"
