# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One node with the tools of each generation of systems: the same verdicts, and none unproven for want of an option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import detect
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.zones import parse_zones
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.loaded import LoadedRules
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.route import Router
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import run
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel
from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc
from fakes.generations import DATA, GENERATIONS, TODAY, Generation, OldTools, recorded
from fakes.readiness import DEFAULTS, World

INPUTS = {
    **DEFAULTS,
    "access_mode": "leased_line",
    "leased_line_interface": "idc0",
    "leased_line_gateway": "10.99.0.253",
    "node_cidrs": ["10.99.0.0/24"],
    "pod_cidr": ["10.70.0.0/15"],
    "service_cidr": ["172.21.0.0/20"],
    "inbound_ports": [8472, 10250, 10255],
}
WITH_FIREWALLD = [one for one in (*GENERATIONS, TODAY) if one.firewalld]
EACH = pytest.mark.parametrize("generation", (*GENERATIONS, TODAY), ids=lambda one: one.name)


def node(generation: Generation, root: Path) -> Node:
    world = World(root)
    world.commands["systemctl --version"] = (0, f"systemd {generation.systemd}\n+PAM\n")
    world.process(77, "chronyd")
    return Node(OldTools(generation, world.run), str(root))


def verdicts(generation: Generation, root: Path) -> dict[str, dict]:
    found = run.run(node(generation, root), INPUTS, False)["results"]
    return {item["check"]: item for item in found}


def told(item: dict) -> dict:
    """Return a verdict without what a clock measured."""
    return {"check": item["check"], "status": item["status"]} if item["check"] == "clock" else item


@EACH
def test_readiness_says_the_same_on_every_generation(generation, tmp_path):
    found, today = verdicts(generation, tmp_path / "a"), verdicts(TODAY, tmp_path / "b")
    assert [item["summary"] for item in found.values() if item["status"] == "unproven"] == []
    # The one check that is about the age of a tool; chrony measured each time anew.
    assert found.pop("systemd")["status"] == ("warn" if generation.systemd < 220 else "pass")
    assert today.pop("systemd")["status"] == "pass"
    assert [told(item) for item in found.values()] == [told(item) for item in today.values()]
    # What this node is about: a route in the Pod CIDR, a cni0, two default routes, a source outside node_cidrs.
    assert found["pod_service_overlap"]["status"] == found["own_address"]["status"] == "fail"
    assert "cni0" in str(found["earlier_join"]["data"]["leftovers"])
    assert len(found["default_route"]["data"]["routes"]) == 2
    assert found["clock"]["status"] == "pass"
    assert found["ports_taken"]["status"] == "fail"


@EACH
def test_routes_and_the_path_are_read_on_every_generation(generation, tmp_path):
    one, today = node(generation, tmp_path / "a"), node(TODAY, tmp_path / "b")

    def answers(asked: Node) -> tuple:
        seen = kernel.observe(asked)
        routes = [live for live in seen.routes if not str(live.route.destination).startswith("fe80:")]
        networks = detect.on_link_networks(asked, "idc0")
        return (
            routes,
            detect.incoming_interface(asked, "100.103.6.1"),
            networks,
            Router(asked.run, 3).lookup("100.103.6.1"),
        )

    assert answers(one) == answers(today)


@EACH
def test_the_clock_and_its_sources_are_read_on_every_generation(generation, tmp_path):
    one = node(generation, tmp_path)
    assert chronyc.tracking(one).synchronised
    [source] = chronyc.all_sources(one)
    assert (source.state, source.reach > 0) == ("*", True)


@EACH
def test_iptables_is_read_on_every_generation(generation, tmp_path):
    one = node(generation, tmp_path)
    table = LoadedRules(one).table("iptables")
    assert table.policies["INPUT"] == "DROP"
    assert len(table.chains["INPUT"]) == 5


@pytest.mark.parametrize("generation", WITH_FIREWALLD, ids=lambda one: one.name)
def test_zones_of_firewalld_are_read_on_every_generation(generation, tmp_path):
    one = node(generation, tmp_path)
    assert one.check(["firewall-cmd", "--state"]).strip() == "running"
    zones = parse_zones(one.check(["firewall-cmd", "--list-all-zones"]))
    assert {"public", "drop", "internal"} <= set(zones)
    policies = one.run(["firewall-cmd", "--list-all-policies"])
    assert (policies.rc == 2) == (generation.version("firewalld") < (0, 9)), policies.err


REFUSED = [
    (one, command, answer)
    for one in (*GENERATIONS, TODAY)
    for tool, name in (("chrony", f"chrony-{one.chrony}"), ("nft", f"nft-{one.nft}"), ("ip", f"iproute2-{one.ip}.0"))
    if tool not in dict(one.meant) and (DATA / "tools" / f"{name}.yml").exists()
    for command, answer in recorded(name).items()
    if re.search(r"invalid option|is unknown", answer[2])
]


@pytest.mark.parametrize(("generation", "command", "answer"), REFUSED, ids=lambda value: str(value)[:40])
def test_the_fake_refuses_in_the_words_of_the_real_tool(generation, command, answer):
    fake = OldTools(generation, lambda argv, *_rest: Completed(argv, 0, "answered", ""))
    done = fake(command.split())
    assert (done.rc, done.err) == (answer[0], answer[2])


@pytest.mark.parametrize(
    ("name", "argv", "refused"),
    [
        ("EL 7.4", ["ip", "-j", "address", "show"], True),
        ("EL 8.0", ["nft", "-j", "list", "ruleset"], False),
        ("Ubuntu 18.04", ["nft", "-j", "list", "ruleset"], True),
        ("Ubuntu 16.04", ["chronyc", "-c", "-n", "tracking"], True),
        ("EL 7.4", ["chronyc", "-c", "-n", "tracking"], False),
        ("EL 7.9", ["iptables-restore", "-w", "5", "--noflush"], False),
        ("Ubuntu 16.04", ["iptables-restore", "-w", "5", "--noflush"], True),
        ("EL 7.9", ["timedatectl", "show", "-p", "NTP"], True),
        ("Debian 11", ["timedatectl", "show", "-p", "NTP"], False),
        ("EL 7.9", ["firewall-cmd", "--list-all-policies"], True),
        ("today", ["nft", "--foo"], True),
    ],
)
def test_what_a_version_knows(name, argv, refused):
    one = next(item for item in (*GENERATIONS, TODAY) if item.name == name)
    fake = OldTools(one, lambda argv, *_rest: Completed(argv, 0, "", ""))
    assert bool(fake(argv).rc) == refused
