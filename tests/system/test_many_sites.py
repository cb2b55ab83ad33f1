# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three sites in two regions and both access modes, on five nodes of two generations, out of one sheet, in one run."""

from __future__ import annotations

import functools
import subprocess

import lab
import pytest
import topology
import world

# What the sheet of a data centre looks like; a name, its region and access mode for each node.
HEADER = "主机名;管理IP;机房;地域;接入方式;网关;网卡"
SITES = {
    "edge-debian12": ("idc-bj", "cn-beijing", "leased_line", "专线"),
    "edge-debian13": ("idc-eu", "eu-west-1", "leased_line", "专线"),
    "edge-el9": ("pop-bj", "cn-beijing", "internet", "公网"),
    "edge-debian11": ("idc-bj", "cn-beijing", "leased_line", "专线"),
    "edge-debian11-nm": ("pop-bj", "cn-beijing", "internet", "公网"),
}
NODES = topology.NODES + topology.OLDER_NODES
OLDER = [node.name for node in topology.OLDER_NODES]


@pytest.fixture(scope="module", autouse=True)
def older_nodes(lab_is_up):
    """The nodes with older tools, which no other test of this folder has."""
    driver = lab.ROOT / "tests/lab/lab.py"
    subprocess.run([driver, "up", "--fresh", *OLDER], check=True)
    yield
    subprocess.run([driver, "down", *OLDER], check=True)


@pytest.fixture
def sheet(tmp_path):
    """An inventory that reads the sheet; the way to log in and what holds for all sites comes from that of the lab."""
    lines = [HEADER]
    for node in NODES:
        site, region, mode, written = SITES[node.name]
        line = f"{topology.LEASED_LINE_GATEWAY};idc0" if mode == "leased_line" else ";"
        lines.append(f"{node.name};{node.ssh_address};{site};{region};{written};{line}")
    (tmp_path / "sheet.csv").write_text("\r\n".join(lines) + "\r\n", encoding="gbk")
    (tmp_path / "fleet.yml").write_text("plugin: ack_edge.node.fleet_csv\nsource: sheet.csv\n")
    return tmp_path / "fleet.yml"


def test_one_run_for_all(play, sheet):
    everywhere = functools.partial(play, inventory=lab.GENERATIONS_INVENTORY)
    assert everywhere("reset_edge").rc == 0
    try:
        prepared = everywhere("prepare_edge", "-i", str(sheet))
        assert prepared.rc == 0, prepared.out
        assert everywhere("prepare_edge", "-i", str(sheet)).changed == dict.fromkeys(SITES, 0)
        verified = everywhere("verify_edge", "-i", str(sheet))
        assert verified.rc == 0, verified.out
        for node, (site, region, mode, _written) in SITES.items():
            found = verified.report["hosts"][node]
            assert (found["site"], found["region"], found["access_mode"]) == (site, region, mode)
            needed = world.requirement_set(region, mode, "1.30.7")["endpoints"]
            reached = {item["data"]["host"] for item in verified.verdicts(node, "pass") if item["data"].get("host")}
            assert {item["host"] for item in needed if item["required"] and item["protocol"] == "https"} <= reached
            routes = lab.docker("exec", f"{topology.PREFIX}-{node}", "ip", "route", "show", "dev", "idc0")
            assert ("via" in routes) is (mode == "leased_line")
    finally:
        assert everywhere("reset_edge").rc == 0
