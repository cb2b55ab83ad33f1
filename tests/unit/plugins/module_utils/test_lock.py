# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import fcntl
import os
import stat

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _lock
from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


class Root:
    """A scratch root with a clock that only sleeping moves."""

    def __init__(self, path):
        self.path, self.now = path, 0.0
        (path / "run/lock").mkdir(parents=True)

    def held(self, timeout=5):
        return _lock.held(str(self.path), timeout, lambda: self.now, self.sleep)

    def sleep(self, seconds):
        self.now += seconds

    def take(self):
        with self.held():
            pass


@pytest.fixture
def root(tmp_path):
    return Root(tmp_path)


@pytest.fixture
def opened(root):
    """Return a function that opens a file as somebody else would, and takes its lock."""
    kept = []

    def take(name):
        kept.append(os.open(root.path / name, os.O_RDONLY))
        fcntl.flock(kept[-1], fcntl.LOCK_EX)

    yield take
    for descriptor in kept:
        os.close(descriptor)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_only_root_can_enter_it(root):
    before = os.umask(0)
    try:
        with root.held():
            assert (mode(root.path / "run/ack_edge"), mode(root.path / "run/ack_edge/lock")) == (0o700, 0o600)
    finally:
        os.umask(before)


def test_one_after_the_other(root):
    with (
        root.held(),
        pytest.raises(NodeError, match=r"another run of ack_edge\.node has held /run/ack_edge/lock"),
    ):
        root.take()
    assert root.now >= 5
    root.take()


def test_a_directory_that_an_older_release_made_is_shut(root):
    (root.path / "run/ack_edge/routes").mkdir(parents=True)
    (root.path / "run/ack_edge").chmod(0o755)
    root.take()
    assert mode(root.path / "run/ack_edge") == 0o700


def put_directory_link(root):
    (root.path / "elsewhere").mkdir(mode=0o700)
    (root.path / "run/ack_edge").symlink_to(root.path / "elsewhere")


def put_file(root):
    (root.path / "run/ack_edge").write_text("")


def put_fifo(root):
    os.mkfifo(root.path / "run/ack_edge")


def put_open_directory(root):
    (root.path / "run/ack_edge").mkdir()
    (root.path / "run/ack_edge").chmod(0o777)


def put_directory_of_another(root):
    (root.path / "run/ack_edge").mkdir(mode=0o700)
    os.chown(root.path / "run/ack_edge", 1234, 0)


def own_directory(root):
    (root.path / "run/ack_edge").mkdir(mode=0o700)
    return root.path / "run/ack_edge/lock"


def put_lock_directory(root):
    own_directory(root).mkdir()


def put_lock_fifo(root):
    os.mkfifo(own_directory(root))


def put_lock_link(root):
    own_directory(root).symlink_to(root.path / "nologin")


def put_lock_of_another(root):
    own_directory(root).write_text("")
    os.chown(root.path / "run/ack_edge/lock", 1234, 0)


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (put_directory_link, "/run/ack_edge is not a directory"),
        (put_file, "/run/ack_edge is not a directory"),
        (put_fifo, "/run/ack_edge is not a directory"),
        (put_open_directory, "/run/ack_edge has the mode 0777, so others can write"),
        pytest.param(put_directory_of_another, "/run/ack_edge belongs to the user with the id 1234", marks=AS_ROOT),
        (put_lock_directory, "/run/ack_edge/lock is not a regular file"),
        (put_lock_fifo, "/run/ack_edge/lock is not a regular file"),
        (put_lock_link, "/run/ack_edge/lock is not a regular file"),
        pytest.param(put_lock_of_another, "/run/ack_edge/lock belongs to the user with the id 1234", marks=AS_ROOT),
    ],
)
def test_what_is_not_ours_is_an_error_that_says_what_to_do(root, put, said):
    put(root)
    with pytest.raises(NodeError, match=said + ".*remove it, and run again"):
        root.take()
    assert not (root.path / "nologin").exists()
    assert list((root.path / "elsewhere").glob("*")) == []


def test_any_other_failure_is_an_error_of_ours(root):
    (root.path / "run/lock").rmdir()
    (root.path / "run").rmdir()
    (root.path / "run").write_text("")
    with pytest.raises(NodeError, match="the lock /run/ack_edge/lock cannot be used: File exists"):
        root.take()


def test_a_run_of_an_older_release_is_waited_for(root, opened, monkeypatch):
    monkeypatch.setattr(_lock, "held_by_root", lambda descriptor: True)
    (root.path / "run/lock/ack_edge.lock").write_text("")
    opened("run/lock/ack_edge.lock")
    with pytest.raises(NodeError, match=r"has held /run/lock/ack_edge\.lock for 5 seconds"):
        root.take()


def test_an_older_release_waits_for_a_run(root):
    with root.held(), open(root.path / "run/lock/ack_edge.lock") as handle, pytest.raises(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_nobody_else_can_open_the_lock_of_older_releases_any_more(root):
    (root.path / "run/lock/ack_edge.lock").write_text("")
    root.take()
    assert mode(root.path / "run/lock/ack_edge.lock") == 0o600


def test_somebody_who_holds_the_old_lock_is_not_waited_for(root, opened, monkeypatch):
    monkeypatch.setattr(_lock, "held_by_root", lambda descriptor: False)
    (root.path / "run/lock/ack_edge.lock").write_text("")
    opened("run/lock/ack_edge.lock")
    root.take()
    assert root.now == 0


def put_old(kind):
    def put(root):
        path = root.path / "run/lock/ack_edge.lock"
        if kind == "directory":
            path.mkdir()
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            path.symlink_to(root.path / "nologin")

    return put


@pytest.mark.parametrize("kind", ["directory", "fifo", "link"])
def test_what_stands_in_the_place_of_the_old_lock_stops_nobody(root, kind):
    put_old(kind)(root)
    root.take()
    assert (root.now, (root.path / "nologin").exists()) == (0, False)


@AS_ROOT
def test_an_old_lock_that_another_user_made_stops_nobody(root, opened):
    (root.path / "run/lock/ack_edge.lock").write_text("")
    os.chown(root.path / "run/lock/ack_edge.lock", 1234, 0)
    opened("run/lock/ack_edge.lock")
    root.take()
    assert root.now == 0


def test_whose_lock_it_is(tmp_path):
    with open(tmp_path / "file", "w") as handle:
        status = os.fstat(handle.fileno())
        device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}"
        lines = {
            "own": f"1: FLOCK  ADVISORY  WRITE {os.getpid()} {device}:{status.st_ino} 0 EOF\n",
            "gone": f"1: FLOCK  ADVISORY  WRITE 4194304 {device}:{status.st_ino} 0 EOF\n",
            "waits": f"1: -> FLOCK  ADVISORY  WRITE {os.getpid()} {device}:{status.st_ino} 0 EOF\n",
            "other": f"1: POSIX  ADVISORY  WRITE {os.getpid()} {device}:{status.st_ino} 0 EOF\n",
        }
        for name, line in lines.items():
            (tmp_path / name).write_text(line)
        found = {name: _lock.held_by_root(handle.fileno(), str(tmp_path / name)) for name in [*lines, "none"]}
    assert found == {"own": True, "gone": False, "waits": False, "other": False, "none": False}
