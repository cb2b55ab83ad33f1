# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cloud side as Terraform JSON: the provider's argument names, ids as variables only, every prefix and table."""

from __future__ import annotations

import ipaddress
import itertools
import json
import re
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import VARS
from fakes.plan_formats import CASES, plan

ARGUMENTS = yaml.safe_load((VARS / "terraform_arguments.yml").read_text(encoding="utf-8"))["terraform_arguments"]
META = {"for_each", "count"}
ROUTERS = ("enterprise", "basic", "ecr")


def document(given: Any) -> dict[str, Any]:
    return json.loads(BY_NAME["terraform"].text(given))


def blocks(content: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(kind, name, block) for kind, named in content["resource"].items() for name, block in named.items()]


def referenced(content: dict[str, Any], word: str) -> set[str]:
    return set(re.findall(rf"\b{word}\.([a-z_]+)", json.dumps(content["resource"])))


@pytest.mark.parametrize("transit_router", ROUTERS)
def test_the_provider_knows_every_argument(transit_router: str) -> None:
    content = document(plan(transit_router=transit_router))
    found = blocks(content)
    assert len(found) > 5
    for kind, name, block in found:
        known = ARGUMENTS[kind]
        given = set(block) - META
        assert given <= {*known["required"], *known["optional"]}, (kind, name)
        assert set(known["required"]) <= given, (kind, name)
        for nested, keys in known.get("blocks", {}).items():
            assert all(set(row) <= set(keys) for row in block.get(nested, []))


def test_every_resource_in_the_data_is_used_and_names_are_valid() -> None:
    contents = [document(plan(transit_router=one)) for one in ROUTERS]
    assert {kind for content in contents for kind in content["resource"]} == set(ARGUMENTS)
    for content in contents:
        for _kind, name, _block in blocks(content):
            assert re.match(r"[A-Za-z_][A-Za-z0-9_-]*\Z", name)
        assert set(content) <= {"//", "terraform", "variable", "locals", "resource"}


@pytest.mark.parametrize("transit_router", ROUTERS)
def test_variables_and_locals_are_those_that_are_used(transit_router: str) -> None:
    content = document(plan(transit_router=transit_router))
    assert set(content["variable"]) == referenced(content, "var")
    assert set(content["locals"]) == referenced(content, "local")
    assert all(row["description"] and row["type"] for row in content["variable"].values())


@pytest.mark.parametrize("transit_router", ROUTERS)
def test_ids_are_variables_only(transit_router: str) -> None:
    for kind, name, block in blocks(document(plan(transit_router=transit_router))):
        for key, value in block.items():
            if key.endswith(("_id", "_ids", "next_hop")) and not key.endswith("region_id"):
                for one in value if isinstance(value, list) else [value]:
                    assert re.match(r"\$\{(var\.|each\.|alicloud_)[a-z_.\[\]0-9]+\}\Z", one), (kind, name, key)


@pytest.mark.parametrize(("region", "site"), CASES)
def test_an_enterprise_router_gets_every_service_prefix_once_either_way(region: str, site: str) -> None:
    given = plan(region, site)
    content = document(given)
    wanted = [prefix["destination"] for prefix in given["prefixes"] if prefix["service"]]
    assert wanted
    assert list(content["locals"]["service_prefixes"]) == wanted
    entry = content["resource"]["alicloud_cen_transit_router_route_entry"]["service"]
    assert (
        entry["for_each"] == "${ { for cidr, name in local.service_prefixes : cidr => name if !var.use_prefix_list } }"
    )
    assert entry["transit_router_route_entry_next_hop_id"] == "${var.vpc_attachment_id}"
    listed = content["resource"]["alicloud_vpc_prefix_list"]["service"]
    assert [row["cidr"] for row in listed["entrys"]] == wanted
    assert listed["max_entries"] >= len(wanted)
    association = content["resource"]["alicloud_cen_transit_router_prefix_list_association"]["service"]
    assert (association["next_hop_type"], association["count"]) == ("VPC", listed["count"])
    assert not any(
        ipaddress.ip_network(one).overlaps(ipaddress.ip_network(vpc))
        for one, vpc in itertools.product(wanted, given["cluster"]["vpc_cidrs"])
    )


