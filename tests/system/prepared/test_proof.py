# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof from the VPC, with the lab's cloud as its host, and machines that pass for one another."""

from __future__ import annotations

import lab
import pytest
import topology

REGION = ("-e", "region=cn-beijing")
CHECKS = ["inbound_tcp_10250", "inbound_tcp_10255", "inbound_tcp_9100", "inbound_tcp_9445", "inbound_udp_8472"]
PROOF = ("--tags", "inbound_proof")


@pytest.fixture
def cloud():
    """Return a function that runs a command in the cloud; what the tests did to it is undone."""
    yield lambda *argv: lab.docker("exec", lab.CLOUD, *argv)
    lab.docker("exec", lab.CLOUD, "nft", "delete", "table", "inet", "proof", check=False)
    lab.docker("exec", lab.CLOUD, "systemctl", "start", "ssh")


def proofs(outcome, node):
    return {item["check"]: item["status"] for item in outcome.verdicts(node) if item["check"].startswith("inbound_")}


def listening(node):
    return lab.docker("exec", node.container, "ss", "-Hltun", "sport = :10250 or sport = :8472").strip()


def test_all_ports_are_reached_from_the_vpc_and_no_listener_stays(play, nodes):
    outcome = play("verify_edge", *REGION, *PROOF)
    assert outcome.rc == 0, outcome.out
    assert outcome.changed == dict.fromkeys(nodes, 0)
    for node in topology.NODES:
        assert proofs(outcome, node.name) == dict.fromkeys(CHECKS, "pass")
        seen = {item["data"]["seen_as"] for item in outcome.verdicts(node.name)}
        assert seen == {topology.VPC_HOST_ADDRESS}
        assert listening(node) == ""


def test_a_firewall_on_the_way_fails_the_ports_that_it_drops(play, nodes, cloud):
    cloud("nft", "add table inet proof; add chain inet proof out { type filter hook output priority 0; }")
    cloud("nft", "add rule inet proof out ip daddr 10.99.0.0/24 th dport { 10250, 8472 } drop")
    outcome = play("verify_edge", *REGION, *PROOF, "-e", "vpc_probe_timeout=2")
    assert outcome.rc == 2, outcome.out
    for node in nodes:
        assert outcome.failing(node) == ["inbound_tcp_10250", "inbound_udp_8472"]
        assert "is not ready for cn-beijing" in outcome.report["hosts"][node]["message"]


def test_a_source_that_nobody_opened_the_ports_to_is_kept_out(play):
    """From the site's network a firewall lets VXLAN in and nothing else; a node without one lets all in."""
    outcome = play("verify_edge", *REGION, *PROOF, "-e", f"vpc_probe_source={topology.LEASED_LINE_GATEWAY}",
                   "-e", "vpc_probe_timeout=2")  # fmt: skip
    assert outcome.failing("edge-debian12") == outcome.failing("edge-el9") == CHECKS[:4]
    assert outcome.failing("edge-debian13") == []


def test_a_lost_probe_host_proves_nothing_and_fails_nobody(play, nodes, cloud):
    cloud("systemctl", "stop", "ssh")
    # Over a connection of its own, not one that an earlier run has left open.
    outcome = play("verify_edge", *REGION, *PROOF, env={"ANSIBLE_SSH_ARGS": "-o ControlMaster=no"})
    assert outcome.rc == 0, outcome.out
    for node in nodes:
        assert proofs(outcome, node) == dict.fromkeys(CHECKS, "unproven")
        assert outcome.report["hosts"][node]["state"] == "ok"


def test_a_host_that_is_named_is_used_and_hosts_of_the_vpc_are_not_prepared(play, nodes):
    outcome = play("verify_edge", *REGION, *PROOF, "-e", "vpc_probe_host=vpc-host", "--limit", "edge-el9,vpc-host")
    assert outcome.rc == 0, outcome.out
    assert list(outcome.report["hosts"]) == ["edge-el9"]
    assert set(nodes) == {node.name for node in topology.NODES}


def test_machines_with_one_machine_id_fail_and_name_each_other(play):
    first, second, third = topology.NODES
    ids = {node: lab.docker("exec", node.container, "cat", "/etc/machine-id") for node in (first, second)}
    write = ("dd", "of=/etc/machine-id", "status=none")
    lab.docker("exec", "-i", second.container, *write, stdin=ids[first])
    try:
        outcome = play("verify_edge", *REGION, "--tags", "readiness")
    finally:
        lab.docker("exec", "-i", second.container, *write, stdin=ids[second])
    assert outcome.rc == 2, outcome.out
    assert f"is also that of {second.name}" in outcome.report["hosts"][first.name]["message"]
    assert f"is also that of {first.name}" in outcome.report["hosts"][second.name]["message"]
    assert outcome.report["hosts"][third.name]["state"] == "ok"
    assert play("verify_edge", *REGION, "--tags", "readiness").rc == 0
