# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
import errno
import fcntl
import os
import sys
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _node
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError


@pytest.fixture
def node(tmp_path):
    return Node(root=str(tmp_path))


def scripted(rc, out="", err=""):
    return Node(runner=lambda argv, stdin, timeout: Completed(argv, rc, out, err))


def test_command_runs_without_a_shell_in_the_c_locale():
    script = "import os, sys; print(sys.argv[1], os.environ['LC_ALL'], sys.stdin.read())"
    done = _node.run_command([sys.executable, "-c", script, "a;b"], stdin="in")
    assert (done.rc, done.out) == (0, "a;b C in\n")


def test_missing_program_is_rc_127_as_in_a_shell():
    assert _node.run_command(["/no/such/program"]).rc == 127


def test_command_that_hangs_is_an_error():
    with pytest.raises(NodeError, match=r"did not end within 0\.05 seconds"):
        _node.run_command([sys.executable, "-c", "import signal; signal.pause()"], timeout=0.05)


def test_check_names_command_status_and_words():
    with pytest.raises(NodeError, match="'ip route' ended with status 2 and said: no such thing"):
        scripted(2, err="no such thing\n").check(["ip", "route"])


def test_write_and_read_keep_every_byte(node):
    text = "a\r\nb\udcff\n"
    node.write("/etc/new/file", text)
    assert node.read("/etc/new/file") == text
    with open(node.path("/etc/new/file"), "rb") as handle:
        assert handle.read() == b"a\r\nb\xff\n"


def test_write_keeps_permissions_and_follows_links(node, tmp_path):
    (tmp_path / "kept").write_text("old")
    (tmp_path / "kept").chmod(0o640)
    (tmp_path / "link").symlink_to("kept")
    node.write("/link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "kept").read_text() == "new"
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o640


def test_new_file_has_the_mode_asked_for_whatever_the_umask(node):
    before = os.umask(0o077)
    try:
        node.write("/a/b", "x", mode=0o644)
    finally:
        os.umask(before)
    assert os.stat(node.path("/a/b")).st_mode & 0o777 == 0o644
    assert os.stat(node.path("/a")).st_mode & 0o777 == 0o755


def test_full_disk_leaves_the_old_file_and_nothing_else(node, tmp_path, monkeypatch):
    node.write("/file", "old")

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_node.os, "fsync", full)
    with pytest.raises(NodeError, match="/file cannot be written: No space left on device"):
        node.write("/file", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert node.read("/file") == "old"


def test_what_is_not_there(node):
    assert node.read("/none") is None
    assert node.listdir("/none") == []
    assert node.exists("/none") is False
    assert node.remove("/none") is False


def test_remove(node):
    node.write("/d/file", "x")
    node.remove_empty_directory("/d")
    assert node.exists("/d/file")
    assert node.remove("/d/file") is True
    node.remove_empty_directory("/d")
    assert not node.exists("/d")


def test_second_run_waits_for_the_lock_and_then_says_so(node, tmp_path):
    now = [0.0]

    def sleep(seconds):
        now[0] += seconds

    with node.lock(), pytest.raises(NodeError, match=r"another run of ack_edge\.node"):
        with node.lock(timeout=5, clock=lambda: now[0], sleep=sleep):
            pass
    assert now[0] >= 5
    with node.lock(timeout=0):
        pass


def test_lock_is_free_after_a_run_that_was_killed(node):
    with node.lock():
        pass
    with open(node.path(_node.LOCK_FILE), "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_ssh_peer_is_found_behind_sudo(tmp_path):
    me, sudo, shell = os.getpid(), 4001, 4000
    for pid, parent, environment in (
        (me, sudo, b"PATH=/bin\0"),
        (sudo, shell, b"SUDO_USER=ops\0"),
        (shell, 1, b"LANG=C\0SSH_CONNECTION=192.0.2.7 51000 192.0.2.8 22\0"),
    ):
        directory = tmp_path / str(pid)
        directory.mkdir()
        (directory / "environ").write_bytes(environment)
        (directory / "stat").write_bytes(b"%d (a) name) S %d 1 1" % (pid, parent))
    assert _node.ssh_peers(str(tmp_path)) == ["192.0.2.7"]


def test_no_ssh_peer_without_ssh(tmp_path):
    assert _node.ssh_peers(str(tmp_path)) == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("", "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"),
        (":.:bin:/opt/bin::/usr/bin:../x", "/usr/sbin:/usr/bin:/sbin:/bin:/opt/bin:/usr/local/sbin:/usr/local/bin"),
    ],
)
def test_no_program_of_the_current_directory_runs(given, wanted):
    assert _node.program_path(given) == wanted


@pytest.mark.parametrize("path", [None, "", ":", ".", "x:"])
def test_a_program_beside_the_run_is_not_found(tmp_path, monkeypatch, path):
    (tmp_path / "no-such-program").write_text("#!/bin/sh\necho hostile\n")
    (tmp_path / "no-such-program").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PATH") if path is None else monkeypatch.setenv("PATH", path)
    assert _node.run_command(["no-such-program"]).rc == 127


