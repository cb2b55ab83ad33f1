# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import swap


def test_off(world):
    assert swap.run(world.facts, {})["status"] == "pass"


def test_on_warns(world):
    world.file("/proc/swaps", "Filename Type Size Used Priority\n/dev/vda2 partition 1 0 -2\n")
    found = swap.run(world.facts, {})
    assert (found["status"], found["data"]["areas"]) == ("warn", ["/dev/vda2"])


@pytest.mark.parametrize(
    ("areas", "fstab", "zram"),
    [(["/dev/vda2"], True, False), (["/dev/zram0"], False, True), (["/swapfile", "/dev/zram0"], True, True)],
)
def test_the_remedy_lasts_for_each_kind(world, areas, fstab, zram):
    lines = "".join(f"{area} partition 1 0 -2\n" for area in areas)
    world.file("/proc/swaps", "Filename Type Size Used Priority\n" + lines)
    remedy = swap.run(world.facts, {})["remedy"]
    assert remedy.startswith("swapoff -a, and ")
    assert ("/etc/fstab" in remedy, "zram-generator.conf" in remedy) == (fstab, zram)


@pytest.mark.parametrize(
    ("fstab", "status"),
    [
        ("/dev/vda1 / ext4 defaults 0 1\nUUID=12-34 none swap sw 0 0\n", "warn"),
        ("/swapfile swap swap defaults\n", "warn"),
        ("# /swapfile swap swap defaults 0 0\n/dev/vda2 none swap noauto,pri=1 0 0\n", "pass"),
        ("/dev/vda1 /swap ext4 defaults 0 1\n", "pass"),
    ],
)
def test_what_comes_back_at_the_next_boot(world, fstab, status):
    world.file("/etc/fstab", fstab)
    assert swap.run(world.facts, {})["status"] == status


@pytest.mark.parametrize(
    ("path", "text", "status"),
    [
        ("/etc/systemd/system/swap.target.wants/dev-vda2.swap", "", "warn"),
        ("/etc/systemd/system/dev-vda2.swap", "", "pass"),
        ("/usr/lib/systemd/zram-generator.conf", "# default\n[zram0]\n", "warn"),
        ("/etc/systemd/zram-generator.conf", "", "pass"),
        ("/etc/systemd/zram-generator.conf.d/site.conf", "[zram0]\n", "warn"),
        ("/run/systemd/generator.late/swap.target.wants/dev-vda3.swap", "", "warn"),
    ],
)
def test_what_systemd_turns_on_at_the_next_boot(world, path, text, status):
    world.file(path, text)
    found = swap.run(world.facts, {})
    assert (found["status"], path in found["summary"]) == (status, status == "warn")
    world.file("/etc/systemd/zram-generator.conf", "")  # hides the one of the package
    world.commands["systemctl is-enabled zramswap.service"] = (0, "enabled\n")
    assert "zramswap.service" in swap.run(world.facts, {})["summary"]


@pytest.mark.parametrize("name", ["zram-config", "zram-swap", "armbian-zram-config", "dphys-swapfile"])
def test_a_service_that_makes_swap_is_named_with_what_stops_it(world, name):
    world.commands[f"systemctl is-enabled {name}.service"] = (0, "enabled\n")
    found = swap.run(world.facts, {})
    assert (found["status"], f"{name}.service" in found["summary"]) == ("warn", True)
    assert found["remedy"].endswith(f"systemctl disable {name}.service")
    world.file("/proc/swaps", "Filename Type Size Used Priority\n/var/swap file 1 0 -2\n")
    assert swap.run(world.facts, {})["remedy"].endswith(f"systemctl disable {name}.service")
