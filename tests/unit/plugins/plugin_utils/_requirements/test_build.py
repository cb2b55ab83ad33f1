# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requirement sets: every case can be built, and the facts that bite are right."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import netaddr
import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.build import build
from fakes.requirements import CALM, CATALOGUE, REGIONS, VPC, destinations, endpoint, internet, leased, names, refused
from hypothesis import given
from hypothesis import strategies as st

VERSIONS = [None, "1.12", "1.12.6-aliyunedge.1", "1.24", "1.26.0", "1.30.7-aliyun.1", "1.32.1-aliyun.1"]
KEYS = {
    "region", "name", "access_mode", "cluster_version", "cni", "endpoints", "routes", "site_routes", "resolve",
    "inbound", "ntp_servers", "system_tools", "system_tool_packages", "os_support", "address_space", "gaps",
    "vpc_cidrs", "node_cidrs", "pod_cidr", "service_cidr",
}  # fmt: skip
SUPERNET = netaddr.IPNetwork("100.64.0.0/10")
CASES = st.fixed_dictionaries(
    {
        "access_mode": st.sampled_from(["internet", "leased_line"]),
        "cluster_version": st.sampled_from(VERSIONS),
        "cni": st.sampled_from(["flannel", "terway-edge"]),
        "vpc_cidrs": st.sampled_from([None, VPC]),
        "node_cidrs": st.sampled_from([None, ["10.10.0.0/16"]]),
        "addons": st.lists(st.sampled_from(["logging", "monitoring"])),
        "route_scope": st.sampled_from(["published", "supernet"]),
        "extra_routes": st.sampled_from([None, ["100.100.0.0/16", "10.9.0.0/16"]]),
        "api_server": st.sampled_from([None, "192.168.0.9", "api.example.com:443", "2001:db8::1"]),
        "raven_gateway": st.sampled_from([None, "203.0.113.5"]),
        "tunnel_server": st.sampled_from([None, "203.0.113.6"]),
        "ntp_servers": st.sampled_from([None, ["10.10.0.1", "ntp.example.com"]]),
        "internet_inbound": st.sampled_from([None, False]),
    }
)


@pytest.mark.parametrize("region", REGIONS)
def test_every_case_can_be_built(region: str) -> None:
    for mode, version, cni in product(("internet", "leased_line"), VERSIONS, ("flannel", "terway-edge")):
        result = build(CATALOGUE, region, access_mode=mode, cluster_version=version, cni=cni, vpc_cidrs=VPC)
        assert set(result) == KEYS
        assert len(set(names(result))) == len(names(result))
        assert {"control_plane", "image_registry", "image_auth", "image_auth_ee"} <= set(names(result))


@CALM
@given(st.sampled_from(REGIONS), CASES)
def test_laws_of_every_case(region: str, options: dict[str, Any]) -> None:
    result = build(CATALOGUE, region, **options)
    # The same question has the same answer, and it survives the way to a node.
    assert build(CATALOGUE, region, **options) == result
    assert json.loads(json.dumps(result)) == result

    routes, site = destinations(result), destinations(result, "site_routes")
    assert len(set(routes + site)) == len(routes + site)
    assert all(netaddr.IPNetwork(network) in SUPERNET for network in routes)
    if options["access_mode"] == "internet":
        assert not (routes or site or result["resolve"])
        assert all(row["networks"] == [] for row in result["endpoints"])

    for row in result["endpoints"]:
        assert "{" not in row["host"]
        assert 1 <= row["port"] <= 65535
        assert row["protocol"] in {"tcp", "tls", "https", "ntp", "udp"}
        assert row["protocol"] == "https" or row["port"] != 443 or row["confidence"] == "user"
    for row in result["inbound"]:
        assert row["sources"]
    for row in result["gaps"]:
        assert set(row) == {"what", "why", "remedy", "status", "blocking"}
        assert row["what"] and row["why"] and row["remedy"]
    assert len({row["what"] for row in result["gaps"]}) == len(result["gaps"])


