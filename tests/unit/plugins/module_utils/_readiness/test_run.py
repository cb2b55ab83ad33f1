# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import run
from fakes.readiness import DEFAULTS


def test_result_is_that_of_every_module(world):
    world.routes = []
    found = run.run(world.node, {**DEFAULTS, "checks": ["default_route", "swap"]}, False)
    assert [item["check"] for item in found["results"]] == ["default_route", "swap"]
    assert found["failed_checks"] == ["default_route"]
    assert found["changed"] is False
    assert "no default route" in found["msg"]


def test_wrong_input_is_said_before_anything_is_looked_at(world):
    with pytest.raises(InputError) as caught:
        run.run(world.node, {**DEFAULTS, "checks": ["x"], "min_free_mb": 0}, False)
    assert len(caught.value.problems) == 2
    assert world.ran == []
