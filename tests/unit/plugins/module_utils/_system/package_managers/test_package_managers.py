# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import apt, base, registry

APT = apt.Apt()


class Script:
    """Answers every command alike and remembers it."""

    def __init__(self, root, rc=0, out="", err=""):
        self.answer, self.ran = (rc, out, err), []
        self.node = Node(runner=self.run, root=str(root))

    def run(self, argv, stdin=None, timeout=60):
        self.ran.append((argv, timeout))
        return Completed(argv, *self.answer)


def test_apt_asks_nothing_and_touches_nothing_of_the_site(tmp_path):
    script = Script(tmp_path)
    APT.install(script.node, ["socat"], alone=False)
    argv, timeout = script.ran[0]
    assert argv[:4] == ["env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_SUSPEND=1", "apt-get"]
    assert {"--assume-yes", "--no-install-recommends", "Dpkg::Options::=--force-confold"} < set(argv)
    assert argv[-2:] == ["install", "socat"]
    assert timeout == base.TIMEOUT


def test_what_apt_would_take_away(tmp_path):
    out = (
        "Reading...\nRemv systemd-timesyncd [252.6-1]\nInst chrony (4.3-2 Debian:12 [amd64])\nRemv ntp [1] [chrony ]\n"
    )
    script = Script(tmp_path, out=out)
    assert APT.preview(script.node, ["chrony"], alone=False) == (["systemd-timesyncd", "ntp"], [])
    assert "--simulate" in script.ran[0][0]


def test_a_package_that_was_removed_but_not_purged_is_absent(tmp_path):
    script = Script(tmp_path, rc=1, out="config-files chrony\ninstalled socat\n")
    assert APT.absent(script.node, ["chrony", "socat", "cron"]) == ["chrony", "cron"]
    assert APT.absent(script.node, []) == []
    assert len(script.ran) == 1


@pytest.mark.parametrize(("there", "program"), [(["dnf", "yum"], "dnf"), (["yum"], "yum"), ([], "yum")])
def test_dnf_or_yum(tmp_path, there, program):
    (tmp_path / "usr/bin").mkdir(parents=True)
    for name in there:
        (tmp_path / "usr/bin" / name).touch(mode=0o755)
    script = Script(tmp_path)
    manager = registry.of(script.node, "redhat")
    manager.install(script.node, ["socat"], alone=False)
    manager.install(script.node, ["/a/socat.rpm"], alone=True)
    (first, _seconds), (second, _seconds) = script.ran
    assert (first[0], first[-2:]) == (program, ["install", "socat"])
    assert ("--setopt=install_weak_deps=False" in first) == (program == "dnf")
    assert "--disablerepo=*" not in first
    assert "--disablerepo=*" in second


@pytest.mark.parametrize(
    ("out", "err", "said"),
    [
        ("Reading\n", "W: old\nE: Unable to locate package a\n", "E: Unable to locate package a"),
        ("", "Error: Unable to find a match: a\n", "Error: Unable to find a match: a"),
        ("No package a available.\n", "Error: Nothing to do\n", "Error: Nothing to do; No package a available."),
        ("one\ntwo\n", "", "one; two"),
        ("", "", "it ended with status 3 and no message"),
    ],
)
def test_what_a_package_manager_says(tmp_path, out, err, said):
    with pytest.raises(NodeError) as caught:
        APT.install(Script(tmp_path, 3, out, err).node, ["a"], alone=False)
    assert str(caught.value) == said


def test_another_package_manager_is_waited_for(tmp_path):
    time = [0]

    def sleep(seconds):
        time[0] += seconds

    held = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (unattended-upgr)\n"
    script = Script(tmp_path, 100, "", held)
    done = apt.patient(script.node, [*apt._GET, "update"], clock=lambda: time[0], sleep=sleep)
    assert (done.rc, time[0], len(script.ran)) == (100, 300, 101)
    script = Script(tmp_path, 100, "", "E: Unable to locate package a\n")
    assert apt.patient(script.node, [*apt._GET, "update"], clock=lambda: 0, sleep=sleep).rc == 100
    assert len(script.ran) == 1
