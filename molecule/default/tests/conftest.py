# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the three moments share: the lab they look at, and its snapshots."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "lab"), str(ROOT / ".collections")]

import topology  # noqa: E402

NODES = topology.NODES + topology.OLDER_NODES


def pytest_configure(config):
    """Let testinfra look at the nodes of the scenario."""
    config.option.hosts = ",".join(f"docker://{node.container}" for node in NODES)


@pytest.fixture
def node(host):
    """The node of the lab that testinfra's host is."""
    return next(item for item in NODES if item.container == host.backend.name)


@pytest.fixture(scope="session")
def requirements():
    """The requirement set that the nodes were prepared for."""
    import world

    return world.requirement_set("cn-beijing", "leased_line", world.VERSIONS[0])


@pytest.fixture(scope="session")
def play():
    """Return a function that runs one of the playbooks against the lab and returns the ended process."""

    def run(name, *options):
        inventory = ROOT / ".cache" / "lab" / "generations.yml"
        command = ["ansible-playbook", "-i", inventory, f"playbooks/{name}.yml", "-e", "region=cn-beijing", *options]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    return run
