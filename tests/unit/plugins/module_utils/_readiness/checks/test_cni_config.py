# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import cni_config


def test_none(world):
    assert cni_config.run(world.facts, {})["status"] == "pass"


def test_the_cluster_and_later_ones(world):
    world.file("/etc/cni/net.d/10-flannel.conflist")
    world.file("/etc/cni/net.d/87-podman.conflist")
    world.file("/etc/cni/net.d/00-readme.txt")
    assert cni_config.run(world.facts, {})["status"] == "pass"


def test_one_that_sorts_before_warns(world):
    world.file("/etc/cni/net.d/0-loopback.conf")
    found = cni_config.run(world.facts, {})
    assert found["status"] == "warn"
    assert "0-loopback.conf" in found["summary"]
