# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is missing is said, with a remedy that names a variable or a place to look, and only the hopeless blocks."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.requirements import CATALOGUE, REGIONS, gap, internet, leased, names

NO_REGISTRY = {key for key in REGIONS if not CATALOGUE.regions[key]["registry"]}
ROUTES = ("registry routes", "OSS ranges")


def whats(result: dict[str, Any]) -> list[str]:
    return [row["what"] for row in result["gaps"]]


def blocking(result: dict[str, Any]) -> list[str]:
    return [row["what"] for row in result["gaps"] if row["blocking"]]


def test_a_complete_case_has_only_what_the_vendor_does_not_publish() -> None:
    given = {"api_server": "192.168.0.10", "node_cidrs": "10.10.0.0/16", "ntp_servers": "10.10.0.1"}
    http = "package download over http"
    assert whats(leased(**given)) == ["control plane address", "image auth hosts", http]
    given["raven_gateway"] = "203.0.113.5"
    assert whats(internet(**given)) == [http, "image layer bucket", "inbound TCP in internet mode"]
    assert whats(internet(**given, internet_inbound=False)) == [http, "image layer bucket"]


def test_leased_line_without_the_networks_of_the_vpc_blocks() -> None:
    result = leased(vpc_cidrs=None)
    assert blocking(result) == ["vpc_cidrs"]
    assert result["gaps"][0]["what"] == "vpc_cidrs"
    assert "set vpc_cidrs" in result["gaps"][0]["remedy"]
    assert blocking(internet(vpc_cidrs=None)) == []


def test_the_regions_without_published_routes() -> None:
    assert len(NO_REGISTRY) == 10
    assert {"cn-nanjing", "cn-zhongwei", "cn-wuhan-lr", "me-east-1"} < NO_REGISTRY


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_without_published_routes_blocks_over_a_leased_line(region: str) -> None:
    expected = ["registry routes"] if region in NO_REGISTRY else []
    expected += ["OSS ranges"] if region == "cn-zhengzhou-jva" else []
    result = leased(region)
    assert blocking(result) == expected
    for what in expected:
        found = gap(result, what)
        assert found and "route_scope" in found["remedy"] and "extra_routes" in found["remedy"]
        host = f"registry-{region}-vpc.ack.aliyuncs.com is derived"
        assert (host in found["why"]) is (what == "registry routes")
    for way_out in ({"route_scope": "supernet"}, {"extra_routes": "100.100.0.0/16"}):
        opened = leased(region, **way_out)
        assert blocking(opened) == []
        assert [what for what in whats(opened) if what in ROUTES] == expected
    assert not set(ROUTES) & set(whats(internet(region)))


def test_an_unset_version_says_what_depends_on_it() -> None:
    private = gap(leased(cluster_version=None), "cluster_version")
    public = gap(internet(cluster_version=""), "cluster_version")
    assert private and private["why"].endswith("for control_plane, oss_packages")
    assert public and public["why"].endswith("for control_plane, oss_packages, tunnel_server, raven_gateway")
    assert gap(leased(), "cluster_version") is None


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (internet(cluster_version="1.30"), {"api_server", "raven_gateway"}),
        (internet(cluster_version="1.24"), {"api_server", "tunnel_server"}),
        (leased(cluster_version="1.30"), {"api_server"}),
        (leased(cluster_version="1.24"), {"api_server"}),
        (internet(raven_gateway="203.0.113.5", api_server="203.0.113.7"), set()),
    ],
)
def test_hosts_that_belong_to_the_cluster(result: dict[str, Any], expected: set[str]) -> None:
    variables = {"api_server", "raven_gateway", "tunnel_server"}
    assert variables & set(whats(result)) == expected
    for variable in expected:
        found = gap(result, variable)
        assert found and found["remedy"].startswith(f"set {variable} to the ")


def test_the_endpoint_of_the_api_server_depends_on_the_mode() -> None:
    private, public = gap(leased(), "api_server"), gap(internet(), "api_server")
    assert private and "private endpoint" in private["remedy"]
    assert "without one access_mode internet is impossible later" in private["remedy"]
    assert public and "public endpoint" in public["remedy"]
    assert "only where the API server has an EIP" in public["remedy"]


def test_time_over_a_leased_line() -> None:
    found = gap(leased(), "ntp_servers")
    assert found and "selfHostNtpServer: true" in found["remedy"]
    assert gap(leased(ntp_servers="10.0.0.1"), "ntp_servers") is None
    assert gap(internet(), "ntp_servers") is None


