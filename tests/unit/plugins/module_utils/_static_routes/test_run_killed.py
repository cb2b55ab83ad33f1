# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed at any of its changes: the next one, or a reset, leaves what it should."""

from __future__ import annotations

import pytest
from fakes.killed import Killed
from fakes.managers import PROFILE
from fakes.routes import System, run
from fakes.static_routes import (
    GIVEN,
    MANAGERS,
    OTHER,
    RUNS,
    confirmed,
    steps,
)


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS)
def test_a_run_killed_anywhere_is_mended_by_the_next(tmp_path, manager, runs):
    total, expected = steps(tmp_path / "straight", manager, runs)
    assert total >= 5
    for number in range(1, total + 1):
        system = System(tmp_path / str(number), manager)
        system.kernel.append({"dst": "198.51.100.0/24", "gateway": "10.99.0.1", "dev": "idc0", "flags": []})
        for given in runs[:-1]:
            run(system, **given)
        system.changes, system.kill_at = 0, number
        with pytest.raises(Killed):
            run(system, **runs[-1])
        system.kill_at = None
        run(system, **runs[-1])
        found = system.everything()
        found["kernel"] = [entry for entry in found["kernel"] if "198.51.100.0/24" not in entry]
        assert found == expected, f"killed at change {number} of {total}"
        assert "198.51.100.0/24 via 10.99.0.1 dev idc0" in system.routes()
        assert manager != "networkmanager" or system.loaded[-1] == (PROFILE, system.text(PROFILE))


@pytest.mark.parametrize("manager", MANAGERS)
def test_a_run_killed_anywhere_can_be_taken_back(tmp_path, manager):
    total, _expected = steps(tmp_path / "straight", manager, [GIVEN, OTHER])
    clean = steps(tmp_path / "clean", manager, [GIVEN, {"state": "absent"}])[1]
    for number in range(1, total + 1):
        system = System(tmp_path / str(number), manager)
        run(system, **GIVEN)
        system.changes, system.kill_at = 0, number
        with pytest.raises(Killed):
            run(system, **OTHER)
        system.kill_at = None
        run(system, state="absent")
        assert system.everything() == clean, f"killed at change {number} of {total}"


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS)
def test_a_confirmed_run_killed_anywhere_is_mended_by_the_next(tmp_path, monkeypatch, manager, runs):
    """At each change of each of the two executions; where the timer was started, it does its work."""
    total, expected = steps(tmp_path / "straight", manager, runs)
    number = 0
    while True:
        number += 1
        system = System(tmp_path / str(number), manager)
        for given in runs[:-1]:
            run(system, **given)
        system.changes, system.kill_at = 0, number
        try:
            confirmed(system, runs[-1], confirm_timeout=30)
            break
        except Killed:
            system.kill_at = None
        for script in list(system.timers):
            system.take_back(script)
        for script in (system.root / "run/ack_edge/routes").glob("*.take-back.*"):  # killed before it was started
            system.take_back(script)
        confirmed(system, runs[-1], confirm_timeout=30)
        found = system.everything()
        assert found == expected, f"killed at change {number}"
    assert number > total + 2
