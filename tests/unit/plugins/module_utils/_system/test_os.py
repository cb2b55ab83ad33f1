# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An operating system is one row, a package manager one class in the registry: nothing else has to be touched."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import os_support, system_tools
from ansible_collections.ack_edge.node.plugins.module_utils._system import os
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import registry
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import (
    PackageFile,
    PackageManager,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import run as tools_run
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import run as time_run
from fakes.chrony import EL_CONF, TimeWorld
from fakes.packages import TOOLS, PackageWorld
from fakes.readiness import World

RELEASE = 'ID=dummy\nNAME="Dummy Linux"\nVERSION_ID="3.1"\nPRETTY_NAME="Dummy Linux 3.1"\n'
CHRONY = os.Chrony("/etc/time/chrony.conf", "/etc/time/ack-edge.conf", None, (), ("time.service",))
TOOL_PARAMS = {
    "system_tools": [{**tool, "packages": {"dummies": [tool["name"]]}} for tool in TOOLS[:1]],
    "state": "present",
    "source": "repository",
    "url": None,
    "checksum": None,
    "archive": None,
}


class Dummy(PackageManager):
    """A package manager that brings everything by one command."""

    FAMILY, PROGRAM, SUFFIX = "dummies", "dummy-get", ".dummy"

    def absent(self, node, names):
        return [name for name in names if not node.exists(f"/usr/bin/{name}")]

    def installed(self, node):
        return set(node.listdir("/usr/bin"))

    def install(self, node, wanted, alone):
        for name in wanted:
            node.write(f"/usr/bin/{name}", "", mode=0o755)

    def repositories(self, node):
        return "none"

    def files(self, node, paths):
        return [PackageFile(path, "socat", "any", set(), []) for path in paths]


@pytest.fixture
def added(monkeypatch):
    """Add what a developer would add: a row, and a line in the registry."""
    row = os.System("dummy", "dummies", "Dummy OS", CHRONY, {"3.1": {"fresh_keywords": ("rtcsync",)}})
    monkeypatch.setattr(os, "SYSTEMS", (*os.SYSTEMS, row))
    monkeypatch.setattr(registry, "MANAGERS", (*registry.MANAGERS, Dummy()))


@pytest.mark.usefixtures("added")
def test_a_new_system_is_known_to_readiness(tmp_path):
    world = World(tmp_path)
    world.file("/etc/os-release", RELEASE)
    row = {"arch": "amd64", "system": "Dummy OS", "version": "3.1", "cluster_min": "1.20"}
    found = os_support.run(world.facts, {"os_support": [row], "cluster_version": "1.30"})
    assert found["status"] == "pass"
    assert found["summary"].startswith("Dummy OS 3.1 (amd64")
    found = system_tools.run(world.facts, {"system_tools": TOOL_PARAMS["system_tools"]})
    assert (found["data"]["family"], found["data"]["missing_packages"]) == ("dummies", ["socat"])


@pytest.mark.usefixtures("added")
def test_time_sync_keeps_the_clock_of_a_new_system(tmp_path):
    world = TimeWorld(tmp_path, "redhat")
    world.conf_path, world.unit = CHRONY.conf, CHRONY.units[0]
    world.install(EL_CONF)
    world.file("/etc/os-release", RELEASE)
    params = {"servers": ["ntp1.site"], "state": "present", "verify_only": False, "max_offset": 1.0, "wait": 0}
    before = world.files()
    assert time_run.run(world.node, params, False)["failed_checks"] == []
    assert "server ntp1.site iburst" in world.text(CHRONY.own)
    assert time_run.run(world.node, {**params, "state": "absent"}, False)["changed"]
    assert world.files() == before


@pytest.mark.usefixtures("added")
def test_system_tools_installs_with_a_new_package_manager(tmp_path):
    world = PackageWorld(tmp_path)
    world.file("/etc/os-release", RELEASE)
    predicted = tools_run.run(world.node, TOOL_PARAMS, True)
    found = tools_run.run(world.node, TOOL_PARAMS, False)
    assert (found["changed"], found["failed_checks"], found["diff"]) == (True, [], predicted["diff"])
    assert not tools_run.run(world.node, TOOL_PARAMS, False)["changed"]


@pytest.mark.usefixtures("added")
def test_a_new_package_manager_tells_the_family_of_an_unknown_system(tmp_path):
    world = PackageWorld(tmp_path, "ID=plan9\n")
    (tmp_path / "usr/bin/dnf").unlink()
    world.file("/usr/bin/dummy-get")
    assert os.family(world.node) == "dummies"


def test_a_system_without_a_row_is_one_clear_error(tmp_path):
    world = PackageWorld(tmp_path, "ID=plan9\n")
    (tmp_path / "usr/bin/dnf").unlink()
    with pytest.raises(NodeError) as caught:
        os.family(world.node)
    assert str(caught.value) == (
        "the ID of the system is 'plan9' in /etc/os-release, and it has none of dnf, yum and apt-get; expected a "
        "system of the Debian or Red Hat family"
    )


@pytest.mark.parametrize(
    ("release", "family"),
    [
        ("ID=debian\n", "debian"),
        ("ID=Ubuntu\n", "debian"),
        ('ID="alinux"\n', "redhat"),
        ('ID=kylin\nID_LIKE="debian"\n', "debian"),
        ("ID=uos\n", "redhat"),  # its package manager tells, dnf here
        ('ID=other\nID_LIKE="x centos"\n', "redhat"),
    ],
)
def test_the_family_of_a_system(tmp_path, release, family):
    world = PackageWorld(tmp_path, "ID=plan9\n")
    world.file("/etc/os-release", release)
    assert os.family(world.node) == family


def test_where_chrony_of_a_family_keeps_its_configuration_may_not_be_known():
    with pytest.raises(NodeError, match="systems of the family others is unknown"):
        os.chrony("others", {"ID": "x"})
    assert os.chrony("debian", {"ID": "uos", "VERSION_ID": "20"}).fresh_confdir is None
