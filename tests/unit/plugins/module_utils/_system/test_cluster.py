# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One list says what belongs to a cluster, and every engine that asks gets the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import earlier_join, pod_service_overlap
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel, lockout, types
from ansible_collections.ack_edge.node.plugins.module_utils._system import cluster
from fakes.kernel_routes import live
from fakes.kernel_routes import route as wanted
from fakes.readiness import World, link, route

OWN = [
    "cni0", "flannel.1", "flannel-v6.1", "flannel0", "cali1a2b3c4d5e6", "vxlan.calico", "vxlan-v6.calico",
    "wireguard.cali", "wg-v6.cali", "tunl0", "cilium_host", "cilium_net", "cilium_vxlan", "lxc_health",
    "lxc0f1e2d3c4b5a", "raven0", "kube-ipvs0", "nodelocaldns", "kube-bridge", "kube-dummy-if",
]  # fmt: skip
OTHERS = [
    "eth0",
    "idc0",
    "docker0",
    "cni-podman0",
    "lxcbr0",
    "lxdbr0",
    "tun0",
    "wg0",
    "virbr0",
    "vethcali",
    "cni0.5x\n",
]


@pytest.mark.parametrize("name", OWN)
def test_what_a_network_plug_in_makes_is_the_clusters_for_all(name: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.routes.append(route("10.244.1.0/24", name))
    world.links.append(link(name))
    inputs = {"pod_cidr": ["10.244.0.0/16"], "service_cidr": ["172.21.0.0/20"]}
    assert pod_service_overlap.run(world.facts, inputs)["status"] == "pass"
    # The kernel makes a tunl0 for whoever loads ipip.
    assert earlier_join.run(world.facts, {})["status"] == ("pass" if name == "tunl0" else "fail")
    theirs = live(wanted("10.244.1.0/24 via 192.0.2.1 dev x")._replace(gateway=None, interface=name))
    ours = types.item(wanted("10.244.0.0/16 via 10.99.0.253 dev idc0"))
    assert name in lockout.cluster_overlaps(kernel.Kernel({}, [theirs]), [ours])[0]


@pytest.mark.parametrize("name", OTHERS)
def test_other_interfaces_are_not(name: str) -> None:
    assert not cluster.owns_interface(name)
    assert cluster.traces_of_a_join([name]) == []


def test_a_hundred_pods_are_one_trace() -> None:
    names = ["eth0", "cni0", *(f"cali{number:011x}" for number in range(100)), "flannel.1", "flannel-v6.1"]
    assert cluster.traces_of_a_join(names) == ["cni0", "cali00000000000", "flannel.1", "flannel-v6.1"]


def test_who_leads_packets_to_what_a_cluster_runs() -> None:
    own = ("KUBE-SVC-ABC", "CNI-DN-1", "cali-PREROUTING", "CILIUM_PRE_nat")
    assert all(cluster.owns_redirect(chain) for chain in own)
    assert not any(cluster.owns_redirect(chain) for chain in ("DOCKER", "NETAVARK-DN-1", "CNI-ADMIN", "kube-proxy"))
    assert cluster.owns_redirect("services", "kube-proxy")
    assert not any(cluster.owns_redirect("pre", table) for table in ("docker-bridges", "netavark", "cilium-site"))
