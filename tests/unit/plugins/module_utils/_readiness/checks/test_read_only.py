# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import read_only

MOUNTS = "/proc/self/mounts"


@pytest.fixture
def whole(world):
    for path in ("/etc/systemd/system/x", "/usr/bin/true", "/var/lib/x", "/var/log/x", "/opt/x", "/etc/passwd"):
        world.file(path)
    return world


def paths(world):
    found = read_only.run(world.facts, {})
    return found["status"], found["data"].get("paths")


def test_a_node_that_can_be_written_to(whole):
    assert paths(whole) == ("pass", [])


@pytest.mark.parametrize(
    ("mounts", "wrong"),
    [
        ("/dev/a / ext4 ro,relatime 0 0\ntmpfs /run tmpfs rw 0 0\n", ["/etc", "/usr", "/var/lib"]),
        ("/dev/a / ext4 rw 0 0\n/dev/b /usr ext4 ro 0 0\n", ["/usr", "/usr/bin"]),
        ("/dev/a / ext4 rw 0 0\n/dev/b /etc ext4 ro,errors=remount-ro 0 0\n", ["/etc", "/etc/systemd/system"]),
        ("/dev/a / ext4 rw 0 0\n/dev/b /var xfs rw 0 0\n/dev/c /var/lib xfs ro 0 0\n", ["/var/lib"]),
        ("/dev/a / ext4 rw 0 0\n/dev/b /var/lib xfs rw 0 0\n/dev/c /var/lib xfs ro 0 0\n", ["/var/lib"]),
    ],
)
def test_what_is_mounted_read_only_fails(whole, mounts, wrong):
    whole.file(MOUNTS, mounts)
    status, found = paths(whole)
    assert status == "fail"
    assert set(wrong) <= set(found)
    assert "/run" not in found


@pytest.mark.parametrize(
    "mounts",
    [
        "/dev/a / ext4 rw,errors=remount-ro 0 0\n/dev/b /boot ext4 ro 0 0\nnone /etcetera tmpfs ro 0 0\n",
        "/dev/a / ext4 rw 0 0\n/dev/sr0 /media/my\\040disk iso9660 ro 0 0\n/dev/loop0 /snap/core/1 squashfs ro 0 0\n",
        "/dev/a / ext4 ro 0 0\n/dev/b / ext4 rw 0 0\n",
    ],
)
def test_others_may_be_read_only(whole, mounts):
    whole.file(MOUNTS, mounts)
    assert paths(whole) == ("pass", [])


@pytest.mark.parametrize("path", ["/var/lib/kubelet", "/var/lib/containerd", "/opt/cni", "/etc/cni", "/usr/local/bin"])
def test_what_the_services_of_a_join_write_to(whole, path):
    whole.file(MOUNTS, f"/dev/a / ext4 rw 0 0\n/dev/b {path} ext4 ro 0 0\n")
    assert paths(whole) == ("pass", [])  # nothing is there to be written to
    whole.file(f"{path}/x")
    assert paths(whole) == ("fail", [path])


def test_a_link_leads_to_the_file_system_that_counts(whole):
    (whole.root / "opt/x").unlink()
    (whole.root / "opt").rmdir()
    (whole.root / "data/opt").mkdir(parents=True)
    (whole.root / "opt").symlink_to("data/opt")
    whole.file(MOUNTS, "/dev/a / ext4 rw 0 0\n/dev/b /data ext4 ro 0 0\n")
    assert paths(whole) == ("fail", ["/opt"])


def test_what_is_immutable(whole):
    asked = "lsattr -d /etc /etc/systemd/system /opt /run /usr /usr/bin /var/lib /var/log /etc/passwd"
    whole.commands[asked] = (0, "--------------e------- /etc\n----i---------e------- /etc/passwd\n")
    status, found = paths(whole)
    assert (status, found) == ("warn", ["/etc/passwd"])
    assert read_only.run(whole.facts, {})["remedy"].startswith("chattr -i /etc/passwd;")
    # One line of them may be an error, where a file system has no attributes.
    whole.commands[asked] = (1, "----i---------e------- /etc\n-------------------I-- /usr\n")
    assert paths(whole) == ("fail", ["/etc"])


def test_a_node_that_does_not_say(whole):
    (whole.root / MOUNTS.lstrip("/")).unlink()
    assert paths(whole)[0] == "unproven"


@pytest.mark.parametrize(
    ("point", "options", "status"),
    [
        ("/opt", "rw,noexec", "warn"),
        ("/var/lib/kubelet", "rw,nodev,noexec", "warn"),
        ("/usr", "rw,nodev", "pass"),
        # What a container starts lies on the overlay above it, and a program of /tmp is nobody's.
        ("/var/lib/containerd", "rw,noexec", "pass"),
        ("/tmp", "rw,noexec", "pass"),
        ("/opt", "ro,noexec", "fail"),
    ],
)
def test_programs_do_not_start_where_noexec_is_set(whole, point, options, status):
    whole.file(f"{point}/x")
    whole.file(MOUNTS, f"/dev/a / ext4 rw 0 0\n/dev/b {point} ext4 {options} 0 0\n")
    found = read_only.run(whole.facts, {})
    assert (found["status"], "noexec" in found["summary"]) == (status, status == "warn")
