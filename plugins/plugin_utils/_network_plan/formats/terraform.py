# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cloud side of the line as Terraform JSON. Private to the collection.

Every id is a variable, so that the file holds nothing of an account. Resources only add: routes, rules and zones of
their own. The arguments that the provider knows are in vars/terraform_arguments.yml.
"""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import own_name
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

Block = dict[str, Any]
TITLE = "Cloud side, Terraform"
VARIABLES = {
    "cen_id": ("string", "CEN instance"),
    "vpc_id": ("string", "VPC of the cluster"),
    "transit_router_id": ("string", "Enterprise transit router in the region of the cluster"),
    "transit_router_route_table_id": (
        "string",
        "route table of the transit router that the VBR attachment uses",
    ),
    "vpc_attachment_id": ("string", "attachment of the cluster's VPC to the transit router"),
    "express_connect_router_id": ("string", "Express Connect router that the VPC is associated with"),
    "vpc_route_table_ids": ("list(string)", "every route table that a vSwitch of the cluster uses"),
    "security_group_id": ("string", "security group of the API server's load balancer and the cloud nodes"),
}
# Variables that choose; the default is the part that changes least.
CHOICES: dict[str, tuple[str, Any, str]] = {
    "use_prefix_list": ("bool", False, "carry the service prefixes in one prefix list instead of one route entry each"),
    "vbr_attachment_id": (
        "string",
        "",
        "set it only if the transit router does not learn the site's networks from the VBR",
    ),
    "create_private_zones": (
        "bool",
        False,
        "answer these names with the addresses below in the VPC and for sites that ask its resolvers; "
        "each zone is one host name, and nothing keeps its addresses current",
    ),
}


def render(plan: Plan) -> str:
    """Return main.tf.json; the same plan gives the same bytes."""
    make = {"enterprise": _enterprise, "basic": _basic, "ecr": _ecr}[plan["cluster"]["transit_router"]]
    resources = {kind: blocks for kind, blocks in [*make(plan), *_zones(plan), *_permits(plan)] if blocks}
    used = json.dumps(resources)
    variables: Block = {name: {"type": kind, "description": text} for name, (kind, text) in VARIABLES.items()}
    for name, (kind, default, text) in CHOICES.items():
        variables[name] = {"type": kind, "default": default, "description": text}
    document = {
        "//": _remarks(plan),
        "terraform": {"required_providers": {"alicloud": {"source": "aliyun/alicloud", "version": ">= 1.263.0"}}},
        "variable": {name: row for name, row in variables.items() if f"var.{name}" in used},
        "locals": {name: row for name, row in _locals(plan).items() if f"local.{name}" in used},
        "resource": resources,
    }
    return json.dumps({key: value for key, value in document.items() if value}, indent=2, ensure_ascii=True) + "\n"


def _remarks(plan: Plan) -> list[str]:
    site, cluster = plan["site"]["name"], plan["cluster"]
    remarks = [
        f"ACK Edge network plan: cloud side of site {site}, cluster in {cluster['region']}.",
        "These resources only add. To see what they do: terraform plan. To take exactly them out: terraform destroy.",
        "Run it in the account that owns the transit router, with the provider set to the region of the cluster.",
    ]
    unknown = [row["host"] for row in plan["records"] if not row["addresses"]]
    remarks += [f"Open: nobody knows the addresses of {host}." for host in unknown]
    if cluster["transit_router"] == "ecr":
        remarks.append("Open: the vendor does not document how an Express Connect router carries the service prefixes.")
    remarks += [f"Open: {item['what']}" for item in plan["open_items"] if item["blocking"]]
    remarks.append(f"plan.md says what each hop needs, and lists {len(plan['open_items'])} open items.")
    return remarks


def _locals(plan: Plan) -> Block:
    return {
        "service_prefixes": {prefix["destination"]: prefix["name"] for prefix in plan["prefixes"] if prefix["service"]},
        "return_networks": [route["destination"] for route in plan["return_routes"] if "vpc" in route["tables"]],
        "transit_router_networks": [
            route["destination"] for route in plan["return_routes"] if "transit_router" in route["tables"]
        ],
    }


def _enterprise(plan: Plan) -> list[tuple[str, Block]]:
    """Return what carries the service prefixes to the VPC attachment and the site's networks back."""
    name = own_name(plan)
    entries = {
        "service": _entry(
            "${ { for cidr, name in local.service_prefixes : cidr => name if !var.use_prefix_list } }",
            "var.vpc_attachment_id",
            "${each.value}",
        ),
        "return": _entry(
            '${ { for cidr in local.transit_router_networks : cidr => cidr if var.vbr_attachment_id != "" } }',
            "var.vbr_attachment_id",
            name,
        ),
    }
    prefix_list = {
        "count": "${var.use_prefix_list ? 1 : 0}",
        "prefix_list_name": name,
        "prefix_list_description": f"{name}: services that data centers reach",
        "ip_version": "IPV4",
        "max_entries": max(50, sum(prefix["service"] for prefix in plan["prefixes"])),
        "entrys": [
            {"cidr": prefix["destination"], "description": prefix["name"]}
            for prefix in plan["prefixes"]
            if prefix["service"]
        ],
    }
    association = {
        "count": "${var.use_prefix_list ? 1 : 0}",
        "prefix_list_id": "${alicloud_vpc_prefix_list.service[0].id}",
        "transit_router_id": "${var.transit_router_id}",
        "transit_router_table_id": "${var.transit_router_route_table_id}",
        "next_hop": "${var.vpc_attachment_id}",
        "next_hop_type": "VPC",
    }
    service = any(prefix["service"] for prefix in plan["prefixes"])
    return [
        ("alicloud_cen_transit_router_route_entry", entries),
        ("alicloud_vpc_prefix_list", {"service": prefix_list} if service else {}),
        ("alicloud_cen_transit_router_prefix_list_association", {"service": association} if service else {}),
        ("alicloud_route_entry", _back(name, "Attachment", "var.vpc_attachment_id")),
    ]


