# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import clock_step

COMMAND = "stat --format %Y %n /etc/machine-id /run/systemd/system"
NOW = 1795446178


def test_nothing_from_the_future_passes(world):
    assert clock_step.run(world.facts, {})["status"] == "pass"


@pytest.mark.parametrize(("ahead", "status"), [(60, "pass"), (61, "warn"), (28800, "warn")])
def test_a_file_from_the_future_warns(world, ahead, status):
    world.commands[COMMAND] = (0, f"1 /etc/machine-id\n{NOW + ahead} /run/systemd/system\n")
    found = clock_step.run(world.facts, {})
    assert found["status"] == status
    assert found["data"]["ahead"] == (ahead if status == "warn" else 0)


@pytest.mark.parametrize(("command", "answer"), [("date +%s", (1, "")), (COMMAND, (1, "")), (COMMAND, (0, "what\n"))])
def test_what_cannot_be_seen_is_unproven(world, command, answer):
    world.commands[command] = answer
    assert clock_step.run(world.facts, {})["status"] == "unproven"
