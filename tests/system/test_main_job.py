# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole life in one region: not ready, prepared, unchanged, ready, rebooted, undone; the same in short in others.

Of the other regions and versions each node has one: what a region asks for does not depend on what a node is.

Fresh nodes are made once, and prepared and reset once; each test finds them as that reset left them.
"""

from __future__ import annotations

import itertools
import json
import subprocess
from pathlib import Path

import lab
import pytest
import snapshot
import topology
import world

# Executions and task results on a fresh and on a prepared node: at most these.
BUDGET = {"fresh": (8, 16), "prepared": (1, 6)}
WHOLE = "cn-beijing"
REGIONS = ("cn-hangzhou", "eu-west-1", "cn-shanghai-finance-1")
# Cluster version -> the endpoint of its tunnel.
TUNNELS = {"1.30.7": "raven_gateway_10280", "1.24.6": "tunnel_server_10262"}


def budget(path):
    """Return the environment of a run that counts into a file."""
    return {
        "BUDGET_FILE": str(path),
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "budget",
    }


@pytest.fixture(scope="module", autouse=True)
def counted(play_anywhere, tmp_path_factory):
    """Prepare fresh nodes twice and reset them; return {"fresh" or "prepared": the counts of that run, what changed}.

    What packages brought is on the nodes then: from here on everything is byte-identical after a reset.
    """
    subprocess.run([lab.ROOT / "tests/lab/lab.py", "up", "--fresh"], check=True)
    counts = {}
    for name in BUDGET:
        path = tmp_path_factory.mktemp("budget") / f"{name}.json"
        outcome = play_anywhere("prepare_edge", "-e", f"region={WHOLE}", env=budget(path))
        assert outcome.rc == 0, outcome.out
        counts[name] = json.loads(path.read_text()) | {"changed": outcome.changed}
    assert play_anywhere("reset_edge").rc == 0
    snapshot.save("installed")
    return counts


def test_budget_of_a_fresh_and_of_a_prepared_node(counted, nodes, capsys):
    for name, (executions, most) in BUDGET.items():
        for node in nodes:
            used, results = len(counted[name]["executions"][node]), counted[name]["results"][node]
            with capsys.disabled():
                print(f"\n{name} {node}: {used} executions of at most {executions}, "
                      f"{results} task results of at most {most}", end="")  # fmt: skip
            assert 0 < used <= executions
            assert 0 < results <= most


def test_a_second_run_changes_nothing(counted, nodes):
    assert all(number > 0 for number in counted["fresh"]["changed"].values())
    assert counted["prepared"]["changed"] == dict.fromkeys(nodes, 0)


@pytest.fixture
def of_each(tmp_path):
    """Return a function that gives a variable to each node: of_each(variable, {node: value}) -> options."""

    def written(variable, values):
        hosts = {node: {variable: value} for node, value in values.items()}
        (tmp_path / f"{variable}.yml").write_text(json.dumps({"all": {"hosts": hosts}}))
        return "-i", str(tmp_path / f"{variable}.yml")

    return written


def not_ready(play, regions, chosen):
    """See that no endpoint is reached before, and that looking changes nothing."""
    before = play("verify_edge", *chosen)
    assert before.rc == 2
    assert before.changed == dict.fromkeys(regions, 0)
    for node, region in regions.items():
        needed = world.requirement_set(region, "leased_line", "1.30.7")
        for endpoint in (item for item in needed["endpoints"] if item["protocol"] == "https"):
            verdict = next(item for item in before.verdicts(node, "fail") if item["check"] == endpoint["name"])
            assert verdict["data"]["stage"] == "tcp"
            assert "timed out" in verdict["summary"]
            assert "default gateway" in verdict["summary"]
            assert verdict["remedy"]
    for node in topology.NODES:
        assert snapshot.differences("installed", node) == [], "verify_edge changes nothing"


def prepared(play, chosen):
    outcome = play("prepare_edge", *chosen)
    assert outcome.rc == 0, outcome.out
    assert all(number > 0 for number in outcome.changed.values())
    ready = play("verify_edge", *chosen)
    assert ready.rc == 0, ready.out
    return ready


def undone(play):
    reset = play("reset_edge")
    assert reset.rc == 0
    assert "3 hosts (3 ok); not judged: nothing looked at, not readiness" in reset.out
    for node in topology.NODES:
        assert snapshot.differences("installed", node) == []


def test_budget_of_verify(play, nodes, tmp_path):
    """One execution, and three more where a host of the VPC tries the ports."""
    path = tmp_path / "budget.json"
    play("verify_edge", "-e", "region=cn-beijing", env=budget(path))
    counts = json.loads(path.read_text())
    for node in nodes:
        modules = [name.rpartition(".")[2] for name in counts["executions"][node]]
        assert modules == ["preflight_info", "port_listener", "port_probe_info", "port_listener"]
        assert counts["results"][node] <= 8


def test_the_whole_life(play, nodes):
    """Of one region: that a reboot keeps all is the same for each."""
    chosen = ("-e", f"region={WHOLE}")
    not_ready(play, dict.fromkeys(nodes, WHOLE), chosen)
    prepared(play, chosen)
    lab.restart([])
    restarted = play("verify_edge", *chosen)
    assert restarted.rc == 0, restarted.out
    # A container has no modules of its kernel to look at.
    assert "0 of 3 hosts are ready, 3 ready but for 1 open point each (3 ok)" in restarted.out

    undone(play)
    assert play("reset_edge").changed == dict.fromkeys(nodes, 0)


def test_other_regions(play, nodes, of_each):
    regions = dict(zip(nodes, REGIONS, strict=True))
    chosen = of_each("region", regions)
    not_ready(play, regions, chosen)
    ready = prepared(play, chosen)
    assert {node: ready.report["hosts"][node]["region"] for node in nodes} == regions
    undone(play)


def test_internet(play, nodes, of_each):
    versions = dict(zip(nodes, itertools.cycle(TUNNELS)))
    written = {node: f"{version}-aliyun.1" for node, version in versions.items()}
    chosen = ("-e", f"region={WHOLE}", "-e", "access_mode=internet", *of_each("cluster_version", written))
    outcome = play("prepare_edge", *chosen)
    assert outcome.rc == 0, outcome.out
    assert play("prepare_edge", *chosen).changed == dict.fromkeys(nodes, 0)
    verified = play("verify_edge", *chosen)
    assert verified.rc == 0, verified.out
    for node in nodes:
        checked = {item["check"] for item in verified.verdicts(node)}
        assert checked & set(TUNNELS.values()) == {TUNNELS[versions[node]]}
    for node in topology.NODES:
        assert "100." not in lab.docker("exec", node.container, "ip", "route"), "no routes over the Internet"
    assert play("reset_edge").rc == 0
    for node in topology.NODES:
        assert snapshot.differences("installed", node) == []