@CALM
@given(st.sampled_from(REGIONS), st.lists(st.sampled_from(["logging", "monitoring"])))
def test_routes_are_exactly_the_published_ranges_in_the_order_of_addresses(region: str, addons: list[str]) -> None:
    row = CATALOGUE.regions[region]
    expected = set(row["registry"]["routes"] if row["registry"] else [])
    for identity in row["oss"]:
        expected |= set(identity["ranges"])
    for name in addons:
        expected |= set(row.get("addons", {}).get(name, {}).get("routes", []))
    found = destinations(leased(region, addons=addons))
    assert set(found) == expected
    assert found == sorted(found, key=lambda text: (netaddr.IPNetwork(text).first, netaddr.IPNetwork(text).prefixlen))


def test_a_result_can_be_changed_without_changing_the_catalogue() -> None:
    first = leased(addons=["logging"])
    for row in first["endpoints"]:
        row["networks"].append("x")
    for row in [*first["inbound"], *first["system_tool_packages"]]:
        row.clear()
    first["address_space"]["vpc_dns"].clear()
    second = leased(addons=["logging"])
    assert "x" not in str(second["endpoints"])
    assert second["address_space"]["vpc_dns"]
    assert all(second["inbound"])


# Regions


@pytest.mark.parametrize("text", ["cn-beijing", " CN-Beijing\n"])
def test_case_and_space_around_a_region_do_not_matter(text: str) -> None:
    assert internet(text)["region"] == "cn-beijing"


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("cn-bejing", "region is 'cn-bejing': this is not a known region; did you mean cn-beijing"),
        ("mars", "region is 'mars': this is not a known region; known are cn-hangzhou, "),
        ("ap-south-1", "region is 'ap-south-1': the vendor has closed India (Mumbai)"),
        (
            "us-southeast-1",
            "region is 'us-southeast-1': known, nothing published: the vendor names US (Atlanta), but publishes",
        ),
        (" US-Southeast-1", "region is 'US-Southeast-1': known, nothing published: "),
        ("us-southeast-2", "region is 'us-southeast-2': this is not a known region; did you mean "),
        ("", "region is not set: give the id of the cluster's region"),
        (None, "region is not set"),
        (7, "region is 7: give the id"),
        (["cn-beijing"], "region is ['cn-beijing']: give the id"),
    ],
)
def test_wrong_regions(region: Any, expected: str) -> None:
    (problem,) = refused(region)
    assert problem.startswith(expected)


def test_region_and_options_are_judged_together() -> None:
    assert [text.split(" is ")[0] for text in refused("mars", cni="x", cluster_version=1.3)] == [
        "region",
        "cluster_version",
        "cni",
    ]


# Facts that bite


def test_an_address_is_no_key() -> None:
    shared = {"destination": "100.100.0.18/32", "purpose": "registry", "confidence": "seed"}
    for region in ("eu-west-1", "me-central-1"):
        (found,) = [row for row in leased(region)["routes"] if row["destination"] == shared["destination"]]
        assert found.pop("published")["region"] == region
        assert found == shared


def test_halves_of_one_network_stay_halves() -> None:
    assert "100.114.114.128/25" in destinations(leased("eu-west-1"))
    assert "100.114.114.0/25" in destinations(leased("ap-northeast-1"))
    for region in REGIONS:
        assert "100.114.114.0/24" not in destinations(leased(region))


