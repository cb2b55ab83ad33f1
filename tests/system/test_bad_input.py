# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input ends before anything is changed, in one message that names the variable, its value and what is right."""

from __future__ import annotations

import itertools
import json

import lab
import pytest
import snapshot
import topology
import yaml

BEIJING = {"region": "cn-beijing"}
# What is given -> words that the message must hold; decided on the controller, so that each is a host of one run.
BAD = {
    "no region": ({}, ["region", "not set", "cn-beijing"]),
    "unknown region": ({"region": "cn-bejing"}, ["region", "cn-bejing", "cn-beijing"]),
    "region without OSS ranges": ({"region": "cn-zhengzhou-jva"}, ["OSS", "cn-zhengzhou-jva", "route_scope"]),
    "version as a float": (BEIJING | {"cluster_version": 1.3}, ["cluster_version", "1.3", "quote"]),
    "access mode": (BEIJING | {"access_mode": "leased-line"}, ["access_mode", "leased-line", "leased_line"]),
    "host bits": (BEIJING | {"vpc_cidrs": ["192.168.1.0/16"]}, ["vpc_cidrs", "192.168.1.0/16", "192.168.0.0/16"]),
    "no VPC": (BEIJING | {"vpc_cidrs": [], "access_mode": "leased_line"}, ["vpc_cidrs"]),
}
# What only a node can tell, so that all of them are asked.
BAD_ON_A_NODE = {
    "gateway not on-link": (
        BEIJING | {"leased_line_gateway": "10.50.0.1"},
        ["leased_line_gateway", "10.50.0.1", "10.99.0."],
    ),
    "interface that is not there": (
        BEIJING | {"leased_line_interface": "idc7"},
        ["leased_line_interface", "idc7", "idc0"],
    ),
}


def unchanged():
    for node in topology.NODES:
        assert snapshot.differences("before", node) == []


def is_refused(outcome, host, words):
    assert outcome.report["hosts"][host]["state"] == "failed"
    message = outcome.report["hosts"][host]["message"]
    assert [word for word in words if word not in message] == [], message


def test_bad_input(play, tmp_path):
    """Each mistake has a host of its own, with a name that leads to one of the nodes."""
    inventory = yaml.safe_load(lab.INVENTORY.read_text())
    nodes = itertools.cycle(inventory["edge_nodes"]["hosts"].values())
    hosts = {what.replace(" ", "-"): next(nodes) | variables for what, (variables, _words) in BAD.items()}
    inventory["edge_nodes"]["hosts"] = hosts
    path = tmp_path / "mistakes.yml"
    lab.write_inventory(path, inventory)
    snapshot.save("before")
    outcome = play("prepare_edge", inventory=path)
    assert outcome.rc == 2, outcome.out
    for what, (_variables, words) in BAD.items():
        is_refused(outcome, what.replace(" ", "-"), words)
    assert outcome.changed == dict.fromkeys(hosts, 0)
    unchanged()


@pytest.mark.parametrize("what", BAD_ON_A_NODE)
def test_bad_input_on_a_node(play, nodes, what):
    variables, words = BAD_ON_A_NODE[what]
    snapshot.save("before")
    outcome = play("prepare_edge", "-e", json.dumps(variables))
    assert outcome.rc == 2, outcome.out
    for node in nodes:
        is_refused(outcome, node, words)
    assert outcome.changed == dict.fromkeys(nodes, 0)
    unchanged()


def test_all_that_is_wrong_is_said_at_once(play, nodes):
    variables = {"region": "cn-bejing", "access_mode": "line", "vpc_cidrs": ["10.0.0.1/8"], "cluster_version": 1.3}
    outcome = play("prepare_edge", "-e", json.dumps(variables))
    for node in nodes:
        message = outcome.report["hosts"][node]["message"]
        assert [name for name in variables if name not in message] == []


@pytest.mark.parametrize(
    ("name", "directory"),
    [
        ("prepare_edge", lab.ROOT),
        ("ack_edge.node.prepare_edge", lab.ROOT),
        ("prepare_edge.yml", lab.ROOT / "playbooks"),
    ],
)
def test_playbook_runs_from(play, name, directory):
    """The three ways to start a playbook from a checkout."""
    outcome = play(name, "-e", "region=cn-beijing", "--check", "--tags", "readiness", cwd=directory)
    assert outcome.rc == 0, outcome.out
    assert len(outcome.changed) == 3


def test_each_role_has_its_tag(play):
    done = play("prepare_edge", "--list-tags", "-e", "region=cn-beijing")
    for role in ("readiness", "system_tools", "time_sync", "inbound_ports", "leased_line_routes", "reachability"):
        assert role in done.out
    assert lab.INVENTORY.exists()


def test_packages_that_no_repository_has_are_named_with_the_repositories(play, nodes):
    """On nodes that lack a tool: what is missing, who was asked, what to do; and nothing is changed after it."""
    for node in topology.NODES:
        # Fresh nodes have no socat anyway.
        remove = ["rpm", "--erase"] if "el9" in node.name else ["dpkg", "--remove"]
        lab.docker("exec", node.container, *remove, "socat", check=False)
        lab.docker("exec", node.container, "mv", "/opt/repository", "/opt/repository.away")
    snapshot.save("before")
    try:
        outcome = play("prepare_edge", "-e", "region=cn-beijing")
        for node in topology.NODES:
            # apt has fetched its lists anew, and nothing else is different.
            assert snapshot.differences("before", node) == []
    finally:
        for node in topology.NODES:
            lab.docker("exec", node.container, "mv", "/opt/repository.away", "/opt/repository")
    assert outcome.rc == 2
    for node in nodes:
        message = outcome.report["hosts"][node]["message"]
        assert "socat" in message.partition(" cannot be installed: ")[0]
        assert "E: " in message or "Error: " in message
        asked = message.partition("the node asked these repositories:\n")[2].partition("\nto do: ")[0]
        assert asked == "file:/opt/repository/" if "debian" in node else "lab" in asked
        to_do = message.partition("to do: ")[2]
        assert "fix the broken repository" in to_do
        # The lists that dnf keeps are of the time when the packages were there; apt has just fetched its own.
        assert ("dnf clean expire-cache" in to_do) == ("Error opening" in message)
        assert outcome.report["hosts"][node]["failed_task"].endswith("Install the tools that are missing")


def test_a_package_that_has_lost_its_command_is_named(play, nodes):
    """A package manager would call it installed and do nothing."""
    assert play("prepare_edge", "-e", "region=cn-beijing", "--tags", "system_tools").rc == 0
    for node in topology.NODES:
        lab.docker("exec", node.container, "mv", "/usr/bin/socat", "/usr/bin/socat.away")
    snapshot.save("before")
    try:
        outcome = play("prepare_edge", "-e", "region=cn-beijing")
        for node in topology.NODES:
            assert snapshot.differences("before", node) == []
    finally:
        for node in topology.NODES:
            lab.docker("exec", node.container, "mv", "/usr/bin/socat.away", "/usr/bin/socat")
    assert outcome.rc == 2
    for node in nodes:
        assert "socat is installed, but its files are missing" in outcome.report["hosts"][node]["message"]
