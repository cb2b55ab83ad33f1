# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Day two: the vendor publishes another range, and the node is a member of the cluster with Pods on it."""

from __future__ import annotations

import pytest
from fakes.routes import System, run
from helpers_static_routes import GIVEN, LIVE, MANAGERS, statuses

POD_LINKS = ("cni0", "flannel.1")
OF_THE_CLUSTER = [
    {
        "dst": "10.244.3.0/24",
        "dev": "cni0",
        "protocol": "kernel",
        "scope": "link",
        "prefsrc": "10.244.3.1",
        "flags": [],
    },
    {"dst": "10.244.4.0/24", "gateway": "10.244.4.0", "dev": "flannel.1", "flags": ["onlink"]},
]
NEW = {**GIVEN, "routes": [*GIVEN["routes"], "100.120.0.0/16"], "answers": {"anony.example": ["100.64.0.7"]}}
ADDED = ["100.120.0.0/16 via 10.99.0.253 dev idc0", "100.64.0.7 via 10.99.0.253 dev idc0"]


@pytest.fixture(params=MANAGERS)
def system(request: pytest.FixtureRequest, tmp_path) -> System:
    made = System(tmp_path, request.param)
    made.kernel += OF_THE_CLUSTER
    run(made, **GIVEN)
    made.log.clear()
    return made


def lines(system: System) -> set[str]:
    """Return the routes that are not the cluster's."""
    return {line for line in system.routes() if not line.endswith(POD_LINKS)}


def words(system: System) -> set[str]:
    """Return the words of all commands that were run."""
    return {word for argv in system.log for word in argv}


def test_what_is_new_is_added_and_nothing_else_moves(system: System) -> None:
    before = list(system.kernel)
    result = run(system, **NEW)
    assert (result["changed"], set(statuses(result))) == (True, {"pass"})
    assert lines(system) == {*LIVE, *ADDED}
    # Not even replaced by the same: each route of before is still the entry that it was.
    assert [entry for entry in system.kernel if entry in before] == before
    assert not words(system) & {"restart", "reload", "try-restart", "down", "flush", "apply", "up"}
    assert run(system, **NEW)["changed"] is False


def test_an_address_that_a_name_no_longer_has_goes_only_when_asked(system: System) -> None:
    run(system, **NEW)
    assert "100.64.0.9 via 10.99.0.253 dev idc0" in lines(system)
    run(system, **NEW, prune=True)
    assert lines(system) == {*LIVE, *ADDED} - {"100.64.0.9 via 10.99.0.253 dev idc0"}
    assert all(entry in system.kernel for entry in OF_THE_CLUSTER)
