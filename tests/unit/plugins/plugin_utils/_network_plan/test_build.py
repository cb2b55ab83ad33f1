# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan is a view of the requirement set: nothing is lost, nothing is added, and what is missing is said."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.build import LONGEST_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.needs import covers
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan
from fakes.network_plan import RUNS, SCHEMA, flow, item, make, plan, site
from fakes.requirements import CALM, REGIONS, leased
from hypothesis import given
from hypothesis import strategies as st

CONTROL_PLANE = "cs-anony-vpc.cn-beijing.aliyuncs.com"


def destinations(made: Plan) -> list[str]:
    return [prefix["destination"] for prefix in made["prefixes"]]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("scope", ["exact", "supernet"])
def test_every_network_of_the_set_once(region: str, scope: str) -> None:
    addons = ["logging", "monitoring"]
    made = plan(region=region, scope=scope, addons=addons)
    needs = leased(region, route_scope={"exact": "published"}.get(scope, scope), addons=addons)
    wanted = [row["destination"] for row in needs["routes"] + needs["site_routes"]]
    assert sorted(set(destinations(made))) == sorted(destinations(made))
    assert set(wanted) <= set(destinations(made))
    more = set(destinations(made)) - set(wanted)
    assert more == (set() if scope == "supernet" else {"100.100.2.136/32", "100.100.2.138/32"})


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(("version", "cni"), [("1.20", "flannel"), ("", "terway-edge")])
def test_plans_have_the_shape_of_the_schema(region: str, version: str, cni: str) -> None:
    made = plan(region=region, cluster_version=version, cni=cni, bgp_neighbours="10.20.0.1")
    SCHEMA.validate(made)
    _ids_are_unique(made)
    _every_endpoint_is_permitted_or_said(made, region)


def _ids_are_unique(made: Plan) -> None:
    for key in ("open_items", "prefixes", "flows", "return_routes", "records"):
        ids = [one["id"] for one in made[key]]  # type: ignore[literal-required]
        assert len(set(ids)) == len(ids), key
    names = [one["name"] for one in made["flows"]]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and len(name) <= LONGEST_NAME and " " not in name for name in names)


def _every_endpoint_is_permitted_or_said(made: Plan, region: str) -> None:
    version = made["cluster"]["cluster_version"]
    needs = leased(
        region, cluster_version=version, api_server="192.168.0.10", addons=["logging"], ntp_servers=["192.168.0.5"]
    )
    permitted = {name for one in made["flows"] for name in one["endpoints"]}
    unknown = {
        one["id"].removeprefix("unresolved-") for one in made["open_items"] if one["id"].startswith("unresolved-")
    }
    for row in needs["endpoints"]:
        assert row["name"] in permitted or row["host"] in unknown, row


def test_destinations_of_permits_are_routed() -> None:
    for made in (plan(), plan(scope="supernet"), plan(api_server="10.99.0.1")):
        for one in made["flows"]:
            if one["direction"] == "outbound":
                for network in one["destinations"]:
                    assert any(covers(prefix["destination"], network) for prefix in made["prefixes"]), one


def test_what_a_prefix_says() -> None:
    made = {one["destination"]: one for one in plan(extra_routes="10.200.0.0/16")["prefixes"]}
    assert made["100.118.58.0/24"] == {
        "id": "prefix-100.118.58.0-24",
        "destination": "100.118.58.0/24",
        "family": "ipv4",
        "purpose": "oss",
        "name": "ACK-EDGE-OSS",
        "hosts": ["aliacs-k8s-cn-beijing.oss-cn-beijing-internal.aliyuncs.com", "oss-cn-beijing-internal.aliyuncs.com"],
        "confidence": "copies:7",
        "source": "published by the vendor (vars/regions.yml)",
        "service": True,
    }
    assert (made["192.168.0.0/16"]["service"], made["192.168.0.0/16"]["purpose"]) == (False, "vpc")
    assert (made["10.200.0.0/16"]["purpose"], made["10.200.0.0/16"]["source"]) == ("extra", "given by the user")
    assert made["100.100.2.136/32"]["purpose"] == "resolver"


