# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Day two: the vendor publishes another range, and the node is a member of the cluster with Pods on it."""

from __future__ import annotations

import pytest
from fakes.routes import System, run
from fakes.static_routes import GIVEN, LIVE, MANAGERS, statuses

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


LEFT = {**GIVEN, "routes": [{"destination": "fd01::/64", "gateway": "fd00:99::1"}, "100.120.0.0/16"]}
GONE = ["100.103.99.73 via 10.99.0.253 dev idc0", "100.118.28.0/24 via 10.99.0.253 dev idc0"]


@pytest.fixture(params=MANAGERS)
def system(request: pytest.FixtureRequest, tmp_path) -> System:
    made = System(tmp_path, request.param)
    made.kubelet_runs = True
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


def test_a_route_that_has_left_the_list_goes_only_when_asked(system: System) -> None:
    predicted = run(system, check=True, **LEFT)
    result = run(system, **LEFT)
    assert (result["changed"], result["diff"]) == (True, predicted["diff"])
    assert lines(system) == {*LIVE, ADDED[0]}
    stays = {one["check"]: one for one in result["results"] if one["status"] == "warn"}
    assert list(stays) == ["100.103.99.73/32", "100.118.28.0/24"]
    assert "is no longer in routes, but stays" in stays["100.118.28.0/24"]["summary"]
    assert stays["100.118.28.0/24"]["data"]["mtu"] == 1400
    again = run(system, **LEFT)
    assert (again["changed"], again["failed_checks"]) == (False, [])
    pruned = run(system, **LEFT, prune=True)
    assert (pruned["changed"], set(statuses(pruned))) == (True, {"pass"})
    assert lines(system) == {*LIVE, ADDED[0]} - {*GONE}
    assert run(system, **LEFT)["changed"] is False


def test_what_stays_is_mended_and_taken_out_with_the_set(system: System) -> None:
    run(system, **LEFT)
    system.kernel = [entry for entry in system.kernel if entry["dst"] != "100.118.28.0/24"]
    assert "100.118.28.0/24" in run(system, check=True, **LEFT)["failed_checks"]
    run(system, **LEFT)
    assert GONE[1] in lines(system)
    run(system, state="absent")
    assert lines(system) == set()


@pytest.mark.parametrize(
    "given",
    [
        # Where something carries its connections on, or nothing is to go through its next hop, or none may be there.
        {**GIVEN, "routes": ["100.64.0.0/10"]},
        {**GIVEN, "routes": [{"destination": "100.118.28.0/24", "metric": 7}, "100.103.99.0/24"]},
        {**GIVEN, "routes": ["100.120.0.0/16"], "gateway": "10.99.0.9"},
        {**GIVEN, "routes": ["100.120.0.0/16"], "forbidden": ["100.103.0.0/16", "100.118.0.0/16"]},
        {"gateway": "10.99.0.253", "routes": []},
    ],
)
def test_what_leaves_at_once(tmp_path, given: dict) -> None:
    system = System(tmp_path)
    system.kubelet_runs = True
    run(system, **GIVEN)
    result = run(system, **given)
    left = [entry for entry in system.kernel if entry["dst"] in ("100.103.99.73", "100.118.28.0/24")]
    # The metric of a row that is in the list; those of GIVEN have the default, which is not shown.
    assert [entry.get("metric") for entry in left] in ([], [7])
    assert "warn" not in statuses(result)


def test_without_a_kubelet_it_leaves_at_once(system: System) -> None:
    system.kubelet_runs = False
    run(system, **LEFT)
    assert lines(system) == {*LIVE, ADDED[0]} - {*GONE}