def test_ports_that_cannot_be_opened_are_named() -> None:
    private, public = gap(leased(), "node_cidrs"), gap(internet(), "node_cidrs")
    assert private and "8472/udp" in private["why"] and "10250" not in private["why"]
    ports = "10250/tcp, 10255/tcp, 9100/tcp, 9445/tcp, 8472/udp"
    assert public and public["why"] == f"it is not set, so {ports} are opened for the network that each node is on"
    assert gap(leased(cni="terway-edge"), "node_cidrs") is None
    assert gap(internet(cni="terway-edge", internet_inbound=False), "node_cidrs") is None
    peers = gap(leased(cni="terway-edge"), "bgp_neighbours")
    assert peers and "179/tcp" in peers["why"]
    assert gap(leased(cni="terway-edge", bgp_neighbours="10.0.0.1"), "bgp_neighbours") is None


def test_the_dispute_about_inbound_ports_is_told_where_they_are_opened() -> None:
    found = gap(internet(node_cidrs="10.10.0.0/16"), "inbound TCP in internet mode")
    assert found and "10250, 10255, 9100, 9445" in found["why"] and "internet_inbound" in found["remedy"]
    assert "2 older ones say" in found["why"] and "4 newer ones" in found["why"]
    assert gap(internet(), "inbound TCP in internet mode") == found
    assert gap(leased(node_cidrs="10.10.0.0/16"), "inbound TCP in internet mode") is None


def test_package_host_of_the_one_region_whose_oss_ids_break_the_pattern() -> None:
    for make in (leased, internet):
        assert [key for key in REGIONS if gap(make(key), "package host")] == ["cn-hangzhou-finance"]
        assert [key for key in REGIONS if "oss_packages" not in names(make(key))] == ["cn-hangzhou-finance"]


@pytest.mark.parametrize("make", [leased, internet])
@pytest.mark.parametrize(("version", "expected"), [("1.25.9", False), ("1.26", True), ("1.32.1-aliyun.1", True)])
def test_the_download_over_http_is_disputed_from_1_26_on(make: Any, version: str, expected: bool) -> None:
    found = gap(make(cluster_version=version), "package download over http")
    assert (found is not None) is expected
    assert found is None or ("replace http:// by https://" in found["remedy"] and found["status"] == "info")
    assert gap(make("cn-hangzhou-finance", cluster_version=version), "package download over http") is None


def test_finance_regions_say_which_oss_identity_counts() -> None:
    assert [key for key in REGIONS if gap(leased(key), "OSS identity")] == [
        key for key in REGIONS if CATALOGUE.regions[key]["cloud"] == "finance"
    ]
    assert gap(internet("cn-shanghai-finance-1"), "OSS identity") is None


def test_layers_over_the_internet() -> None:
    found = gap(internet("cn-hangzhou-finance"), "image layer bucket")
    assert found and "*.oss-cn-hzjbp.aliyuncs.com and *.oss-cn-hzfinance.aliyuncs.com" in found["remedy"]
    found = gap(internet("cn-zhengzhou-jva"), "image layer bucket")
    assert found and "*.oss-cn-zhengzhou-jva.aliyuncs.com" in found["remedy"]
    assert gap(leased(), "image layer bucket") is None


def test_addons_without_a_published_range() -> None:
    result = leased("cn-beijing", addons=["logging", "monitoring"])
    assert [what for what in whats(result) if what.startswith("add-on")] == ["add-on monitoring"]
    result = internet("cn-beijing", addons=["logging", "monitoring"])
    assert [what for what in whats(result) if what.startswith("add-on")] == ["add-on logging", "add-on monitoring"]


@pytest.mark.parametrize(("version", "expected"), [("1.26", True), ("1.28", False), (None, False)])
def test_terway_edge_on_a_cluster_that_is_too_old(version: str | None, expected: bool) -> None:
    assert (gap(leased(cni="terway-edge", cluster_version=version), "cni") is not None) is expected
    assert gap(leased(cluster_version=version), "cni") is None


def test_the_supernet_needs_no_further_routes() -> None:
    for what in ("control plane address", "image auth hosts"):
        published, supernet = gap(leased(), what), gap(leased(route_scope="supernet"), what)
        assert published and "are then routed" in published["remedy"]
        assert supernet and "are then routed" not in supernet["remedy"]
