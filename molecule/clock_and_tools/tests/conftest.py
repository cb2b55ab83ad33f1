# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the three moments share: the node, and how its time clients stand."""

import os
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "lab"), str(ROOT / ".collections")]

import topology  # noqa: E402

CLIENTS = ("systemd-timesyncd", "ntpsec", "chrony", "chronyd")


def pytest_configure(config):
    """Let testinfra look at the nodes of the scenario."""
    platforms = yaml.safe_load(Path(os.environ["MOLECULE_FILE"]).read_text())["platforms"]
    nodes = {node.name: node for node in topology.ALL_NODES}
    config.option.hosts = ",".join(f"docker://{nodes[platform['name']].container}" for platform in platforms)


@pytest.fixture(scope="module")
def node(host):
    """The node of the lab that testinfra's host is."""
    return next(node for node in topology.ALL_NODES if node.container == host.backend.name)


@pytest.fixture
def differences(node):
    """What is different on the node from when its site left it."""
    import snapshot

    return snapshot.differences("clock_and_tools", node)


@pytest.fixture
def clients(host):
    """Return (as the site left them, as they are now), each {unit: (load, active, enabled)} of what is there."""
    properties = " ".join(f"-p {name}" for name in ("Id", "LoadState", "ActiveState", "UnitFileState"))
    shown = host.check_output(f"systemctl show {properties} {' '.join(CLIENTS)}")
    return _parse(host.file("/run/lab-clients").content_string), _parse(shown)


def _parse(text):
    found = {}
    for block in text.strip().split("\n\n"):
        fields = dict(line.partition("=")[::2] for line in block.splitlines())
        if fields["LoadState"] != "not-found":
            found[fields["Id"]] = (fields["LoadState"], fields["ActiveState"], fields["UnitFileState"])
    return found
