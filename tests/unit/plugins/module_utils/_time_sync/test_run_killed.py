# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of time_sync that is killed anywhere is completed by the next one, and so is a reset."""

from __future__ import annotations

import itertools
import os

import pytest
from fakes.chrony import TimeWorld
from fakes.killed import Killed, killed
from fakes.time_sync import KINDS, SYSTEMS, run, with_rivals


@pytest.mark.parametrize(("family", "conf"), SYSTEMS)
def test_killed_at_any_step_the_next_run_mends_it(tmp_path, family, conf):
    for steps in itertools.count():
        world = with_rivals(TimeWorld(tmp_path / str(steps), family, conf))
        files, stands = world.files(), world.stands()
        world.steps_left = steps
        try:
            run(world)
            finished = True
        except Killed:
            finished = False
        world.effective()  # chronyd could start after a crash of the machine here
        world.steps_left = None
        run(world)
        assert "server ntp1.site iburst" in world.running_with
        assert not run(world)["changed"]
        run(world, state="absent")
        assert (world.files(), world.stands()) == (files, stands)
        if finished:
            assert steps > 5
            return


@pytest.mark.parametrize(("family", "conf"), SYSTEMS)
def test_taking_back_can_be_killed_too(tmp_path, family, conf):
    for steps in itertools.count():
        world = with_rivals(TimeWorld(tmp_path / str(steps), family, conf))
        world.units[world.unit].update(active=True, enabled=True)
        files, stands = world.files(), world.stands()
        run(world)
        world.steps_left = steps
        try:
            run(world, state="absent")
            finished = True
        except Killed:
            finished = False
        world.effective()
        world.steps_left = None
        run(world, state="absent")
        assert (world.files(), world.stands()) == (files, stands)
        assert "ntp1.site" not in world.running_with
        if finished:
            return


def killed_run(monkeypatch, world, end, **changes):
    def process(the_process):
        world.boundary = the_process.boundary
        run(world, **changes)

    try:
        return killed(monkeypatch, end, process)
    finally:
        world.boundary = lambda: None


def litter(world):
    return [str(path) for path in world.root.rglob(".ack_edge-*")]


@pytest.mark.parametrize(("family", "conf"), KINDS)
@pytest.mark.parametrize("then", [{}, {"state": "absent"}], ids=["again", "reset"])
def test_killed_within_any_write(tmp_path, monkeypatch, family, conf, then):
    """The next run is right at once, whether it is the same one or the reset, and nothing of ours is left."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # a disk is slow, and this is about what is in its files
    for end in itertools.count():
        world = with_rivals(TimeWorld(tmp_path / str(end), family, conf))
        files, stands = world.files(), world.stands()
        died = killed_run(monkeypatch, world, end)
        if not then:
            found = run(world)
            assert found["failed_checks"] == [], f"killed at boundary {end}"
            assert "server ntp1.site iburst" in world.effective()
            assert not run(world)["changed"]
        run(world, state="absent")
        assert litter(world) == []
        assert (world.files(), world.stands()) == (files, stands), f"killed at boundary {end}"
        if not died:
            assert end > 30
            return


@pytest.mark.parametrize(("family", "conf"), KINDS)
def test_killed_within_any_write_of_a_reset(tmp_path, monkeypatch, family, conf):
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    for end in itertools.count():
        world = with_rivals(TimeWorld(tmp_path / str(end), family, conf))
        files, stands = world.files(), world.stands()
        run(world)
        died = killed_run(monkeypatch, world, end, state="absent")
        run(world, state="absent")
        assert (world.files(), world.stands()) == (files, stands), f"killed at boundary {end}"
        if not died:
            assert end > 10
            return
