# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 before and after every system call that writes, against a real kernel; and two runs at the same time.

The run is a process of its own that kills itself at its n-th boundary, for every n. Whatever it leaves, its timer does
its work, the next run ends in the right state, and a reset leaves nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# What changes the disk or starts a program. Reading is left out: dying there is dying at the boundary before it.
CALLS = ("rename", "unlink", "rmdir", "mkdir", "symlink", "fsync", "fchmod", "chmod", "fchown")
MANAGERS = {"ifupdown": "etc/network/if-up.d/ack-edge", "systemd_unit": "etc/systemd/system/ack-edge-routes.service"}

FIRST = {"routes": ["100.103.99.73/32", {"destination": "100.118.28.0/24", "comment": "oss"}, "100.120.0.0/16"]}
SECOND = {"routes": ["100.103.99.73/32", {"destination": "100.118.28.0/24", "mtu": 1400}, "100.121.0.0/16"]}
ABSENT = {"state": "absent"}
FOREIGN = ("198.51.100.0/24", "via", "10.99.0.1", "dev", "idc0")


class Boundary:
    """Counts what writes, and kills the process at the ``end``-th boundary."""

    def __init__(self, end):
        self.end, self.count = end, 0

    def here(self):
        self.count += 1
        if self.count == self.end:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, call):
        """A boundary before a call. What it leaves is what stands at the boundary before the next one."""

        def wrapped(*arguments, **named):
            self.here()
            return call(*arguments, **named)

        return wrapped

    def around(self, call):
        """A boundary behind a call too: a program that was started goes on while its starter dies."""

        def wrapped(*arguments, **named):
            result = self.before(call)(*arguments, **named)
            self.here()
            return result

        return wrapped


def killed_at(host, number, run):
    """Run in a process that dies at boundary ``number``; return False if the run ended before it."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            boundary = Boundary(number)
            for name in CALLS:
                setattr(os, name, boundary.before(getattr(os, name)))
            subprocess.Popen = boundary.around(subprocess.Popen)
            run()
            code = 0
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the run failed instead of ending or being killed"
    return os.WIFSIGNALED(status)


def both(host, given, seconds):
    """Run the module and confirm, as its action does."""
    first = host.run(**given, confirm_timeout=seconds)
    awaiting = first.get("awaiting_confirmation")
    if awaiting:
        host.run(**given, confirm_timeout=seconds, confirm=awaiting["token"])


def time_passes(host):
    """Let every timer that was started or should have been do its work now."""
    for script in (host.root / "run/ack_edge/routes").glob("*.take-back.*"):
        host.node.check(["/bin/sh", str(script), "0"])


@pytest.fixture(params=MANAGERS)
def managed(request, host):
    if request.param == "systemd_unit":
        (host.root / "run/network/ifstate").unlink()
        # systemd is there, and does not run here: nobody is told to read the unit.
        host.backend = {"backend": "systemd_unit"}
    else:
        host.backend = {}
    host.file = host.root / MANAGERS[request.param]
    return host


def snapshot(host):
    """Return every file and route but the directories that exist on any system."""
    files = {}
    for path in sorted(host.root.rglob("*")):
        name = str(path.relative_to(host.root))
        if path.is_file() and not name.startswith("run/lock") and name != "run/ack_edge/lock":
            files[name] = path.read_text()
    return files, host.routes()


@pytest.mark.parametrize(
    ("runs", "seconds"),
    [([FIRST], 0), ([FIRST], 600), ([FIRST, SECOND], 0), ([FIRST, SECOND], 600), ([FIRST, ABSENT], 600)],
    ids=["fresh", "fresh, confirmed", "change", "change, confirmed", "absent, confirmed"],
)
def test_every_boundary(managed, runs, seconds):
    host = managed
    host.ip("route", "add", *FOREIGN)
    clean = snapshot(host)

    def prepare():
        for given in runs[:-1]:
            host.run(**given, **host.backend)

    def the_run():
        both(host, {**runs[-1], **host.backend}, seconds)

    prepare()
    the_run()
    expected = snapshot(host)
    host.run(**ABSENT)
    assert snapshot(host) == clean
    number, killed = 0, True
    while killed:
        number += 1
        prepare()
        killed = killed_at(host, number, the_run)
        time_passes(host)
        the_run()
        assert snapshot(host) == expected, f"killed at boundary {number}"
        host.run(**ABSENT)
        assert snapshot(host) == clean, f"killed at boundary {number}, then taken back"
    print(f"{number - 1} boundaries")
    assert number > 20


def test_killed_and_then_taken_back_at_once(managed):
    """The next run is not the same one again but the reset."""
    host = managed
    host.ip("route", "add", *FOREIGN)
    clean = snapshot(host)
    number, killed = 0, True
    while killed:
        number += 1
        host.run(**FIRST, **host.backend)
        killed = killed_at(host, number, lambda: both(host, {**SECOND, **host.backend}, 600))
        time_passes(host)
        host.run(**ABSENT)
        assert snapshot(host) == clean, f"killed at boundary {number}"
    assert number > 20


def test_two_runs_at_once_end_as_one_after_the_other(managed):
    host = managed
    outcomes = []
    for _round in range(5):
        children = []
        for given in (FIRST, SECOND):
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    both(host, {**given, **host.backend}, 600)
                    code = 0
                finally:
                    os._exit(code)
            children.append(child)
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        found = snapshot(host)
        alone = []
        for given in (FIRST, SECOND):
            host.run(**given, **host.backend)
            alone.append(snapshot(host))
        assert found in alone
        outcomes.append(alone.index(found))
        host.run(**ABSENT)
    assert host.routes() == []


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_the_node_takes_back_by_itself_what_nobody_confirms(managed):
    host = managed
    host.run(**FIRST, **host.backend)
    before = snapshot(host)
    result = host.run(**SECOND, **host.backend, confirm_timeout=1)
    assert host.routes() != before[1]
    assert wait_until(lambda: snapshot(host) == before, 5)
    with pytest.raises(NodeError, match="rolled back the route change"):
        host.run(**SECOND, **host.backend, confirm=result["awaiting_confirmation"]["token"])
    assert snapshot(host) == before


def test_another_run_waits_for_the_unconfirmed_change_of_a_dead_controller(managed):
    host = managed
    host.run(**FIRST, **host.backend, confirm_timeout=1)
    host.run(**SECOND, **host.backend)
    assert host.run(**SECOND, **host.backend)["changed"] is False
    assert ("100.120.0.0/16", "10.99.0.253", "idc0", 0, "main") not in host.routes()


def test_a_route_that_was_taken_over_comes_back_as_it_was(managed):
    host = managed
    host.ip("route", "add", "100.118.28.0/24", "via", "10.99.0.1", "dev", "idc0", "metric", "9", "mtu", "1300", "src",
            "10.99.0.11")  # fmt: skip
    host.ip("route", "add", "100.120.0.0/16", "via", "10.99.0.2", "proto", "static")
    before = host.ip("-d", "route", "show", "table", "all")
    host.run(**FIRST, **host.backend, takeover=True)
    assert host.run(**FIRST, **host.backend)["changed"] is False
    assert [row[1] for row in host.routes()] == ["10.99.0.253"] * 3
    host.run(**ABSENT)
    assert host.ip("-d", "route", "show", "table", "all") == before
