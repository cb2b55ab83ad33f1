# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A route that captures the controller's own address: refused, and where forced, rolled back by the node itself."""

from __future__ import annotations

import json
import subprocess
import time

import lab
import pytest
import snapshot
import topology

NODE = next(node for node in topology.NODES if node.network == "networkd")
CONFIRM_TIMEOUT = 10
# What a look at the node, a new connection and the start of ansible may take on a busy machine.
GRACE = 5


@pytest.fixture(scope="module", autouse=True)
def fresh_node():
    subprocess.run([lab.ROOT / "tests/lab/lab.py", "up", "--fresh", NODE.name], check=True)


@pytest.fixture
def controller():
    """The address that the node's ssh sessions come from."""
    if not lab.reaches_underlay(NODE):
        pytest.skip("ssh goes through docker here, so that no route of the node can cut it")
    return json.loads(subprocess.check_output(["ip", "-j", "route", "get", NODE.ssh_address]))[0]["prefsrc"]


@pytest.fixture
def before():
    """Remember how the node looks; return a function that says what is different now."""
    snapshot.save("way-back", [NODE.name])
    return lambda: snapshot.differences("way-back", NODE)


def command(address: str, **options):
    """Return the command that routes an address into the leased line."""
    arguments = {"routes": [{"destination": f"{address}/32"}], "gateway": topology.LEASED_LINE_GATEWAY, **options}
    module = ["-m", "ack_edge.node.static_routes", "-a", json.dumps({"interface": "idc0", **arguments})]
    return ["ansible", NODE.name, "-i", str(lab.INVENTORY), "--become", *module]


def live(address: str) -> str:
    """Return the node's route to an address, asked past ssh."""
    return lab.docker("exec", NODE.container, "ip", "route", "show", f"{address}/32").strip()


def answers(address: str) -> bool:
    """Return whether a new ssh connection from the controller comes up."""
    probe = [*lab.ssh_command(NODE), "-o", "ConnectTimeout=2", "-o", f"BindAddress={address}"]
    return subprocess.run([*probe, f"ops@{NODE.ssh_address}", "true"], check=False, capture_output=True).returncode == 0


def test_capturing_the_controller_is_refused(controller, before):
    done = subprocess.run(command(controller), cwd=lab.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"{controller}, the controller (this ssh session comes from it), is reached" in done.stdout
    assert before() == []


def test_forced_the_node_takes_it_back_by_itself(controller, before):
    forced = command(controller, force=True, confirm_timeout=CONFIRM_TIMEOUT)
    with subprocess.Popen(forced, cwd=lab.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        lab.wait_for("the route", lambda: live(controller) or run.poll() is not None)
        cut = time.monotonic()
        assert f"via {topology.LEASED_LINE_GATEWAY} dev idc0" in live(controller)
        assert not answers(controller), "the route must really cut the node off"
        lab.wait_for("the way back", lambda: not live(controller), seconds=CONFIRM_TIMEOUT + GRACE)
        assert answers(controller)
        assert time.monotonic() - cut < CONFIRM_TIMEOUT + GRACE
        out = run.communicate(timeout=60)[0]
    assert run.returncode != 0, out
    assert "rolled back" in out or "UNREACHABLE" in out
    assert before() == [], "nothing was persisted, and nothing is left"
    ping = ["ansible", NODE.name, "-i", str(lab.INVENTORY), "-m", "ansible.builtin.ping"]
    assert subprocess.run(ping, cwd=lab.ROOT, capture_output=True, check=False).returncode == 0
