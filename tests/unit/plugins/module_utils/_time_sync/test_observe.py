# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import observe
from fakes.chrony import TimeWorld


def test_an_unknown_system_is_one_clear_error(tmp_path):
    world = TimeWorld(tmp_path)
    world.file("/etc/os-release", "ID=plan9\n")
    with pytest.raises(NodeError, match="'plan9'"):
        observe.observe(world.node)
