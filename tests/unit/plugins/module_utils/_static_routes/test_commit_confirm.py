# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that awaits its confirmation: who removes the script decides, and nobody else changes routes meanwhile."""

from __future__ import annotations

import subprocess

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.commit_confirm import Pending

UNDO = {4: ["route del 100.1.0.0/16 via 10.99.0.253"], 6: ["route replace fd01::/64 via fd00:99::1"]}


class World:
    """A node with a clock that only sleeping moves, and a log of what was run."""

    def __init__(self, root, systemd=False):
        self.now, self.log, self.root = 1000.0, [], root
        (root / "run/lock").mkdir(parents=True)
        if systemd:
            (root / "run/systemd/system").mkdir(parents=True)
        self.unit_rc = 0

    def run(self, argv, stdin=None, timeout=None):
        self.log.append(argv)
        return Completed(argv, self.unit_rc if argv[0] == "systemd-run" else 0, "", "")

    def sleep(self, seconds):
        self.now += seconds

    def pending(self, name="ack-edge"):
        return Pending(Node(self.run, str(self.root)), name, lambda: self.now, self.sleep)

    def script(self):
        (found,) = (self.root / "run/ack_edge/routes").glob("*.take-back.*")
        return found


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_what_was_begun_is_kept_by_whom_it_waits_for(world):
    pending = world.pending()
    pending.begin("0a", {"routes": [1]}, UNDO, 30)
    assert pending.load() == {"routes": [1]}
    assert (pending.awaits("0a"), pending.awaits("0b"), pending.awaits(""), pending.awaits(None)) == (
        True,
        *[False] * 3,
    )
    assert (pending.keep("0b"), pending.keep("0a"), pending.keep("0a")) == (False, True, False)
    assert pending.load() == {"routes": [1]}  # until the manifest has it
    pending.forget()
    assert pending.load() == {}
    assert not (world.root / "run/ack_edge/routes").exists()


def test_a_session_that_ends_does_not_take_the_timer_along(tmp_path):
    world = World(tmp_path, systemd=True)
    world.pending().begin("0a", {}, UNDO, 30)
    assert [argv[0] for argv in world.log] == ["systemd-run"]
    assert world.log[0][-1].endswith("/run/ack_edge/routes/ack-edge.take-back.0a")
    world.unit_rc = 1
    world.pending().begin("0b", {}, UNDO, 30)
    assert [argv[0] for argv in world.log] == ["systemd-run", "systemd-run", "/bin/sh"]


def test_the_script_undoes_once_and_only_if_it_is_still_there(world, tmp_path):
    """The script itself, run by a shell, with an ip that writes down what it is told."""
    world.pending().begin("0a", {}, UNDO, 30)
    (tmp_path / "ip").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/log\ncat >> {tmp_path}/log\n')
    (tmp_path / "ip").chmod(0o755)
    text = world.script().read_text()
    copy = tmp_path / "copy"
    copy.write_text(text.replace("PATH=", f"PATH={tmp_path}:"))
    for _twice in range(2):
        subprocess.run(["/bin/sh", copy, "0"], check=True)
    assert (tmp_path / "log").read_text().splitlines() == [
        "-4 -force -batch -",
        *UNDO[4],
        "-6 -force -batch -",
        *UNDO[6],
    ]
    assert not (tmp_path / "run/ack_edge").exists()


def test_another_run_waits_until_the_change_is_decided(world):
    world.pending("site").begin("0a", {}, UNDO, 30)
    other = world.pending()
    moments = []

    def sleep(seconds):
        moments.append(world.now)
        world.now += seconds
        if world.now > 1010:
            world.pending("site").keep("0a")

    other._sleep = sleep
    with other.turn():
        assert 1010 < world.now < 1011
    assert moments


def test_a_script_that_never_ran_is_run_by_who_comes_later(world):
    world.pending("site").begin("0a", {}, UNDO, 30)
    script = world.script()
    ran = []

    def run(argv, stdin=None, timeout=None):
        if argv == ["/bin/sh", str(script), "0"]:
            ran.append(world.now)
            script.unlink()
        return Completed(argv, 0, "", "")

    other = Pending(Node(run, str(world.root)), "ack-edge", lambda: world.now, world.sleep)
    with other.turn():
        assert [round(moment) for moment in ran] == [1035]


