# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import selinux


def test_not_there_and_permissive_pass(world):
    assert selinux.run(world.facts, {})["data"]["mode"] == "disabled"
    world.file("/sys/fs/selinux/enforce", "0")
    found = selinux.run(world.facts, {})
    assert (found["status"], found["data"]["mode"]) == ("pass", "permissive")


@pytest.mark.parametrize("installed", [True, False])
def test_enforcing_warns_and_says_whether_there_is_a_policy(world, installed):
    world.file("/sys/fs/selinux/enforce", "1")
    if installed:
        world.file("/var/lib/selinux/targeted/active/modules/200/container/cil")
    found = selinux.run(world.facts, {})
    assert (found["status"], found["data"]["container_policy"]) == ("warn", installed)
    assert ("no policy for containers" in found["summary"]) is not installed
