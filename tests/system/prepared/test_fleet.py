# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report makes of a fleet with three faults: three rows, in which the machines are that have them."""

from __future__ import annotations

import csv
from xml.etree import ElementTree

import lab
import pytest
import topology
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.causes import causes

LOST, CUT_OFF, MISLED = topology.NODES


@pytest.fixture
def faults(fault):
    """One machine is down, one is cut off behind the leased line, and a name leads both that are up to the Internet."""
    lab.docker("stop", "-t", "2", LOST.container)
    fault("wrong-dns")
    rule = ["nft", "insert", "rule", "inet", "lab", "input", "ip", "saddr", CUT_OFF.leased_line_address, "drop"]
    lab.docker("exec", lab.CLOUD, *rule)
    yield
    # The fault's own end puts the rules of the cloud back.
    lab.docker("start", LOST.container)
    lab.wait_for(f"the network of {LOST.name}", lambda: lab.is_ready(LOST))
    # Its links have other addresses than before.
    lab.docker("exec", lab.CLOUD, "ip", "neigh", "flush", "dev", "idc0")


def test_three_faults_are_three_rows(play, faults, tmp_path):
    formats = {"ACK_EDGE_REPORT_FORMATS": "html,junit,csv,limit"}
    outcome = play("verify_edge", "-e", "region=cn-beijing", "--tags", "reachability", env=formats)
    assert outcome.rc != 0
    rows = [row for row in causes(outcome.report) if row["status"] in ("fail", "unreachable")]
    assert [(row["status"], row["hosts"]) for row in rows] == [
        ("unreachable", [LOST.name]),
        ("fail", [CUT_OFF.name, MISLED.name]),
        ("fail", [CUT_OFF.name]),
    ]
    misled, cut_off = rows[1:]
    assert misled["title"].startswith("registry-cn-beijing-vpc.ack.aliyuncs.com TCP ")
    assert misled["title"].endswith(": names resolve to wrong addresses (address.outside)")
    assert cut_off["title"] == f"{len(cut_off['targets'])} endpoints: connections time out (tcp.timeout)"
    assert len(cut_off["targets"]) > 3
    assert cut_off["remedy"].startswith("route each of these targets over the leased line")
    assert "0 of 3 hosts are ready (2 failed, 1 unreachable)" in outcome.out

    reports = next(tmp_path.glob("reports-0"))
    (page,) = reports.glob("*.html")
    assert all(node.name in page.read_text() for node in topology.NODES)
    (limit,) = reports.glob("*.limit")
    assert limit.read_text().split() == [node.name for node in topology.NODES]
    suites = ElementTree.parse(next(reports.glob("*.xml"))).getroot()
    broken = {suite.get("name"): int(suite.get("failures")) + int(suite.get("errors")) for suite in suites}
    lines = list(csv.DictReader(next(reports.glob("*.csv")).read_text().splitlines()))
    for node in (CUT_OFF, MISLED):
        # The page, JUnit and CSV count what the machine really lacks.
        assert broken[node.name] == len(outcome.failing(node.name))
        found = [row for row in lines if (row["host"], row["status"], row["required"]) == (node.name, "fail", "yes")]
        assert len(found) == len(outcome.failing(node.name))
    assert broken[LOST.name] == 1