def test_finance_regions_have_several_oss_identities() -> None:
    result = leased("cn-shanghai-finance-1")
    assert destinations(result) == [
        "100.100.0.54/32", "100.100.36.8/32", "100.100.36.24/32", "100.100.80.227/32", "100.115.105.0/24",
    ]  # fmt: skip
    own, public = endpoint(result, "oss_internal"), endpoint(result, "oss_internal_2")
    assert own["host"] == "oss-cn-shanghai-finance-1-internal.aliyuncs.com"
    assert own["networks"] == ["100.115.105.0/24", "100.100.36.8/32"]
    assert public["host"] == "oss-cn-shanghai-finance-1-pub-internal.aliyuncs.com"
    assert public["networks"] == ["100.100.36.24/32", "100.100.36.8/32"]
    assert (own["required"], public["required"]) == (True, False)
    assert endpoint(result, "oss_packages")["networks"] == own["networks"]


def test_finance_region_with_three_internal_hosts_and_no_package_host() -> None:
    result = leased("cn-hangzhou-finance")
    hosts = {row["host"]: row["required"] for row in result["endpoints"] if row["name"].startswith("oss_")}
    assert hosts == {
        "oss-cn-hzjbp-a-internal.aliyuncs.com": True,
        "oss-cn-hzjbp-b-internal.aliyuncs.com": True,
        "oss-cn-hzfinance-internal.aliyuncs.com": False,
    }
    assert "oss_packages" not in names(internet("cn-hangzhou-finance"))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("internet", "dockerauth-cn-zhangjiakou.aliyuncs.com"),
        ("leased_line", "dockerauth-vpc.cn-zhangjiakou.aliyuncs.com"),
    ],
)
def test_the_hyphen_of_zhangjiakou_is_in_the_public_name_only(mode: str, expected: str) -> None:
    result = build(CATALOGUE, "cn-zhangjiakou", access_mode=mode, vpc_cidrs=VPC)
    assert endpoint(result, "image_auth")["host"] == expected
    ee = endpoint(result, "image_auth_ee")["host"]
    assert ee.startswith("dockerauth-ee") and ".cn-zhangjiakou." in ee


@pytest.mark.parametrize("make", [leased, internet])
@pytest.mark.parametrize(
    ("version", "control", "packages"),
    [
        ("1.26", (443, "https"), {443: ("https", True), 80: ("tcp", False)}),
        ("1.26.3-aliyun.1", (443, "https"), {443: ("https", True), 80: ("tcp", False)}),
        ("1.32.1-aliyun.1", (443, "https"), {443: ("https", True), 80: ("tcp", False)}),
        (None, (443, "https"), {443: ("https", True), 80: ("tcp", False)}),
        ("1.25.99", (80, "tcp"), {443: ("https", True), 80: ("tcp", True)}),
        ("1.12", (80, "tcp"), {443: ("https", True), 80: ("tcp", True)}),
    ],
)
def test_ports_of_cluster_versions(
    make: Any, version: str, control: tuple[int, str], packages: dict[int, tuple[str, bool]]
) -> None:
    result = make(cluster_version=version)
    row = endpoint(result, "control_plane")
    assert (row["port"], row["protocol"]) == control
    rows = [row for row in result["endpoints"] if row["name"].startswith("oss_packages")]
    assert {row["port"]: (row["protocol"], row["required"]) for row in rows} == packages
    # Only where the port is optional do the pages disagree about it.
    doubtful = endpoint(result, "oss_packages_http")
    assert (doubtful["confidence"] == "conflicting") is not doubtful["required"]
    assert (endpoint(result, "oss_packages")["purpose"] == doubtful["purpose"]) is doubtful["required"]


def test_tunnel_server_before_and_raven_from_1_26_both_over_the_internet_only() -> None:
    given_hosts = {"tunnel_server": "203.0.113.6", "raven_gateway": "203.0.113.5"}

    def tunnels(result: dict[str, Any]) -> dict[tuple[str, int], bool]:
        return {
            (row["protocol"], row["port"]): row["required"]
            for row in result["endpoints"]
            if row["host"] in given_hosts.values()
        }

    proxy = {("tcp", port): True for port in range(10280, 10285)}
    assert tunnels(internet(cluster_version="1.26.0", **given_hosts)) == {**proxy, ("udp", 4500): False}
    assert tunnels(internet(cluster_version=None, **given_hosts)) == {**proxy, ("udp", 4500): False}
    assert tunnels(internet(cluster_version="1.25.9", **given_hosts)) == {("tcp", 10262): True, ("tcp", 10263): True}
    for version in VERSIONS:
        assert tunnels(leased(cluster_version=version, **given_hosts)) == {}


