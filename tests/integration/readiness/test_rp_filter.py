# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel does with a packet of the VPC and what the check rp_filter says go together, in two namespaces.

The node has idc0, by which the VPC reaches it, and eth0 with its default route; both end at the other side.
"""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers_packets import need_root, sh

ROOT = Path(__file__).resolve().parents[3]
MODULE = "ansible_collections.ack_edge.node.plugins.modules.readiness_info"
VPC, NODE, GATEWAY = "192.168.7.5", "10.98.0.11", "10.98.0.253"
LISTENER = "import socket; a = socket.create_server(('', 10250)); print('ready', flush=True)\nwhile 1: a.accept()"
CONNECT = f"import socket; socket.create_connection(('{NODE}', 10250), 0.7, ('{VPC}', 0))"


class Pair:
    def __init__(self) -> None:
        tag = uuid.uuid4().hex[:6]
        self.node, self.vpc = f"ackrp-n{tag}", f"ackrp-v{tag}"
        for name in (self.node, self.vpc):
            sh("ip", "netns", "add", name)
            sh("ip", "-n", name, "link", "set", "lo", "up")
            for conf in ("all", "default"):
                self.set(name, f"net.ipv4.conf.{conf}.rp_filter", 0)
        for device, here, there in (("idc0", f"{NODE}/24", f"{GATEWAY}/24"), ("eth0", "10.99.0.11/24", "10.99.0.1/24")):
            sh("ip", "-n", self.node, "link", "add", device, "type", "veth", "peer", "name", device, "netns", self.vpc)
            for name, address in ((self.node, here), (self.vpc, there)):
                sh("ip", "-n", name, "address", "add", address, "dev", device)
                sh("ip", "-n", name, "link", "set", device, "up")
        sh("ip", "-n", self.vpc, "address", "add", f"{VPC}/32", "dev", "lo")
        sh("ip", "-n", self.node, "route", "add", "default", "via", "10.99.0.1")
        argv = ["ip", "netns", "exec", self.node, sys.executable, "-c", LISTENER]
        self._listener = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert self._listener.stdout is not None
        assert self._listener.stdout.readline() == "ready\n"

    def close(self) -> None:
        self._listener.kill()
        self._listener.communicate()
        for name in (self.node, self.vpc):
            sh("ip", "netns", "delete", name)

    @staticmethod
    def set(name: str, key: str, value: int) -> None:
        sh("ip", "netns", "exec", name, "sysctl", "-qw", f"{key}={value}")

    def reaches(self) -> bool:
        argv = ["ip", "netns", "exec", self.vpc, sys.executable, "-c", CONNECT]
        return subprocess.run(argv, check=False, capture_output=True).returncode == 0

    def verdict(self) -> dict:
        given = {"checks": ["rp_filter"], "leased_line_interface": "idc0", "vpc_cidrs": ["192.168.0.0/16"]}
        argv = ["env", f"PYTHONPATH={ROOT}/.collections", sys.executable, "-m", MODULE]
        out = sh("ip", "netns", "exec", self.node, *argv, stdin=json.dumps({"ANSIBLE_MODULE_ARGS": given}))
        return json.loads(out)["results"][0]


@pytest.fixture
def pair() -> Iterator[Pair]:
    need_root()
    made = Pair()
    yield made
    made.close()


def test_what_the_kernel_drops_is_what_the_check_warns_of(pair: Pair) -> None:
    assert (pair.reaches(), pair.verdict()["status"]) == (True, "pass")
    pair.set(pair.node, "net.ipv4.conf.all.rp_filter", 1)
    found = pair.verdict()
    assert (pair.reaches(), found["status"]) == (False, "warn")
    assert "192.168.0.0/16 uses eth0" in found["summary"]
    # The first remedy: the value of the interface, though that of all stays.
    pair.set(pair.node, "net.ipv4.conf.idc0.rp_filter", 2)
    assert (pair.reaches(), pair.verdict()["status"]) == (True, "pass")
    # The second: a route.
    pair.set(pair.node, "net.ipv4.conf.idc0.rp_filter", 1)
    sh("ip", "-n", pair.node, "route", "add", "192.168.0.0/16", "via", GATEWAY)
    assert (pair.reaches(), pair.verdict()["status"]) == (True, "pass")


def test_a_rule_for_the_own_address_is_a_return_path(pair: Pair) -> None:
    pair.set(pair.node, "net.ipv4.conf.all.rp_filter", 1)
    sh("ip", "-n", pair.node, "route", "add", "default", "via", GATEWAY, "table", "100")
    sh("ip", "-n", pair.node, "rule", "add", "from", NODE, "lookup", "100")
    assert (pair.reaches(), pair.verdict()["status"]) == (True, "pass")


def test_a_route_with_several_next_hops_is_a_return_path(pair: Pair) -> None:
    pair.set(pair.node, "net.ipv4.conf.all.rp_filter", 1)
    hops = ("nexthop", "via", "10.99.0.1", "nexthop", "via", GATEWAY)
    sh("ip", "-n", pair.node, "route", "add", "192.168.0.0/16", *hops)
    assert (pair.reaches(), pair.verdict()["status"]) == (True, "pass")