@pytest.mark.parametrize("transit_router", ["enterprise", "ecr"])
def test_every_table_of_the_vpc_routes_every_network_of_the_site_back(transit_router: str) -> None:
    given = plan(transit_router=transit_router)
    content = document(given)
    assert content["locals"]["return_networks"] == given["site"]["node_cidrs"]
    route = content["resource"]["alicloud_route_entry"]["return"]
    assert "setproduct(var.vpc_route_table_ids, local.return_networks)" in route["for_each"]
    assert content["variable"]["vpc_route_table_ids"]["type"] == "list(string)"
    assert route["nexthop_type"] == {"enterprise": "Attachment", "ecr": "Ecr"}[transit_router]


def test_a_basic_router_asks_the_vendors_resolving_for_each_prefix_in_one_region() -> None:
    given = plan("eu-west-1", "dublin", transit_router="basic")
    content = document(given)
    service = content["resource"]["alicloud_cen_route_service"]["service"]
    assert service["for_each"] == "${local.service_prefixes}"
    assert list(content["locals"]["service_prefixes"]) == [
        prefix["destination"] for prefix in given["prefixes"] if prefix["service"]
    ]
    for block in (service, content["resource"]["alicloud_cen_private_zone"]["resolvers"]):
        assert block["host_region_id"] == block["access_region_id"] == "eu-west-1"
    assert "alicloud_route_entry" not in content["resource"]


def test_an_express_connect_router_says_what_nobody_documents() -> None:
    content = document(plan(transit_router="ecr"))
    assert any(line.startswith("Open: ") and "Express Connect" in line for line in content["//"])
    assert "service_prefixes" not in content["locals"]


@pytest.mark.parametrize("transit_router", ROUTERS)
def test_a_zone_is_one_host_name_and_only_on_request(transit_router: str) -> None:
    given = plan(transit_router=transit_router)
    content = document(given)
    known = {row["host"]: row["addresses"] for row in given["records"] if row["addresses"]}
    unknown = [row["host"] for row in given["records"] if not row["addresses"]]
    zones = content["resource"]["alicloud_pvtz_zone"]
    assert sorted(zone["zone_name"] for zone in zones.values()) == sorted(known)
    records = content["resource"]["alicloud_pvtz_zone_record"].values()
    found: dict[str, list[str]] = {}
    for record in records:
        (label,) = re.findall(r"alicloud_pvtz_zone\.(\w+)\[0\]", record["zone_id"])
        assert (record["rr"], record["type"]) == ("@", "A")
        found.setdefault(zones[label]["zone_name"], []).append(record["value"])
    assert found == known
    for block in [*zones.values(), *records, *content["resource"]["alicloud_pvtz_zone_attachment"].values()]:
        assert block["count"] == "${var.create_private_zones ? 1 : 0}"
    assert content["variable"]["create_private_zones"]["default"] is False
    assert unknown
    assert all(f"Open: nobody knows the addresses of {host}." in content["//"] for host in unknown)


def test_the_security_group_lets_in_what_the_nodes_open_towards_the_vpc() -> None:
    given = plan(node_cidrs=["10.20.0.0/16", "2001:db8:20::/48"], vpc_cidrs=["192.168.0.0/16", "2408:4000::/32"])
    rules = document(given)["resource"]["alicloud_security_group_rule"].values()
    found = [(rule["ip_protocol"], rule["port_range"], rule.get("cidr_ip") or rule["ipv6_cidr_ip"]) for rule in rules]
    assert sorted(found) == [
        ("tcp", "6443/6443", "10.20.0.0/16"),
        ("udp", "8472/8472", "10.20.0.0/16"),
        ("udp", "8472/8472", "2001:db8:20::/48"),
    ]
    assert {(rule["type"], rule["policy"], rule["nic_type"]) for rule in rules} == {("ingress", "accept", "intranet")}


def test_without_a_prefix_of_the_service_range_nothing_is_listed() -> None:
    given = plan()
    given["prefixes"] = [prefix for prefix in given["prefixes"] if not prefix["service"]]
    content = document(given)
    assert "alicloud_vpc_prefix_list" not in content["resource"]
    assert content["locals"].get("service_prefixes", {}) == {}