def test_flows_outbound() -> None:
    made = plan()
    registry = flow(made, "flow-outbound-registry-tcp-443")
    assert registry["sources"] == ["10.20.0.0/16"]
    assert registry["destinations"] == ["100.103.0.251/32", "100.103.6.63/32", "100.103.99.73/32"]
    assert registry["ports"] == [{"first": 443, "last": 443}]
    assert (registry["name"], registry["required"]) == ("ACK-EDGE-REGISTRY-TCP-443", True)
    assert flow(made, "flow-outbound-oss-tcp-443")["endpoints"] == ["oss_internal", "oss_packages"]
    assert flow(made, "flow-outbound-api-server-tcp-6443")["destinations"] == ["192.168.0.10/32"]
    assert flow(made, "flow-outbound-ntp-udp-123")["destinations"] == ["192.168.0.5/32"]
    for protocol in ("udp", "tcp"):
        assert flow(made, f"flow-outbound-dns-{protocol}-53")["destinations"] == [
            "100.100.2.136/32",
            "100.100.2.138/32",
        ]
    assert not flow(made, "flow-outbound-logging-tcp-443")["required"]
    assert flow(made, "flow-outbound-flannel-vxlan-udp-8472")["destinations"] == ["192.168.0.0/16"]


def test_old_clusters_use_port_80() -> None:
    made = plan(cluster_version="1.24", scope="supernet")
    assert flow(made, "flow-outbound-oss-tcp-80")["endpoints"] == ["oss_packages_http"]
    assert flow(made, "flow-outbound-control-plane-tcp-80")["destinations"] == ["100.64.0.0/10"]
    assert flow(made, "flow-outbound-oss-tcp-80")["required"]
    # Newer ones can do without it: the download command works over https, too.
    newer = [one for one in plan()["flows"] if {"first": 80, "last": 80} in one["ports"]]
    assert {one["id"] for one in newer} == {"flow-outbound-oss-tcp-80", "flow-outbound-logging-tcp-80"}
    assert not [one for one in newer if one["required"]]


def test_flows_inbound() -> None:
    made = plan()
    kubelet = flow(made, "flow-inbound-kubelet-tcp")
    assert (kubelet["sources"], kubelet["destinations"]) == (["192.168.0.0/16"], ["10.20.0.0/16"])
    assert kubelet["ports"] == [{"first": 10250, "last": 10250}, {"first": 10255, "last": 10255}]
    assert flow(made, "flow-inbound-flannel-vxlan-udp")["sources"] == ["10.20.0.0/16", "192.168.0.0/16"]
    bgp = flow(plan(cni="terway-edge", bgp_neighbours="10.20.0.1"), "flow-inbound-terway-edge-bgp-tcp")
    assert bgp["sources"] == ["10.20.0.1/32"]


def test_no_permit_mixes_address_families() -> None:
    made = plan(vpc_cidrs="192.168.0.0/16 2001:db8:1::/56", node_cidrs="10.20.0.0/16 2001:db8:2::/64")
    for one in made["flows"]:
        networks = one["sources"] + one["destinations"]
        assert len({ipaddress.ip_network(network).version for network in networks}) == 1, one
        assert one["id"].endswith("-ipv6") == (":" in networks[0])
    assert flow(made, "flow-inbound-kubelet-tcp-ipv6")["sources"] == ["2001:db8:1::/56"]
    assert "2001:db8:1::/56" in item(made, "no-next-hop-of-family")["what"]


def test_a_permit_without_an_end_does_not_exist() -> None:
    made = plan(node_cidrs=[])
    assert (made["flows"], made["return_routes"]) == ([], [])
    assert item(made, "no-node-cidrs")["blocking"]
    assert "flow-outbound-control-plane-tcp-443" not in [one["id"] for one in plan()["flows"]]


