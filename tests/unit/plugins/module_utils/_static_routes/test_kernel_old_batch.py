# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch of iproute2 3.10: it says neither which line failed nor goes on behind it."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel
from fakes.kernel_routes import route
from fakes.routes import System

ROUTES = [route(f"100.{number}.0.0/16 via 10.99.0.253 dev idc0") for number in (1, 2, 3)]


@pytest.fixture
def system(tmp_path):
    made = System(tmp_path, "")
    made.old_batch = True
    return made


def test_what_it_takes_is_one_batch(system):
    kernel.change(system.node(), kernel.forward(ROUTES, [], []))
    assert len(system.routes()) == 3
    assert [argv[2] for argv in system.log] == ["-batch"]


def test_the_line_that_it_refuses_is_found_and_named(system):
    system.refuse_route = "100.2.0.0/16"
    with pytest.raises(NodeError, match=r"'ip -4 route replace 100\.2\.0\.0/16 .*Network is unreachable"):
        kernel.change(system.node(), kernel.forward(ROUTES, [], []))
    assert system.routes() == ["100.1.0.0/16 via 10.99.0.253 dev idc0"]


def test_a_route_that_is_out_already_does_not_keep_the_others_in(system):
    kernel.change(system.node(), kernel.forward(ROUTES[1:], [], []))
    kernel.change(system.node(), kernel.forward([], ROUTES, []))
    assert system.routes() == []


def test_an_undo_goes_on_behind_a_line_that_is_refused(system):
    kernel.change(system.node(), kernel.forward(ROUTES[1:], [], []))
    kernel.undo(system.node(), kernel.backward([], ROUTES, [], []))
    assert system.routes() == []
