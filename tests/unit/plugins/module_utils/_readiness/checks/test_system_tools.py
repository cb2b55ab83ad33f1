# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import system_tools

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


DISPLACING = TOOLS[1] | {
    "alternatives": [{"name": "ntpdate", "commands": ["ntpdate"], "packages": {"debian": ["ntpdate"]}}],
    "displaces": {"debian": ["ntpd"]},
}


def test_what_would_take_another_service_away_is_not_installed(world):
    assert check(world, [DISPLACING])["data"]["missing_packages"] == ["chrony"]
    world.file("/usr/sbin/ntpd")
    found = check(world, [DISPLACING])
    assert found["data"]["missing_packages"] == ["ntpdate"]
    assert "ntpdate instead of chrony, which would remove the package of ntpd" in found["remedy"]
    assert check(world, [DISPLACING | {"alternatives": []}])["data"]["missing_packages"] == []


def test_a_system_may_have_a_name_of_its_own_for_a_package(world):
    tool = {"name": "a", "commands": ["a"], "packages": {"debian": ["old"], "debian-13": ["new"], "redhat": ["el"]}}
    for version, packages in (("12", ["old"]), ("13", ["new"])):
        world.file("/etc/os-release", f'ID=debian\nVERSION_ID="{version}"\n')
        assert check(world, [tool])["data"]["missing_packages"] == packages


DPKG = "dpkg-query --show --showformat ${db:Status-Status} ${Package}\\n "


def test_a_package_that_is_there_without_its_command_is_named(world):
    """A package manager would say that there is nothing to do."""
    world.commands[DPKG + "net-tools"] = (0, "installed net-tools\n")
    world.commands[DPKG + "chrony"] = (0, "config-files chrony\n")
    found = check(world, TOOLS[:2])
    assert found["data"]["broken_packages"] == ["net-tools"]
    assert found["data"]["missing_packages"] == ["chrony"]
    assert found["remedy"] == (
        "reinstall net-tools: the package is installed, but its files are missing; "
        "run prepare_edge.yml, or install chrony"
    )
    assert check(world, TOOLS[:1])["remedy"].endswith("are missing")


def test_a_package_of_several_that_is_there_does_not_make_a_tool_broken(world):
    world.file("/etc/os-release", 'ID="almalinux"\nID_LIKE="rhel centos fedora"\n')
    world.commands["rpm --query --whatprovides crontabs"] = (0, "crontabs-1.11\n")
    assert check(world, TOOLS[2:])["data"]["missing_packages"] == ["cronie"]
    world.commands["rpm --query --whatprovides cronie"] = (0, "cronie-1.5\n")
    found = check(world, TOOLS[2:])["data"]
    assert (found["missing_packages"], found["broken_packages"]) == ([], ["crontabs", "cronie"])


def test_elsewhere_both_can_be_installed(world):
    world.file("/usr/sbin/ntpd")
    world.file("/etc/os-release", 'ID="almalinux"\nID_LIKE="rhel centos fedora"\n')
    assert check(world, [DISPLACING])["data"]["missing_packages"] == ["chrony"]


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
