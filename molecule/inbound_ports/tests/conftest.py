# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the three moments share: the node, its listeners, and the clients."""

import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "lab"), str(ROOT / ".collections")]

import topology  # noqa: E402

PACKETS = (Path(__file__).parent / "packets.py").read_text()
CLUSTER_RULES = Path(__file__).parents[1] / "files" / "cluster_rules.sh"


PLATFORMS = [row["name"] for row in yaml.safe_load(Path(os.environ["MOLECULE_FILE"]).read_text())["platforms"]]
NODES = {node.name: node for node in topology.ALL_NODES if node.name in PLATFORMS}


def pytest_configure(config):
    """Let testinfra look at the nodes of the scenario."""
    config.option.hosts = ",".join(f"docker://{node.container}" for node in NODES.values())


@pytest.fixture(scope="module")
def node(host):
    """The node of the lab that testinfra's host is."""
    return next(node for node in topology.ALL_NODES if node.container == host.backend.name)


@pytest.fixture
def differences(node):
    """What is different on the node from when it was fresh."""
    import snapshot

    return snapshot.differences("inbound_ports", node)


@pytest.fixture(scope="session")
def reached_nodes():
    """Return {node: {client: the ports that answer it}}, with something listening on all of them; all at once."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return dict(zip(NODES, pool.map(_reached, NODES.values()), strict=True))


@pytest.fixture
def reached(node, reached_nodes):
    """Return {client: the ports of the node that answer it}."""
    return reached_nodes[node.name]


def _reached(node):
    command = ["docker", "exec", "-i", node.container, "python3", "-c", PACKETS, "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "ready\n"
        asked = {client.name: _ask(client, node.ssh_address) for client in topology.CLIENTS}
        found = {name: set(json.loads(process.communicate()[0])) for name, process in asked.items()}
        server.stdin.close()
    return found


def _ask(client, address):
    command = ["docker", "exec", client.container, "python3", "-c", PACKETS, "reach", address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # ended by the communicate() of the caller


@pytest.fixture
def cluster_rules(node):
    """Return (as they were put in, as they are now): the rules of Kubernetes and its CNI, as text."""
    command = ["docker", "exec", "-i", node.container]
    script = CLUSTER_RULES.read_text()
    shown = subprocess.run([*command, "sh", "-s", "show"], input=script, check=True, capture_output=True, text=True)
    placed = subprocess.run([*command, "cat", "/run/lab-cluster-rules"], check=True, capture_output=True, text=True)
    return placed.stdout, shown.stdout