@pytest.mark.parametrize(
    ("kind", "tables"),
    [("enterprise", ["vbr", "transit_router", "vpc"]), ("basic", ["vbr"]), ("ecr", ["vbr", "vpc"])],
)
def test_return_routes(kind: str, tables: list[str]) -> None:
    made = plan(transit_router=kind)
    assert made["return_routes"] == [{"id": "return-10.20.0.0-16", "destination": "10.20.0.0/16", "tables": tables}]


def test_the_pod_network_comes_back_with_terway_edge_only() -> None:
    pods = {"pod_cidr": "172.20.0.0/16"}
    assert len(plan(**pods)["return_routes"]) == 1
    made = plan(cni="terway-edge", **pods)
    assert [one["destination"] for one in made["return_routes"]] == ["10.20.0.0/16", "172.20.0.0/16"]
    assert item(made, "pod-permits")
    assert item(plan(cni="terway-edge"), "no-pod-cidr")["blocking"]


def test_records() -> None:
    records = {one["host"]: one for one in plan()["records"]}
    assert records[CONTROL_PLANE] == {
        "id": f"record-{CONTROL_PLANE}",
        "host": CONTROL_PLANE,
        "addresses": [],
        "source": "",
    }
    registry = records["registry-cn-beijing-vpc.ack.aliyuncs.com"]
    assert (registry["source"], len(registry["addresses"])) == ("published", 3)
    assert "oss-cn-beijing-internal.aliyuncs.com" not in records


def test_addresses_that_the_user_resolved() -> None:
    made = plan(resolved={CONTROL_PLANE: ["100.103.110.4", "192.168.7.7"]})
    prefix = next(one for one in made["prefixes"] if one["purpose"] == "resolved")
    assert (prefix["destination"], prefix["hosts"], prefix["source"]) == (
        "100.103.110.4/32",
        [CONTROL_PLANE],
        "site file",
    )
    # An endpoint of PrivateLink lies in the VPC, which has its route.
    assert "192.168.7.7/32" not in destinations(made)
    control = flow(made, "flow-outbound-control-plane-tcp-443")
    assert control["destinations"] == ["100.103.110.4/32", "192.168.7.7/32"]
    assert item(made, f"unresolved-{CONTROL_PLANE}") is None
    assert next(one for one in made["records"] if one["host"] == CONTROL_PLANE)["source"] == "site file"


def test_the_supernet_carries_all() -> None:
    made = plan(scope="supernet")
    assert destinations(made) == ["100.64.0.0/10", "192.168.0.0/16"]
    assert flow(made, "flow-outbound-control-plane-tcp-443")["destinations"] == ["100.64.0.0/10"]
    # Permits stay as narrow as they are published.
    assert flow(made, "flow-outbound-registry-tcp-443")["destinations"][0] == "100.103.0.251/32"
    assert item(made, f"unresolved-{CONTROL_PLANE}") is None
    assert CONTROL_PLANE in [one["host"] for one in made["records"]]


def shuffled(values: list[str], draw: Any) -> list[str]:
    return draw(st.permutations(values))


@CALM
@given(data=st.data())
def test_the_order_of_what_is_given_does_not_matter(data: st.DataObject) -> None:
    nodes, vpc = ["10.20.0.0/16", "10.40.0.0/24"], ["192.168.0.0/16", "172.30.0.0/16"]
    addons, first = ["logging", "monitoring"], site(name="a", node_cidrs=["10.60.0.0/16"], region="cn-qingdao")
    given_site = site(node_cidrs=nodes, vpc_cidrs=vpc, addons=addons, region="cn-qingdao")
    other = {
        key: shuffled(value, data.draw) if isinstance(value, list) else value
        for key, value in data.draw(st.permutations(list(given_site.items())))
    }
    assert make(first, given_site) == make(*data.draw(st.permutations([first, other])))


@pytest.mark.parametrize("name", RUNS)
def test_a_plan_is_json_and_reads_back_the_same(name: str) -> None:
    for made in make(*RUNS[name]):
        SCHEMA.validate(made)
        assert json.loads(json.dumps(made)) == made
