# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requirement sets: routes, networks of the user, add-ons, time servers and tools."""

from __future__ import annotations

import copy
from typing import Any

import netaddr
import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.build import build
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import Catalogue
from fakes.requirements import CATALOGUE, VPC, destinations, endpoint, internet, leased, names, refused

SUPERNET = netaddr.IPNetwork("100.64.0.0/10")


def test_supernet_scope_is_one_route_and_nothing_to_resolve() -> None:
    result = leased("cn-zhengzhou-jva", route_scope="supernet")
    assert result["routes"] == [{"destination": "100.64.0.0/10", "purpose": "supernet", "confidence": "derived"}]
    assert result["resolve"] == []
    assert destinations(result, "site_routes") == VPC


def test_hosts_without_a_published_network_are_resolved_on_the_node() -> None:
    assert leased("cn-beijing", api_server="api.example.com")["resolve"] == [
        "cs-anony-vpc.cn-beijing.aliyuncs.com",
        "dockerauth-vpc.cn-beijing.aliyuncs.com",
        "dockerauth-ee-vpc.cn-beijing.aliyuncs.com",
    ]
    assert "registry-cn-nanjing-vpc.ack.aliyuncs.com" in leased("cn-nanjing")["resolve"]


def test_site_routes_repeat_nothing() -> None:
    extra = ["100.118.58.0/24", "10.0.0.0/8", "100.64.0.0/16"]
    result = leased(vpc_cidrs=["10.0.0.0/8", "192.168.0.0/16"], extra_routes=extra)
    assert result["site_routes"] == [
        {"destination": "10.0.0.0/8", "purpose": "vpc", "confidence": "user"},
        {"destination": "192.168.0.0/16", "purpose": "vpc", "confidence": "user"},
        {"destination": "100.64.0.0/16", "purpose": "extra", "confidence": "user"},
    ]


def test_addons_bring_their_ranges_and_hosts() -> None:
    plain, both = leased("cn-qingdao"), leased("cn-qingdao", addons="logging,monitoring")
    assert set(destinations(both)) - set(destinations(plain)) == {"100.115.76.0/24", "100.100.0.0/24"}
    # 100.100.0.0/24 holds both registry routes, which stay nevertheless.
    assert {"100.100.0.172/32", "100.100.0.207/32"} <= set(destinations(both))
    assert endpoint(both, "logging")["networks"] == ["100.115.76.0/24"]
    assert endpoint(both, "monitoring")["host"] == "cn-qingdao-intranet.arms.aliyuncs.com"
    assert endpoint(both, "monitoring_9090")["networks"] == ["100.100.0.0/24"]
    assert not {"logging", "monitoring"} & set(names(internet("cn-qingdao", addons="logging,monitoring")))


def test_ports_and_hosts_of_addons() -> None:
    result = leased("cn-qingdao", addons="logging,monitoring")
    found = {
        row["name"]: (row["host"], row["port"], row["protocol"], row["confidence"])
        for row in result["endpoints"]
        if row["name"].startswith(("logging", "monitoring"))
    }
    internal, intranet = "cn-qingdao-internal.log.aliyuncs.com", "cn-qingdao-intranet.log.aliyuncs.com"
    assert found == {
        "logging": (internal, 443, "https", "single"),
        "logging_http": (internal, 80, "tcp", "derived"),
        "logging_intranet": (intranet, 443, "https", "single"),
        "logging_intranet_http": (intranet, 80, "tcp", "derived"),
        "monitoring": ("cn-qingdao-intranet.arms.aliyuncs.com", 80, "tcp", "single"),
        "monitoring_9090": ("cn-qingdao-intranet.arms.aliyuncs.com", 9090, "tcp", "single"),
    }
    for name in found:
        row = endpoint(result, name)
        assert row["required"] is False
        assert bool(row["networks"]) is ("intranet" not in name)
    # Of the host without a range the node looks up the address itself.
    assert intranet in result["resolve"] and internal not in result["resolve"]
    assert not [row for row in leased("us-west-1", addons="logging")["endpoints"] if "log" in row["name"]]


@pytest.mark.parametrize("variable", ["vpc_cidrs", "node_cidrs", "pod_cidr", "service_cidr"])
def test_networks_of_the_user_must_not_take_published_addresses(variable: str) -> None:
    (problem,) = refused(**{"access_mode": "leased_line", "vpc_cidrs": VPC, variable: ["100.118.58.0/25"]})
    assert problem.startswith(f"{variable} is 100.118.58.0/25: it overlaps 100.118.58.0/24, which the vendor uses for")
    # The same addresses are nobody's in another region and over the Internet.
    leased("eu-west-1", **{variable: ["100.118.58.0/25"]})
    internet(**{variable: ["100.118.58.0/25"]})


def test_with_the_supernet_routed_all_of_it_is_taken() -> None:
    (problem,) = refused(vpc_cidrs=VPC, route_scope="supernet", node_cidrs="100.64.0.0/24")
    assert "overlaps 100.64.0.0/10" in problem


def test_a_range_that_is_published_twice_is_one_route() -> None:
    data = copy.deepcopy(dict(CATALOGUE.data))
    registry = data["regions"]["cn-beijing"]["registry"]
    registry["routes"].append("100.118.58.0/24")
    rows = build(Catalogue(data), "cn-beijing", vpc_cidrs=VPC)["routes"]
    assert [row for row in rows if row["destination"] == "100.118.58.0/24"] == [
        {
            "destination": "100.118.58.0/24",
            "purpose": "registry",
            "confidence": "seed",
            "published": {
                "region": "cn-beijing",
                "purpose": "registry",
                "row": registry["host"],
                "network": "100.118.58.0/24",
                "sources": "seed",
            },
        }
    ]


def test_networks_of_the_user_come_back_as_lists_of_networks() -> None:
    result = leased(node_cidrs="10.0.0.0/8, FD00::/8", pod_cidr="172.16.0.0/16", service_cidr="")
    assert result["vpc_cidrs"] == VPC
    assert result["node_cidrs"] == ["10.0.0.0/8", "fd00::/8"]
    assert result["pod_cidr"] == ["172.16.0.0/16"]
    assert result["service_cidr"] == []


# Time


def test_time_servers() -> None:
    def time(result: dict[str, Any]) -> list[tuple[str, bool]]:
        return [(row["host"], row["required"]) for row in result["endpoints"] if row["protocol"] == "ntp"]

    vendor = ["ntp1.aliyun.com", "cn.ntp.org.cn"]
    assert time(internet()) == [(host, True) for host in vendor]
    assert internet()["ntp_servers"] == vendor
    assert time(leased()) == [(host, False) for host in vendor]
    assert leased()["ntp_servers"] == []
    for make in (internet, leased):
        result = make(ntp_servers=["10.10.0.1", "NTP.example.com"])
        assert time(result) == [("10.10.0.1", True), ("ntp.example.com", True)]
        assert result["ntp_servers"] == ["10.10.0.1", "ntp.example.com"]


# Tools and systems


def test_system_tools() -> None:
    result = internet()
    assert [row["name"] for row in result["system_tool_packages"]] == result["system_tools"]
    chrony = result["system_tool_packages"][2]
    assert chrony["packages"] == {"debian": ["chrony"], "redhat": ["chrony"]}
    assert chrony["alternatives"][0]["commands"] == ["ntpdate"]
    assert chrony["displaces"] == {"debian": ["ntpd"]}
    assert chrony["replaces"] == {"debian": ["systemd-timesyncd"]}
    for row in result["system_tool_packages"]:
        assert row["commands"]
        assert all(row["packages"][family] for family in ("debian", "redhat"))
