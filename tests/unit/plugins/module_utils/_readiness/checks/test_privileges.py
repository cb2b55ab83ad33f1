# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import privileges


def test_root_with_ip_passes(world):
    assert privileges.run(world.facts, {})["status"] == "pass"


def test_another_user_fails(world):
    world.commands["id -u"] = (0, "1000\n")
    found = privileges.run(world.facts, {})
    assert found["status"] == "fail"
    assert "1000" in found["summary"]
    assert "become" in found["remedy"]


def test_no_ip_command_fails(world):
    (world.root / "usr/sbin/ip").unlink()
    found = privileges.run(world.facts, {})
    assert found["status"] == "fail"
    assert "iproute" in found["remedy"]