def test_a_program_that_cannot_be_run_is_an_error_of_ours():
    with pytest.raises(NodeError, match="cannot be run: Argument list too long"):
        _node.run_command(["true", "x" * (1 << 20)])


def litter(node, *paths):
    for path in paths:
        node.write(path, "x")
        directory, _slash, name = path.rpartition("/")
        os.rename(node.path(path), node.path(f"{directory}/.ack_edge-{name}"))


def test_what_a_killed_run_left_is_no_file_of_a_directory(node):
    litter(node, "/d/a.conf", "/d/b.conf")
    node.write("/d/c.conf", "x")
    node.write("/d/.hidden.conf", "x")
    assert node.listdir("/d") == [".hidden.conf", "c.conf"]
    assert node.glob("/d/*.conf") == ["/d/c.conf"]
    assert node.glob("/d/.*.conf") == ["/d/.hidden.conf"]
    assert node.glob("/*/c.conf") == ["/d/c.conf"]
    node.sweep("/d/a.conf")
    assert sorted(os.listdir(node.path("/d"))) == [".ack_edge-b.conf", ".hidden.conf", "c.conf"]
    node.sweep_directory("/d")
    assert sorted(os.listdir(node.path("/d"))) == [".hidden.conf", "c.conf"]


def test_only_the_node_reads_directories():
    """A reader that asks the system itself would see our temporary files; these read what we never write into."""
    plugins = Path(__file__).parents[4] / "plugins"
    others = {"_node.py", "listener.py", "tls.py", "control.py", "netplan_generator.py", "leftovers.py"}
    words = ("os.listdir", "os.scandir", "os.walk", "import glob", "iterdir(")
    for path in [*plugins.glob("module_utils/**/*.py"), *plugins.glob("modules/*.py")]:
        assert path.name in others or not [word for word in words if word in path.read_text()], path


def failing(monkeypatch, call, number, at=1):
    real, count = getattr(os, call), [0]

    def wrapped(*arguments, **named):
        count[0] += 1
        if count[0] >= at:
            raise OSError(number, os.strerror(number))
        return real(*arguments, **named)

    monkeypatch.setattr(_node.os, call, wrapped)


def test_a_write_that_fails_leaves_no_directory_either(node, tmp_path, monkeypatch):
    failing(monkeypatch, "rename", errno.EROFS)
    with pytest.raises(NodeError, match="it was not changed") as caught:
        node.write("/new/deep/file", "x")
    assert (list(tmp_path.iterdir()), caught.value.changed) == ([], False)
    with pytest.raises(NodeError, match="it was not changed"):
        node.link("/new/deep/link", "x")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_does_not_keep_a_change_is_said_as_that(node, monkeypatch):
    node.write("/file", "old")
    node.write("/other", "x")
    failing(monkeypatch, "fsync", errno.EIO, at=2)  # the file first, then its directory
    with pytest.raises(NodeError, match="/file was written, but the disk may not keep it") as caught:
        node.write("/file", "new")
    assert (node.read("/file"), caught.value.changed) == ("new", True)
    with pytest.raises(NodeError, match="/other was removed, but the disk may not keep it"):
        node.remove("/other")
    assert not node.exists("/other")


def test_a_file_system_that_cannot_sync_directories_is_no_error(node, monkeypatch):
    node.write("/file", "x")
    failing(monkeypatch, "fsync", errno.EINVAL)
    assert node.remove("/file") is True


def test_a_file_of_a_process_that_ended_is_not_there(node, monkeypatch):
    def ended(*_args, **_options):
        raise ProcessLookupError(errno.ESRCH, "No such process")

    monkeypatch.setattr(_node, "open", ended, raising=False)
    assert node.read("/proc/7/comm") is None


def test_a_directory_that_cannot_be_read_is_an_error_of_ours(node, monkeypatch):
    failing(monkeypatch, "listdir", errno.EACCES)
    monkeypatch.setattr(_node.os, "geteuid", lambda: 1000)
    with pytest.raises(NodeError, match=r"/etc cannot be read: Permission denied \(this needs root: become: true\)"):
        node.listdir("/etc")


def test_a_temporary_directory_is_where_it_is_wanted_and_goes(tmp_path):
    with Node(tmpdir=lambda: str(tmp_path)).temporary_directory() as directory:
        assert (os.path.dirname(directory), os.path.isdir(directory)) == (str(tmp_path), True)
    assert list(tmp_path.iterdir()) == []


def test_what_lies_on_a_read_only_file_system(tmp_path):
    """Also where it is not there yet."""
    assert not Node(root=str(tmp_path)).is_read_only("/etc/chrony/conf.d/x.conf")
    mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    read_only = [row[1] for row in mounts if "ro" in row[3].split(",") and Path(row[1]).is_dir()]
    assert all(Node().is_read_only(path + "/not/there") for path in read_only)
