# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages of vars/system_tools.yml against what each system publishes, for systems that no test can run."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import system_tools
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import VARS
from fakes.readiness import World

DATA = Path(__file__).parents[2] / "data" / "published_packages.yml"
PUBLISHED: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
SOURCES, SYSTEMS = PUBLISHED["sources"], PUBLISHED["systems"]
TOOLS: list[dict[str, Any]] = yaml.safe_load((VARS / "system_tools.yml").read_text())["system_tools"]["tools"]
OS_SUPPORT: list[dict[str, Any]] = yaml.safe_load((VARS / "os_support.yml").read_text())["os_support"]["rows"]
DEBIAN = [name for name, row in SYSTEMS.items() if row["family"] == "debian"]
REDHAT = [name for name, row in SYSTEMS.items() if row["family"] == "redhat"]
COMMANDS = {command for tool in TOOLS for command in tool["commands"]}


def published(name: str) -> dict[str, Any]:
    """What the system has, or what the system has that it is like."""
    row = SYSTEMS[name]
    return SYSTEMS[row["like"]] if "like" in row else row


def asked(root: Path, name: str, tools: list[dict[str, Any]] = TOOLS, there: tuple[str, ...] = ()) -> list[str]:
    """The packages that the real check would ask for on that system, which has only the commands ``there``."""
    world, row = World(root), SYSTEMS[name]
    (root / "usr/sbin/ip").unlink()
    world.file("/etc/os-release", "".join(f'{key}="{value}"\n' for key, value in row["os_release"].items()))
    for command in (row["manager"], *there):
        world.file(f"/usr/sbin/{command}")
    found = system_tools.run(world.facts, {"system_tools": tools})
    assert (found["status"], found["data"]["family"]) == ("fail", row["family"])
    return found["data"]["missing_packages"]


def unknown(name: str, packages: list[str]) -> set[str]:
    """Those of the packages that the system neither has nor provides."""
    system = published(name)
    return set(packages) - set(system["packages"]) - set(system.get("provided_by", {}))


def brought(name: str, packages: list[str]) -> set[str]:
    """The commands that come with the packages."""
    system = published(name)
    found: set[str] = set()
    for package in packages:
        real = system.get("provided_by", {}).get(package, package)
        for one in (real, system.get("depends", {}).get(real, real)):
            found |= set(system["packages"].get(one, []))
    return found


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_is_asked_for_is_there_and_brings_every_command(name: str, tmp_path: Path) -> None:
    packages = asked(tmp_path, name)
    assert unknown(name, packages) == set()
    assert COMMANDS - brought(name, packages) == set()


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool["name"])
def test_each_tool_alone(tool: dict[str, Any], name: str, tmp_path: Path) -> None:
    """No tool may live from the package of another one: that one may be there already, without what it was to bring."""
    packages = asked(tmp_path, name, [tool])
    assert set(tool["commands"]) - brought(name, packages) == set()


@pytest.mark.parametrize("name", DEBIAN)
def test_a_node_that_serves_time_gets_the_alternative(name: str, tmp_path: Path) -> None:
    packages = asked(tmp_path, name, there=("ntpd",))
    assert "chrony" not in packages
    assert unknown(name, packages) == set()
    assert COMMANDS - {"chronyd", "chronyc"} | {"ntpdate"} == brought(name, packages)


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_alternative_that_is_there_is_enough(name: str, tmp_path: Path) -> None:
    assert "chrony" not in asked(tmp_path, name, there=("ntpdate",))


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_tool_that_is_there_is_not_asked_for(name: str, tmp_path: Path) -> None:
    packages = asked(tmp_path, name, there=("socat", "ebtables"))
    assert not {"socat", "ebtables"} & set(packages)


@pytest.mark.parametrize("name", REDHAT)
def test_names_of_el(name: str, tmp_path: Path) -> None:
    packages = asked(tmp_path, name)
    assert {"crontabs", "cronie"} <= set(packages)
    assert "iproute-tc" not in packages


def test_a_wrong_name_is_found(tmp_path: Path) -> None:
    tools = copy.deepcopy(TOOLS)
    tool = next(tool for tool in tools if tool["name"] == "conntrack-tools")
    tool["packages"]["debian"] = tool["packages"]["redhat"]
    packages = asked(tmp_path, "ubuntu-22.04", tools)
    assert unknown("ubuntu-22.04", packages) == {"conntrack-tools"}
    assert COMMANDS - brought("ubuntu-22.04", packages) == {"conntrack"}


def test_a_name_that_brings_nothing_is_found(tmp_path: Path) -> None:
    tools = copy.deepcopy(TOOLS)
    tool = next(tool for tool in tools if tool["name"] == "crontabs")
    tool["packages"]["redhat"] = ["crontabs"]
    packages = asked(tmp_path, "centos-7", tools)
    assert unknown("centos-7", packages) == set()
    assert COMMANDS - brought("centos-7", packages) == {"crontab"}


def test_a_name_that_a_version_lost_is_found(tmp_path: Path) -> None:
    """Without the name for this version alone, Debian 13 would be asked for a package that it does not have."""
    tools = copy.deepcopy(TOOLS)
    for tool in tools:
        for alternative in tool.get("alternatives", []):
            alternative["packages"].pop("debian-13", None)
    for name, lost in (("debian-12", set()), ("debian-13", {"ntpdate"})):
        assert unknown(name, asked(tmp_path / name, name, tools, there=("ntpd",))) == lost


def test_every_supported_system_is_here() -> None:
    """The vendor names minor versions, for which the names of packages do not change; os-release may lack them."""

    def major(version: str) -> str:
        return version.partition(".")[0]

    supported = {(row["system"], major(version)) for row in OS_SUPPORT for version in row["versions"]}
    here = {(row["matrix"], major(row["os_release"]["VERSION_ID"])) for row in SYSTEMS.values() if row["matrix"]}
    assert here == supported, "vars/os_support.yml and tests/unit/data/published_packages.yml list other systems"


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_row_says_how_it_is_known(name: str) -> None:
    row = SYSTEMS[name]
    assert row["sources"] and set(row["sources"]) <= set(SOURCES)
    assert row["confidence"] in ("documented", "derived")
    assert ("why" in row) == (row["confidence"] == "derived")
    assert ("like" in row) != ("packages" in row)
    assert "like" not in row or (row["confidence"] == "derived" and "packages" in SYSTEMS[row["like"]])


def test_every_source_is_cited_and_public() -> None:
    assert set(SOURCES) == {tag for row in SYSTEMS.values() for tag in row["sources"]}
    assert all(source["url"].startswith("https://") and source["shows"] for source in SOURCES.values())


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_row_does_not_contradict_itself(name: str) -> None:
    system = published(name)
    names, provided, depends = set(system["packages"]), system.get("provided_by", {}), system.get("depends", {})
    assert not (names | set(provided)) & set(system.get("absent", []))
    assert set(provided.values()) | set(depends) | set(depends.values()) <= names
    assert not set(provided) & names
