# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requirement sets: which ports are opened to whom."""

from __future__ import annotations

from typing import Any

from fakes.requirements import VPC, internet, leased


def inbound(result: dict[str, Any]) -> dict[str, tuple[str, list[int], list[str]]]:
    return {row["name"]: (row["protocol"], row["ports"], row["sources"]) for row in result["inbound"]}


NODES = ["10.10.0.0/16"]


def test_inbound_over_a_leased_line() -> None:
    assert inbound(leased(node_cidrs=NODES)) == {
        "kubelet": ("tcp", [10250, 10255], VPC),
        "node_exporter": ("tcp", [9100, 9445], VPC),
        "flannel_vxlan": ("udp", [8472], VPC + NODES),
    }
    assert inbound(leased())["flannel_vxlan"] == ("udp", [8472], VPC)
    assert inbound(leased(vpc_cidrs=None)) == {}
    assert inbound(leased(vpc_cidrs=None, node_cidrs=NODES)) == {"flannel_vxlan": ("udp", [8472], NODES)}


def test_inbound_with_terway_edge() -> None:
    assert set(inbound(leased(cni="terway-edge", node_cidrs=NODES))) == {"kubelet", "node_exporter"}
    rules = inbound(leased(cni="terway-edge", bgp_neighbours="10.10.0.1, 10.10.0.2"))
    assert rules["terway_edge_bgp"] == ("tcp", [179], ["10.10.0.1/32", "10.10.0.2/32"])
    assert "terway_edge_bgp" not in inbound(leased(bgp_neighbours="10.10.0.1"))
    assert "terway_edge_bgp" not in inbound(internet(cni="terway-edge", bgp_neighbours="10.10.0.1"))


def test_inbound_over_the_internet() -> None:
    assert inbound(internet(node_cidrs=NODES)) == {
        "kubelet": ("tcp", [10250, 10255], NODES),
        "node_exporter": ("tcp", [9100, 9445], NODES),
        "flannel_vxlan": ("udp", [8472], NODES),
    }
    # Without the networks of the nodes, each node puts in the one that it is on.
    assert {row[2][0] for row in inbound(internet()).values()} == {"on-link"}
    assert set(inbound(internet())) == {"kubelet", "node_exporter", "flannel_vxlan"}
    # The pages contradict each other about TCP only.
    assert set(inbound(internet(node_cidrs=NODES, internet_inbound=False))) == {"flannel_vxlan"}
    assert set(inbound(leased(internet_inbound=False))) == {"kubelet", "node_exporter", "flannel_vxlan"}
