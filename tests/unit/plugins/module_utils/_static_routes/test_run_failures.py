# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that cannot be finished: what was done of it is rolled back, and the message says exactly what is left."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.routes import MANIFEST, System, run

GIVEN = {
    "gateway": "10.99.0.253",
    "routes": ["100.103.99.73/32", {"destination": "fd01::/64", "gateway": "fd00:99::1"}],
}
OTHER = {**GIVEN, "routes": ["100.103.99.73/32", "100.99.0.0/16"], "gateway": "10.99.0.9"}
ABSENT = {"state": "absent"}
MANAGERS = ["networkmanager", "networkd", "ifupdown", "netplan", "network_scripts"]
RUNS = {"fresh": [GIVEN], "change": [GIVEN, OTHER], "absent": [GIVEN, ABSENT]}


def prepared(path, manager, runs):
    system = System(path, manager)
    for given in runs[:-1]:
        run(system, **given)
    return system


def state(system):
    """Return the whole state; what stands in /run goes at a restart, as the routes do that it is about."""
    found = system.everything()
    found["files"] = {path: what for path, what in found["files"].items() if not path.startswith("/run")}
    return found


def without_record(found):
    return {path: what for path, what in found["files"].items() if not path.startswith("/var/lib/ack_edge")}


def change(system, given, *, tried):
    """Run the module, confirmed as its action does where ``tried``."""
    first = run(system, **given, confirm_timeout=30 if tried else 0)
    token = first.get("awaiting_confirmation", {}).get("token")
    return run(system, **given, confirm_timeout=30, confirm=token) if token else first


def places(path, manager, runs, *, tried):
    """Return how many files a run writes, removes or links."""
    system, found = prepared(path, manager, runs), []
    system.fails = lambda what, name: found.append((what, name))
    change(system, runs[-1], tried=tried)
    return len(found)


class _FailsAt:
    """Says of one step of many that it fails, and keeps all of them."""

    def __init__(self, number):
        self.number, self.seen = number, []

    def __call__(self, what, path):
        self.seen.append((what, path))
        return len(self.seen) == self.number + 1


@pytest.mark.parametrize("tried", [True, False], ids=["confirmed", "one step"])
@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("manager", MANAGERS)
def test_one_failure_at_any_file_leaves_the_node_as_it_was_and_says_so(tmp_path, manager, name, tried):
    runs = RUNS[name]
    for number in range(places(tmp_path / "straight", manager, runs, tried=tried)):
        system = prepared(tmp_path / str(number), manager, runs)
        before = state(system)
        system.fails = fails = _FailsAt(number)
        try:
            change(system, runs[-1], tried=tried)
        except NodeError as error:
            assert "cannot be" in str(error)
            if error.changed:  # all of it was done, and a file of ours in /run could not be removed
                assert fails.seen[number][1].startswith("/run/ack_edge/"), f"{number}: {error}"
                assert "as requested, active and persistent" in str(error)
                system.fails = None
                assert run(system, **runs[-1])["changed"] is False
                assert not (system.root / "run/ack_edge/routes").exists()
                continue
            if error.verdicts:  # else before anything of the change was done, or when all of it had been taken back
                assert "rolled back" in str(error) or "No route and no file of a route was changed" in str(error)
        else:
            pytest.fail(f"{fails.seen[-1]} failed without a word")
        assert state(system) == before, f"{number}: {fails.seen[number]}"
        system.fails = None
        system.timers = []
        assert change(system, runs[-1], tried=tried)["changed"] is True


@pytest.mark.parametrize("tried", [True, False], ids=["confirmed", "one step"])
@pytest.mark.parametrize("where", ["/etc", "/var/lib"])
@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("manager", MANAGERS)
def test_a_disk_that_takes_nothing_any_more(tmp_path, manager, name, where, tried):
    runs = RUNS[name]
    system = prepared(tmp_path, manager, runs)
    before = state(system)
    system.fails = lambda _what, path: path.startswith(where)
    with pytest.raises(NodeError) as caught:
        change(system, runs[-1], tried=tried)
    assert state(system)["kernel"] == before["kernel"]
    if where == "/etc":
        assert without_record(state(system)) == without_record(before)
    assert caught.value.changed is False
    assert "The change was rolled back: the routes are as before" in str(caught.value)
    system.fails = None
    system.timers = []
    change(system, runs[-1], tried=tried)
    assert run(system, **runs[-1])["changed"] is False


def test_what_cannot_be_rolled_back_is_named_and_counts_as_a_change(tmp_path):
    """The file is written, then nothing more can be: neither the record nor the file that was there before."""
    system = prepared(tmp_path, "networkmanager", [GIVEN, OTHER])
    done = []

    def fails(what, path):
        done.append(path)
        return (path.startswith("/etc") and done.count(path) > 1) or (path == MANIFEST and len(done) > 2)

    system.fails = fails
    with pytest.raises(NodeError, match=r"not all of it: /etc/NetworkManager\S+ could not be") as caught:
        change(system, OTHER, tried=False)
    assert caught.value.changed is True
    system.fails = None
    assert run(system, **OTHER)["changed"] is True


def test_a_route_that_the_kernel_refuses_takes_the_others_back_in_one_step_too(tmp_path):
    system = System(tmp_path)
    before = state(system)
    system.refuse_route = "fd01::/64"
    with pytest.raises(NodeError, match=r"Network is unreachable.*The change was rolled back: the routes"):
        run(system, **GIVEN)
    assert state(system) == before


def test_a_manager_that_refuses_the_file_gets_the_old_one_back(tmp_path):
    system = prepared(tmp_path, "networkmanager", [GIVEN, OTHER])
    before = state(system)
    system.refuse_load = True
    with pytest.raises(NodeError, match="The change was rolled back"):
        run(system, **OTHER)
    system.refuse_load = ""
    assert state(system) == before


def test_a_look_that_fails_before_the_confirmation_rolls_the_change_back(tmp_path):
    system = System(tmp_path)
    before = state(system)
    token = run(system, **GIVEN, confirm_timeout=30)["awaiting_confirmation"]["token"]
    system.put(MANIFEST, "[")
    with pytest.raises(NodeError, match=r"is damaged.*The node rolled back the whole change"):
        run(system, **GIVEN, confirm_timeout=30, confirm=token)
    assert state(system)["kernel"] == before["kernel"]


@pytest.mark.parametrize("value", [-5, -1, 3601, 100000])
def test_confirm_timeout_has_bounds(tmp_path, value):
    system = System(tmp_path)
    before = system.everything()
    with pytest.raises(NodeError, match=f"confirm_timeout is {value}: give a number of seconds from 1 to 3600, or 0"):
        run(system, **GIVEN, confirm_timeout=value)
    with pytest.raises(NodeError, match="confirm_timeout is"):
        run(system, state="absent", confirm_timeout=value)
    assert system.everything() == before
