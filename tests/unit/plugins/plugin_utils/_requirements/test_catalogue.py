# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loading the catalogue, also where files of it are damaged, and the questions it answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import VARS, CatalogueError, load
from fakes.requirements import CATALOGUE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VARS, tmp_path / "vars"))


def test_is_read_once(folder: Path) -> None:
    first = load(folder)
    shutil.rmtree(folder)
    assert load(folder) is first


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("regions.yml", None, "cannot read .*regions.yml: No such file"),
        ("regions.yml", "a: [", "regions.yml is not valid YAML"),
        ("regions.yml", "", "regions.yml: expected a mapping with address_space, .*, regions, found nothing"),
        ("endpoints.yml", "endpoints: {}", "endpoints.yml: endpoints must be a list, found a mapping"),
        ("sources.yml", "confidence: {}", "sources.yml: sources must be a mapping, found nothing"),
        ("inbound_ports.yml", "inbound_ports: [3]", r"inbound_ports\.0 must be a mapping, found 3"),
        ("inbound_ports.yml", "inbound_ports: [{name: x, ports: []}]", r"inbound_ports\.0 lacks purpose, protocol"),
        (
            "regions.yml",
            "address_space: {}\nclosed_regions: {}\nunpublished_regions: {}\n"
            "regions: {cn-x: {name: X, cloud: public, oss: []}}",
            r"regions\.cn-x lacks registry",
        ),
    ],
)
def test_damage_is_one_clear_error(folder: Path, name: str, content: str | None, expected: str) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=expected):
        load(folder)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cn-bejing", "cn-beijing"),
        ("cn_beijing", "cn-beijing"),
        ("beijing", "cn-beijing"),
        ("Frankfurt", "eu-central-1"),
        ("cn-hangzou", "cn-hangzhou"),
        ("eu-west-3", "eu-west-1"),
    ],
)
def test_nearest_region(text: str, first: str) -> None:
    near = CATALOGUE.nearest_regions(text)
    assert first in near
    assert len(near) <= 3


@pytest.mark.parametrize("text", ["", "   ", "zzzzzzzzzz"])
def test_nothing_is_near(text: str) -> None:
    assert CATALOGUE.nearest_regions(text) == []


def test_os_support_has_one_row_per_version() -> None:
    rows = CATALOGUE.os_support()
    assert len(rows) == 29  # rows of the vendor, one for each version; a new one raises it
    assert {
        "arch": "amd64",
        "system": "Red Hat Enterprise Linux",
        "version": "8.10",
        "kernel": "4.18",
        "cluster_min": "1.26.3-aliyun.1",
        "cluster_max": "1.30.7-aliyun.1",
    } in rows
    assert len({(row["arch"], row["system"], row["version"], row["kernel"]) for row in rows}) == len(rows)


def test_every_system_tool_can_be_proven_and_installed() -> None:
    tools = CATALOGUE.system_tools
    assert [tool["name"] for tool in tools] == [
        "net-tools", "iproute", "chrony", "crontabs", "pciutils", "socat", "ebtables", "iptables", "conntrack-tools",
    ]  # fmt: skip
    chrony = tools[2]
    assert [other["name"] for other in chrony["alternatives"]] == ["ntpdate"]