def test_hosts_of_each_mode() -> None:
    public = internet("cn-beijing")
    assert {row["name"]: row["host"] for row in public["endpoints"]} == {
        "control_plane": "cs-anony.aliyuncs.com",
        "control_plane_region": "cs-anony.cn-beijing.aliyuncs.com",
        "oss_packages": "aliacs-k8s-cn-beijing.oss-cn-beijing.aliyuncs.com",
        "oss_packages_http": "aliacs-k8s-cn-beijing.oss-cn-beijing.aliyuncs.com",
        "image_auth": "dockerauth.cn-beijing.aliyuncs.com",
        "image_auth_ee": "dockerauth-ee.cn-beijing.aliyuncs.com",
        "image_registry": "registry-cn-beijing.ack.aliyuncs.com",
        "ntp_1": "ntp1.aliyun.com",
        "ntp_2": "cn.ntp.org.cn",
    }
    private = leased("cn-beijing", ntp_servers=["10.10.0.1"])
    assert {row["name"]: row["host"] for row in private["endpoints"]} == {
        "control_plane": "cs-anony-vpc.cn-beijing.aliyuncs.com",
        "oss_packages": "aliacs-k8s-cn-beijing.oss-cn-beijing-internal.aliyuncs.com",
        "oss_packages_http": "aliacs-k8s-cn-beijing.oss-cn-beijing-internal.aliyuncs.com",
        "image_auth": "dockerauth-vpc.cn-beijing.aliyuncs.com",
        "image_auth_ee": "dockerauth-ee-vpc.cn-beijing.aliyuncs.com",
        "image_registry": "registry-cn-beijing-vpc.ack.aliyuncs.com",
        "oss_internal": "oss-cn-beijing-internal.aliyuncs.com",
        "ntp_1": "10.10.0.1",
    }


def test_inferred_names_stop_nothing() -> None:
    for region in REGIONS:
        for row in leased(region)["endpoints"]:
            assert row["required"] is False or row["confidence"] != "derived"
    assert endpoint(leased("cn-beijing"), "image_registry")["required"] is True
    for region in ("cn-nanjing", "cn-zhongwei", "cn-wuhan-lr"):
        registry = endpoint(leased(region), "image_registry")
        assert registry["host"] == f"registry-{region}-vpc.ack.aliyuncs.com"
        assert (registry["confidence"], registry["networks"], registry["required"]) == ("derived", [], False)


def test_the_name_of_the_registry_is_better_known_than_its_addresses() -> None:
    result = leased("cn-beijing")
    assert endpoint(result, "image_registry")["confidence"] == "seed+4"
    assert {row["confidence"] for row in result["routes"] if row["purpose"] == "registry"} == {"seed"}
    assert endpoint(result, "control_plane")["confidence"] == "seed+4"


# The API server


@pytest.mark.parametrize(
    ("given_host", "host", "port", "networks"),
    [
        ("192.168.0.10", "192.168.0.10", 6443, VPC),
        ("https://api.example.com:8443", "api.example.com", 8443, VPC),
        ("[2001:db8::1]:6443", "2001:db8::1", 6443, []),
    ],
)
def test_api_server_lies_in_the_vpc(given_host: str, host: str, port: int, networks: list[str]) -> None:
    row = endpoint(leased(api_server=given_host), "api_server")
    assert (row["host"], row["port"], row["protocol"], row["networks"]) == (host, port, "tcp", networks)
    assert (row["required"], row["confidence"]) == (True, "user")
    assert endpoint(internet(api_server=given_host), "api_server")["networks"] == []


# Routes
