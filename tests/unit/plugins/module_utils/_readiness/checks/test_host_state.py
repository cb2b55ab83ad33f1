# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import run
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import (
    cni_config,
    earlier_join,
    host_state,
    pod_service_overlap,
    ports_taken,
    swap,
)
from fakes.joined import HUB, OURS, hub, join, stop
from fakes.readiness import DEFAULTS, link, route

INPUTS = {**DEFAULTS, "api_server": "192.168.0.10", "pod_cidr": ["10.244.0.0/16"], "service_cidr": ["172.21.0.0/20"]}
OTHER = "https://10.7.0.1:6443"


def removed(world):
    join()(world)
    stop("inactive")(world)


def unreadable(world):
    join()(world)
    (world.root / "etc/kubernetes/kubelet.conf").unlink()
    (world.root / "etc/kubernetes/kubelet.conf").mkdir()


def behind_the_hub(world):
    join(HUB)(world)
    hub("process", OURS)(world)


@pytest.mark.parametrize(
    ("change", "given", "status", "state", "earlier"),
    [
        (lambda w: None, "auto", "pass", "new", "pass"),
        (lambda w: None, "new", "pass", "new", "pass"),
        (lambda w: None, "joined", "fail", "new", "pass"),
        (join(), "auto", "pass", "joined", "pass"),
        (join(), "joined", "pass", "joined", "pass"),
        (join(), "new", "fail", "joined", "fail"),
        (behind_the_hub, "auto", "pass", "joined", "pass"),
        (join(OTHER), "auto", "fail", "foreign", "fail"),
        (join(OTHER), "joined", "fail", "foreign", "fail"),
        (removed, "auto", "fail", "half_removed", "fail"),
        (removed, "joined", "fail", "half_removed", "fail"),
        (unreadable, "auto", "unproven", "unknown", "fail"),
        (unreadable, "joined", "unproven", "unknown", "fail"),
    ],
)
def test_truth_table(world, change, given, status, state, earlier):
    change(world)
    found = run.run(world.node, {**INPUTS, "host_state": given, "checks": ["host_state", "earlier_join"]}, False)
    ours, join_check = found["results"]
    assert (ours["status"], ours["data"]["state"], join_check["status"]) == (status, state, earlier)
    assert bool(ours["remedy"]) == (status != "pass")
    assert ("host_state is" in ours["summary"]) == (status != "pass" and given != "auto")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (join(OTHER), ("if the cluster has several addresses", "edgeadm reset")),
        (removed, ("start kubelet", "edgeadm reset")),
        (unreadable, ("set api_server", "become: true")),
    ],
)
def test_remedies(world, change, words):
    change(world)
    remedy = host_state.run(world.facts, INPUTS)["remedy"]
    assert all(word in remedy for word in words)


def member(world):
    """Everything that a check of a new host would trip over, and that belongs to the cluster."""
    behind_the_hub(world)
    world.links += [link("cni0", "10.244.3.1/24"), link("flannel.1", "10.244.3.0/32")]
    world.routes += [route("10.244.3.0/24", "cni0"), route("10.244.4.0/24", gateway="10.99.0.12")]
    world.listening(
        'tcp LISTEN 0 128 *:10250 *:* users:(("kubelet",pid=912,fd=3))',
        'tcp LISTEN 0 128 127.0.0.1:10261 0.0.0.0:* users:(("edge-hub",pid=913,fd=3))',
        "udp UNCONN 0 0 0.0.0.0:8472 0.0.0.0:*",
    )
    world.file("/proc/swaps", "Filename Type Size Used Priority\n/dev/vda2 partition 1 0 -2\n")
    world.file("/etc/cni/net.d/06-terway.conflist", "{}")


PORTS = {"inbound_ports": [10250, 8472]}
JUDGED = (earlier_join, ports_taken, pod_service_overlap, cni_config, swap)


def test_a_member_is_judged_as_one(world):
    member(world)
    found = {check.ID: check.run(world.facts, INPUTS | PORTS) for check in JUDGED}
    assert {item["status"] for item in found.values()} == {"pass"}
    assert "10250 kubelet" in found["ports_taken"]["summary"]
    for name in ("earlier_join", "ports_taken", "cni_config", "swap"):
        assert "member" in found[name]["summary"]


@pytest.mark.parametrize("change", [join(OTHER), stop("inactive")])
def test_a_host_that_is_no_member_is_judged_as_before(world, change):
    member(world)
    hub("process", OTHER)(world)
    change(world)
    found = {check.ID: check.run(world.facts, INPUTS | PORTS)["status"] for check in JUDGED}
    assert found == {
        "earlier_join": "fail",
        "ports_taken": "pass",
        "pod_service_overlap": "fail",
        "cni_config": "warn",
        "swap": "warn",
    }


@pytest.mark.parametrize(
    ("trouble", "check", "status"),
    [
        (lambda w: w.routes.append(route("10.244.0.0/16", gateway="10.99.0.12")), pod_service_overlap, "fail"),
        (lambda w: w.routes.append(route("10.244.9.0/24", "eth0")), pod_service_overlap, "fail"),
        (lambda w: w.routes.append(route("172.21.1.0/24", gateway="10.99.0.12")), pod_service_overlap, "fail"),
        (lambda w: w.file("/etc/cni/net.d/10-flannel.conflist", "{}"), cni_config, "warn"),
        (lambda w: w.listening('tcp LISTEN 0 1 *:10250 *:* users:(("nc",pid=1,fd=3))'), ports_taken, "fail"),
    ],
)
def test_what_is_not_the_clusters_still_counts_on_a_member(world, trouble, check, status):
    member(world)
    trouble(world)
    found = check.run(world.facts, INPUTS | PORTS)
    assert found["status"] == status
    assert "refuse this node" not in found["summary"]