def _entry(for_each: str, next_hop: str, name: str) -> Block:
    return {
        "for_each": for_each,
        "transit_router_route_table_id": "${var.transit_router_route_table_id}",
        "transit_router_route_entry_destination_cidr_block": "${each.key}",
        "transit_router_route_entry_next_hop_type": "Attachment",
        "transit_router_route_entry_next_hop_id": f"${{{next_hop}}}",
        "transit_router_route_entry_name": name,
    }


def _back(name: str, kind: str, next_hop: str) -> Block:
    """Return the routes to the site in every route table of the VPC: one that lacks them loses the answers."""
    pairs = "for pair in setproduct(var.vpc_route_table_ids, local.return_networks)"
    return {
        "return": {
            "for_each": f'${{ {{ {pairs} : join(" ", pair) => pair }} }}',
            "route_table_id": "${each.value[0]}",
            "destination_cidrblock": "${each.value[1]}",
            "nexthop_type": kind,
            "nexthop_id": f"${{{next_hop}}}",
            "name": name,
        }
    }


def _basic(plan: Plan) -> list[tuple[str, Block]]:
    """Return the vendor's older way: the router knows the services itself, and both regions have to be the same."""
    region = plan["cluster"]["region"]
    common = {
        "cen_id": "${var.cen_id}",
        "access_region_id": region,
        "host_region_id": region,
        "host_vpc_id": "${var.vpc_id}",
    }
    service = {"for_each": "${local.service_prefixes}", **common, "host": "${each.key}", "description": "${each.value}"}
    return [("alicloud_cen_route_service", {"service": service}), ("alicloud_cen_private_zone", {"resolvers": common})]


def _ecr(plan: Plan) -> list[tuple[str, Block]]:
    return [("alicloud_route_entry", _back(own_name(plan), "Ecr", "var.express_connect_router_id"))]


def _zones(plan: Plan) -> list[tuple[str, Block]]:
    """Return one zone per host name, never a zone above it: that would hide every other name below it."""
    zones, attachments, records = {}, {}, {}
    for row in plan["records"]:
        # The provider knows no records of type AAAA.
        addresses = [address for address in row["addresses"] if ":" not in address]
        if not addresses:
            continue
        label = "host_" + "".join(char if char.isalnum() else "_" for char in row["host"])
        count = "${var.create_private_zones ? 1 : 0}"
        zone = f"${{alicloud_pvtz_zone.{label}[0].id}}"
        zones[label] = {"count": count, "zone_name": row["host"], "remark": own_name(plan)}
        attachments[label] = {"count": count, "zone_id": zone, "vpc_ids": ["${var.vpc_id}"]}
        for address in addresses:
            name = f"{label}_{address.replace('.', '_')}"
            records[name] = {"count": count, "zone_id": zone, "rr": "@", "type": "A", "value": address, "ttl": 60}
    return [
        ("alicloud_pvtz_zone", zones),
        ("alicloud_pvtz_zone_attachment", attachments),
        ("alicloud_pvtz_zone_record", records),
    ]


def _permits(plan: Plan) -> list[tuple[str, Block]]:
    """Return what nodes of the site open towards the VPC: API server, and Flannel's tunnels."""
    vpc = {ipaddress.ip_network(cidr) for cidr in plan["cluster"]["vpc_cidrs"]}
    wanted: dict[tuple[str, str, int, int], None] = {}
    for flow in plan["flows"]:
        if flow["direction"] != "outbound" or not any(_within(cidr, vpc) for cidr in flow["destinations"]):
            continue
        for source in flow["sources"]:
            for ports in flow["ports"]:
                wanted[source, flow["protocol"], ports["first"], ports["last"]] = None
    rules = {}
    for source, protocol, first, last in wanted:
        network = ipaddress.ip_network(source)
        label = f"{protocol}_{first}_{last}_from_" + "".join(char if char.isalnum() else "_" for char in source)
        rules[label] = {
            "type": "ingress",
            "ip_protocol": protocol,
            "port_range": f"{first}/{last}",
            "security_group_id": "${var.security_group_id}",
            "nic_type": "intranet",
            "policy": "accept",
            "priority": 1,
            "ipv6_cidr_ip" if network.version == 6 else "cidr_ip": source,
            "description": own_name(plan),
        }
    return [("alicloud_security_group_rule", rules)]


def _within(cidr: str, networks: set[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    inner = ipaddress.ip_network(cidr)
    if isinstance(inner, ipaddress.IPv4Network):
        return any(inner.subnet_of(outer) for outer in networks if isinstance(outer, ipaddress.IPv4Network))
    return any(inner.subnet_of(outer) for outer in networks if isinstance(outer, ipaddress.IPv6Network))


FORMAT = Format("terraform", "main.tf.json", TITLE, "Alibaba Cloud, with Terraform or OpenTofu", render)
