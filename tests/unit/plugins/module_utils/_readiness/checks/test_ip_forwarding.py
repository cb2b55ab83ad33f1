# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import ip_forwarding


@pytest.mark.parametrize(("now", "words"), [("0", "off; the join turns it on"), ("1", "is on")])
def test_what_nothing_pins_passes(world, now, words):
    world.file("/proc/sys/net/ipv4/ip_forward", now)
    world.file("/etc/sysctl.d/10-network.conf", "net.ipv6.conf.all.forwarding = 0\n# net.ipv4.ip_forward=0\n")
    found = ip_forwarding.run(world.facts, {})
    assert (found["status"], found["data"]["now"]) == ("pass", int(now))
    assert words in found["summary"]


@pytest.mark.parametrize("line", ["net.ipv4.ip_forward = 0", "net/ipv4/ip_forward=0", "-net.ipv4.ip_forward =0"])
def test_a_file_that_switches_it_off_warns(world, line):
    world.file("/etc/sysctl.d/90-hardening.conf", line + "\n")
    found = ip_forwarding.run(world.facts, {})
    assert (found["status"], found["data"]["path"]) == ("warn", "/etc/sysctl.d/90-hardening.conf")


def test_the_setting_that_wins_is_what_counts(world):
    world.file("/usr/lib/sysctl.d/90-a.conf", "net.ipv4.ip_forward=0\n")
    world.file("/etc/sysctl.d/90-a.conf", "net.ipv4.ip_forward=1\n")
    assert ip_forwarding.run(world.facts, {})["status"] == "pass"
    world.file("/etc/sysctl.d/99-b.conf", "net.ipv4.ip_forward=0\n")
    assert ip_forwarding.run(world.facts, {})["status"] == "warn"
    world.file("/etc/sysctl.conf", "net.ipv4.ip_forward=1\n")
    assert ip_forwarding.run(world.facts, {})["status"] == "pass"


def test_a_kernel_that_does_not_say_is_unproven(world):
    (world.root / "proc/sys/net/ipv4/ip_forward").unlink()
    assert ip_forwarding.run(world.facts, {})["status"] == "unproven"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("net.ipv4.conf.all.forwarding = 0\n", "warn"),
        ("net.ipv4.ip_forward=1\nnet.ipv4.conf.all.forwarding=0\n", "warn"),
        ("net.ipv4.conf.all.forwarding=0\nnet.ipv4.ip_forward=1\n", "pass"),
        ("net.ipv4.ip_forward=1\nnet.ipv4.conf.all.forwarding=0\nnet.ipv4.ip_forward=1\n", "pass"),
        ("net.ipv4.conf.eth0.forwarding=0\n", "pass"),
        ("kernel.sysrq=0\nnet.ipv4.ip_forward=1\nnet.ipv4.conf.all.forwarding=0\n", "warn"),
    ],
)
def test_the_other_name_of_the_setting(world, text, status):
    world.file("/etc/sysctl.d/60-site.conf", text)
    assert ip_forwarding.run(world.facts, {})["status"] == status
