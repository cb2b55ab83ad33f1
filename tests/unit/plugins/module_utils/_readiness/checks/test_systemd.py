# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import systemd


@pytest.mark.parametrize(("number", "status"), [(249, "pass"), (220, "pass"), (219, "warn"), (204, "warn")])
def test_version(world, number, status):
    world.commands["systemctl --version"] = (0, f"systemd {number} ({number}-78.el7)\n+PAM\n")
    found = systemd.run(world.facts, {})
    assert (found["status"], found["data"]["version"]) == (status, number)


def test_another_init_fails(world):
    (world.root / "run/systemd/system/.keep").unlink()
    (world.root / "run/systemd/system").rmdir()
    assert systemd.run(world.facts, {})["status"] == "fail"


def test_a_version_that_cannot_be_had_is_unproven(world):
    world.commands["systemctl --version"] = (127, "")
    assert systemd.run(world.facts, {})["status"] == "unproven"
