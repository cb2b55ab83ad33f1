# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import system_tools

TOOLS = [
    {
        "name": "net-tools",
        "commands": ["ifconfig", "netstat"],
        "alternatives": [],
        "packages": {"debian": ["net-tools"], "redhat": ["net-tools"]},
    },
    {
        "name": "chrony",
        "commands": ["chronyd"],
        "alternatives": [{"name": "ntpdate", "commands": ["ntpdate"]}],
        "packages": {"debian": ["chrony"], "redhat": ["chrony"]},
    },
    {"name": "crontabs", "commands": ["crontab"], "packages": {"debian": ["cron"], "redhat": ["crontabs", "cronie"]}},
]


def check(world, tools=tuple(TOOLS)):
    return system_tools.run(world.facts, {"system_tools": tools})


def test_missing_ones_with_their_packages(world):
    world.file("/usr/sbin/chronyd")
    world.file("/sbin/ifconfig")  # netstat is not there
    found = check(world)
    assert found["status"] == "fail"
    assert found["data"]["missing"] == ["net-tools", "crontabs"]
    assert found["data"]["missing_packages"] == ["net-tools", "cron"]
    assert found["data"]["required"] is True


def test_all_there_with_an_alternative(world):
    for path in ("/sbin/ifconfig", "/bin/netstat", "/usr/sbin/ntpdate", "/usr/bin/crontab"):
        world.file(path)
    found = check(world)
    assert found["status"] == "pass"
    assert found["data"]["missing_packages"] == []


def test_a_file_that_cannot_be_started_does_not_count(world):
    world.file("/usr/bin/crontab", mode=0o644)
    assert check(world, TOOLS[2:])["status"] == "fail"


@pytest.mark.parametrize(
    ("release", "manager", "packages"),
    [
        ('ID="almalinux"\nID_LIKE="rhel centos fedora"\n', None, ["crontabs", "cronie"]),
        ('ID="anolis"\n', None, ["crontabs", "cronie"]),
        ('ID="kylin"\nVERSION_ID="V10"\n', "dnf", ["crontabs", "cronie"]),
        ('ID="uos"\n', "apt-get", ["cron"]),
        ('ID="other"\nID_LIKE="debian"\n', None, ["cron"]),
    ],
)
def test_package_names_of_the_family(world, release, manager, packages):
    world.file("/etc/os-release", release)
    if manager:
        world.file(f"/usr/bin/{manager}")
    assert check(world, TOOLS[2:])["data"]["missing_packages"] == packages


def test_unknown_family_says_so(world):
    world.file("/etc/os-release", 'ID="plan9"\n')
    found = check(world)
    assert found["status"] == "fail"
    assert "'plan9'" in found["summary"]
    assert found["data"]["missing_packages"] == []
    assert "by hand" in found["remedy"]


def test_nothing_given(world):
    assert check(world, [])["status"] == "skipped"
