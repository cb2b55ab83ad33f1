# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import machine_id


def test_there(world):
    found = machine_id.run(world.facts, {})
    assert (found["status"], found["data"]["machine_id"]) == ("pass", "0123456789abcdef0123456789abcdef")


@pytest.mark.parametrize("text", ["", "uninitialized\n", "0123\n", "0" * 32 + "\n"])
def test_not_there_warns(world, text):
    world.file("/etc/machine-id", text)
    assert machine_id.run(world.facts, {})["status"] == "warn"
