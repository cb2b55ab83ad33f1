# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines give one answer about one node, whichever iproute2 it has: outputs of real ones are replayed."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.detect import (
    incoming_interface,
    on_link_networks,
)
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.route import Router
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import registry
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.facts import Facts
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel
from fakes import ip_text
from fakes.readiness import LISTENERS, World

DATA = Path(__file__).parents[3] / "data/ip"
ANSWERS = {
    "ip address show": "address",
    "ip -4 route show table all": "routes4",
    "ip -6 route show table all": "routes6",
    "ip -4 rule show": "rules4",
    "ip -6 rule show": "rules6",
    "ip route get 100.103.6.1": "get-leased",
    "ip -4 route show to match 100.103.6.1": "matching",
}
INPUTS = {
    "access_mode": "leased_line",
    "leased_line_interface": "idc0",
    "leased_line_gateway": "10.99.0.253",
    "node_cidrs": ["10.99.0.0/24"],
    "pod_cidr": ["10.70.0.0/15"],
    "service_cidr": ["fd00:101::/64"],
    "inbound_ports": [],
}
CHECKS = [
    *("default_route", "earlier_join", "interface_mtu", "ip_rule"),
    *("leased_line", "own_address", "pod_service_overlap", "supernet_in_use"),
]


def node(version: str, root: Path) -> Node:
    """Return a node whose ip answers as the recorded one of a version; it knows no JSON."""

    def run(argv: list[str], stdin: str | None = None, timeout: int = 60) -> Completed:
        text = " ".join(argv)
        if text == "ip address show dev idc0":
            found = (DATA / version / "address.txt").read_text()
            return Completed(argv, 0, "5: idc0@" + found.partition("5: idc0@")[2].partition("\n6: ")[0] + "\n", "")
        if text in ANSWERS:
            return Completed(argv, 0, (DATA / version / f"{ANSWERS[text]}.txt").read_text(), "")
        if argv[:2] == ["ip", "-j"]:
            return Completed(argv, 255, "", ip_text.unknown_option("-j"))
        return Completed(argv, 0 if argv == LISTENERS else 127, "", "")

    return Node(run, str(World(root).root))


def answers(version: str, root: Path) -> dict:
    one = node(version, root)
    found = {item["check"]: item for item in registry.look(Facts(one), INPUTS, CHECKS)}
    observed = kernel.observe(one)
    return {
        "verdicts": found,
        "routes": [live for live in observed.routes if not str(live.route.destination).startswith("fe80:")],
        "on_link": observed.on_link(next(iter(observed.links["idc0"].addresses)) + 1),
        "incoming": incoming_interface(one, "100.103.6.1"),
        "networks": on_link_networks(one, "idc0"),
        "path": Router(one.run, 3).lookup("100.103.6.1"),
    }


@pytest.mark.parametrize("version", ["{}.{}".format(*version) for version in ip_text.VERSIONS])
def test_one_node_has_one_answer(version: str, tmp_path: Path) -> None:
    found = answers(version, tmp_path)
    assert {check: item["status"] for check, item in found["verdicts"].items()} == {
        "default_route": "pass",
        "earlier_join": "fail",
        "interface_mtu": "pass",
        "ip_rule": "warn",
        "leased_line": "pass",
        "own_address": "fail",
        "pod_service_overlap": "fail",
        "supernet_in_use": "pass",
    }
    assert found["verdicts"]["earlier_join"]["data"]["leftovers"] == ["interface cni0", "interface flannel.1"]
    assert len(found["verdicts"]["pod_service_overlap"]["data"]["overlaps"]) == 3
    assert (found["incoming"], found["networks"]) == ("idc0", ["10.99.0.0/24", "fd00:99::/64"])
    assert found["path"] == {
        "gateway": "10.99.0.253", "interface": "idc0", "source": "10.99.0.11", "default": False, "error": None,
    }  # fmt: skip
    assert found == answers("6.1", tmp_path / "today")


@pytest.mark.parametrize("version", ["{}.{}".format(*version) for version in ip_text.VERSIONS])
def test_no_check_is_left_open_for_an_old_iproute2(version: str, world: World) -> None:
    """A node of the vendor's table that has it, all else being well."""
    old = node(version, world.root / "..")
    vpc = {"100.103.0.1": "get-from", "100.103.255.254": "get-from"}

    def run(argv: list[str], stdin: str | None = None, timeout: int = 60) -> Completed:
        if argv[:1] != ["ip"]:
            return world.run(argv, stdin, timeout)
        if argv[:3] == ["ip", "route", "get"] and argv[3] in vpc:
            text = (DATA / version / f"{vpc[argv[3]]}.txt").read_text().replace("100.103.6.1", argv[3])
            return Completed(argv, 0, text, "")
        return old.run(argv, stdin, timeout)

    for name in ("all", "idc0"):
        world.file(f"/proc/sys/net/ipv4/conf/{name}/rp_filter", "1\n")
    given = INPUTS | {"vpc_cidrs": ["100.103.0.0/16"], "cluster_version": "1.30.7-aliyun.1"}
    found = {item["check"]: item for item in registry.look(Facts(Node(run, str(world.root))), given)}
    assert [check for check, item in found.items() if item["status"] == "unproven"] == []
    assert found["rp_filter"]["status"] == "pass"
    assert {check for check, item in found.items() if item["status"] == "fail"} == {
        *("own_address", "pod_service_overlap", "host_state", "earlier_join"),
    }