def test_a_damaged_journal_is_an_error_that_names_it(world):
    world.pending().begin("0a", {}, UNDO, 30)
    (world.root / "run/ack_edge/routes/ack-edge.json").write_text("[")
    with pytest.raises(NodeError, match=r"/run/ack_edge/routes/ack-edge\.json is damaged"):
        world.pending().load()


def test_what_a_killed_run_left_half_written_keeps_nobody_waiting(world):
    directory = world.root / "run/ack_edge/routes"
    directory.mkdir(parents=True)
    for name in (".ack_edge-ack-edge.json", ".ack_edge-ack-edge.take-back.0a"):
        (directory / name).write_text("half")
    with world.pending().turn():
        assert world.now == 1000
    world.pending().forget()
    assert not directory.exists()


def test_what_was_kept_can_still_be_given_up(world):
    pending = world.pending()
    pending.begin("0a", {}, UNDO, 30)
    script = world.script()
    assert pending.keep("0a")
    assert not script.exists()
    assert pending.undecided() == {}
    pending.give_up("0a")
    assert script.exists()  # the shell is a fake here
    assert world.log[-1] == ["/bin/sh", str(script), "0"]
    assert pending.keep("0a")
    pending.forget()
    assert not (world.root / "run/ack_edge/routes").exists()


@pytest.mark.parametrize("name", ["x.take-back.0", "x.take-back.0a", "take-back.0", "x.json", "x.kept.0a"])
def test_the_journal_of_a_set_of_any_name_is_a_journal(world, name):
    """It was taken for a script of the set x, and run by sh."""
    for pending in (world.pending(name), world.pending("x")):
        pending.begin("0a", {}, UNDO, 30)
    assert set(world.pending().undecided()) == {name, "x"}
    for pending in (world.pending(name), world.pending("x")):
        pending.keep("0a")
    world.log.clear()
    with world.pending().turn():
        assert world.now == 1000
    assert world.log == []
    world.pending("x").forget()
    assert world.pending(name).load() == {}
    assert (world.root / f"run/ack_edge/routes/{name}.json").exists()
    world.pending(name).forget()
    assert not (world.root / "run/ack_edge/routes").exists()


def test_another_run_does_not_wait_for_ever(world):
    world.pending("site").begin("0a", {}, UNDO, 3600)
    with pytest.raises(
        NodeError, match=r"route set 'site' .* confirmation for another 3485 seconds.* run again after that"
    ):
        world.pending().turn().__enter__()
    assert 1120 <= world.now < 1121


def test_changes_that_follow_one_another_do_not_hold_a_run_up_for_ever(world):
    world.pending("site").begin("0", {}, UNDO, 100)
    other = world.pending()

    def sleep(seconds):
        world.now += 20
        world.pending("site").keep(f"{round((world.now - 1020) / 20):x}")
        world.pending("site").begin(f"{round((world.now - 1000) / 20):x}", {}, UNDO, 100)

    other._sleep = sleep
    with pytest.raises(NodeError, match="awaits its confirmation"):
        other.turn().__enter__()
    assert world.now <= 1140


@pytest.mark.parametrize("text", ['{"token": "0a", "until": "x", "content": {}}', '{"token": "0a", "until": 5}', "[1]"])
def test_a_journal_of_another_form_is_damaged(world, text):
    world.pending().begin("0a", {}, UNDO, 30)
    (world.root / "run/ack_edge/routes/ack-edge.json").write_text(text)
    with pytest.raises(NodeError, match="is damaged"):
        world.pending().undecided()


def test_what_cannot_be_begun_leaves_nothing(world):
    def run(argv, stdin=None, timeout=None):
        return Completed(argv, 1, "", "no shell")

    pending = Pending(Node(run, str(world.root)), "ack-edge", lambda: world.now, world.sleep)
    with pytest.raises(NodeError, match="no shell"):
        pending.begin("0a", {}, UNDO, 30)
    assert not (world.root / "run/ack_edge/routes").exists()
