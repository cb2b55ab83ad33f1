# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof from the VPC against a real packet filter: what is open, dropped, rejected, and lost on the way back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import control
from helpers_packets import ALLOWED, NODE, NODE6, OTHER, PacketLab, need_root, sh

COLLECTIONS = Path(__file__).resolve().parents[3] / ".collections"
PORTS = [
    {"name": "kubelet", "protocol": "tcp", "ports": [20250, 20255]},
    {"name": "flannel", "protocol": "udp", "ports": [28472]},
    # The lab's own servers have these; one answers whoever comes.
    {"name": "taken", "protocol": "tcp", "ports": [10250]},
    {"name": "echo", "protocol": "udp", "ports": [8472]},
]
FAULTS = {
    "nothing": "",
    "one is dropped": "chain i { type filter hook input priority 0; tcp dport 20250 drop; }",
    "one is rejected": "chain i { type filter hook input priority 0; tcp dport 20255 reject with tcp reset; }",
    "all is dropped": "chain i { type filter hook input priority 0; drop; }",
    "answers are lost": "chain o { type filter hook output priority 0; udp sport 28472 drop; }",
    "only a source is let in": f"chain i {{ type filter hook input priority 0; ip saddr != {ALLOWED} drop; }}",
}
FINE = ["pass"] * 5


@pytest.fixture(scope="module")
def lab():
    need_root()
    made = PacketLab()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_faults(lab):
    yield
    sh("ip", "netns", "exec", lab.node_ns, "nft", "flush", "ruleset")


def module(namespace, name, **parameters):
    argv = [
        "ip",
        "netns",
        "exec",
        namespace,
        sys.executable,
        "-m",
        f"ansible_collections.ack_edge.node.plugins.modules.{name}",
    ]
    done = subprocess.run(
        argv,
        input=json.dumps({"ANSIBLE_MODULE_ARGS": parameters}),
        text=True,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(COLLECTIONS)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def prove(lab, fault, *, source=ALLOWED, address=NODE, seconds=60, timeout=1.0):
    """Return the verdicts, as verify_edge.yml comes to them."""
    if FAULTS[fault]:
        sh("ip", "netns", "exec", lab.node_ns, "nft", "-f", "-", stdin=f"table inet fault {{\n{FAULTS[fault]}\n}}\n")
    started = module(lab.node_ns, "port_listener", ports=PORTS, seconds=seconds, toward=[f"{ALLOWED}/32"])
    assert started["address"] == NODE
    probe = module(
        lab.client_ns,
        "port_probe_info",
        address=address,
        ports=PORTS,
        token=started["token"],
        source=source,
        timeout=timeout,
    )
    return module(
        lab.node_ns,
        "port_listener",
        state="absent",
        ports=PORTS,
        token=started["token"],
        probes=probe["results"],
        address=address,
        prober="vpc-host",
    )["results"]


def listeners(lab):
    return sh("ip", "netns", "exec", lab.node_ns, "ss", "-Hltun")


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ("nothing", FINE),
        ("one is dropped", ["fail", *FINE[1:]]),
        ("one is rejected", ["pass", "fail", *FINE[2:]]),
        ("all is dropped", ["fail", "fail", "fail", "fail", "unproven"]),
        ("answers are lost", ["pass", "pass", "fail", "pass", "pass"]),
        ("only a source is let in", FINE),
    ],
)
def test_fault_gives_its_verdicts(lab, fault, statuses):
    before = listeners(lab)
    found = prove(lab, fault)
    assert [one["status"] for one in found] == statuses, [one["summary"] for one in found]
    assert listeners(lab) == before


def test_the_way_there_is_told_from_the_way_back(lab):
    there = prove(lab, "all is dropped")[2]
    assert (there["data"]["arrived"], "did not receive" in there["summary"]) == (False, True)
    sh("ip", "netns", "exec", lab.node_ns, "nft", "flush", "ruleset")
    back = prove(lab, "answers are lost")[2]
    assert (back["data"]["arrived"], "lost on the return path" in back["summary"]) == (True, True)
    assert "ip route get vpc-host" in back["remedy"]


def test_another_source_is_kept_out_and_the_seen_address_is_told(lab):
    assert [one["status"] for one in prove(lab, "only a source is let in", source=OTHER)][:3] == ["fail"] * 3
    sh("ip", "netns", "exec", lab.node_ns, "nft", "flush", "ruleset")
    found = prove(lab, "nothing", source=OTHER)
    assert [one["data"]["seen_as"] for one in found][:3] == [OTHER] * 3


def test_over_ipv6(lab):
    found = prove(lab, "nothing", source="", address=NODE6)
    assert [one["status"] for one in found][:3] == ["pass"] * 3


def test_the_listener_is_gone_when_nobody_comes_back(lab):
    """As when the controller dies: whoever started it is gone, and so is it after its seconds."""
    before = listeners(lab)
    started = module(lab.node_ns, "port_listener", ports=PORTS, seconds=1)
    assert ":20250" in listeners(lab)
    # A conversation with it ends when it does: nothing has to be slept for.
    with control.connected(started["token"]) as conversation:
        conversation.settimeout(20)
        conversation.recv(1)
    while conversation := control.connected(started["token"]):
        conversation.close()
    assert listeners(lab) == before
