# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the three moments share: the nodes of the scenario, and what they must hold."""

import os
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "lab"), str(ROOT / ".collections")]

import topology  # noqa: E402

SCENARIO = os.environ["MOLECULE_SCENARIO_NAME"]


def pytest_configure(config):
    """Let testinfra look at the nodes of the scenario."""
    platforms = yaml.safe_load(Path(os.environ["MOLECULE_FILE"]).read_text())["platforms"]
    nodes = {node.name: node for node in topology.ALL_NODES}
    config.option.hosts = ",".join(f"docker://{nodes[platform['name']].container}" for platform in platforms)


@pytest.fixture
def node(host):
    """The node of the lab that testinfra's host is."""
    return next(node for node in topology.ALL_NODES if node.container == host.backend.name)


@pytest.fixture
def differences(node):
    """What is different on the node from when it was fresh."""
    import snapshot

    return snapshot.differences(SCENARIO, node)


@pytest.fixture(scope="session")
def destinations():
    """The ten networks that are routed."""
    import world

    needed = world.requirement_set("cn-beijing", "leased_line", world.VERSIONS[0])
    found = [row["destination"] for row in needed["routes"] + needed["site_routes"]]
    return [*found, "10.70.0.0/16"][:10]
