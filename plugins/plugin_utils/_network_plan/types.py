# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a network plan consists of: the shapes in plan.json. Private to the collection.

``plan.json`` is a :class:`Plan` as JSON and the only truth; every other file of a plan is a view of it. Its schema is
in docs/network_plan.schema.json. All ids are stable: they follow from what the item is, never from its place.
"""

from __future__ import annotations

from typing import Literal, TypedDict

SCHEMA_VERSION = 1

TransitRouter = Literal["enterprise", "basic", "ecr"]
State = Literal["works", "fails"]


class Site(TypedDict):
    """One data centre, as its site file or the inventory describes it. Text that is not given is ""."""

    name: str
    node_cidrs: list[str]
    next_hop: str  # address of the router towards the VBR
    interface: str  # of the site's router or firewall, towards the next hop
    preference: int  # of static routes; 0 leaves it to the device
    vrf: str
    zone_inside: str  # of the firewall, towards the nodes
    zone_outside: str  # of the firewall, towards the leased line


class Cluster(TypedDict):
    """What the plan is for."""

    region: str
    region_name: str
    cluster_version: str  # "" where none is set
    cni: str
    vpc_cidrs: list[str]
    transit_router: TransitRouter


class Prefix(TypedDict):
    """A network of the cloud that the site routes into the leased line. Each destination stands in a plan once."""

    id: str  # prefix-100.118.28.0-24
    destination: str  # canonical IPv4 or IPv6 CIDR
    family: Literal["ipv4", "ipv6"]
    purpose: str  # registry, oss, vpc, logging, monitoring, supernet, extra, resolved, resolver
    name: str  # short ASCII for descriptions on devices: ACK-EDGE-OSS, at most 31 characters, no spaces
    hosts: list[str]  # names that resolve there, as far as known
    confidence: str
    source: str  # where the fact is from, in words
    service: bool  # lies in the vendor's service range (100.64.0.0/10): needs an entry in the transit router


class Ports(TypedDict):
    """A port or a range of ports; first == last for one port."""

    first: int
    last: int


class Flow(TypedDict):
    """Traffic that a firewall on the path has to permit."""

    id: str  # flow-outbound-registry-tcp-443
    direction: Literal["outbound", "inbound"]  # seen from the site
    sources: list[str]
    destinations: list[str]
    protocol: Literal["tcp", "udp"]
    ports: list[Ports]
    purpose: str
    name: str  # short ASCII name for objects and rules on devices
    endpoints: list[str]  # names of the endpoints or inbound rules of the requirement set
    required: bool
    confidence: str
    source: str


class ReturnRoute(TypedDict):
    """A network of the site that the cloud routes back to it, and the tables in which that has to stand."""

    id: str  # return-10.20.0.0-16
    destination: str
    tables: list[str]  # of vbr, transit_router, vpc


class Record(TypedDict):
    """A name that nodes have to resolve to internal addresses; addresses is empty where nobody knows them."""

    id: str  # record-cs-anony-vpc.cn-beijing.aliyuncs.com
    host: str
    addresses: list[str]
    source: str  # "published", or which hosts resolved it, "" where unknown


class OpenItem(TypedDict):
    """What keeps the plan from being complete. Always shown first."""

    id: str
    hop: str
    what: str
    why: str
    remedy: str
    blocking: bool  # something does not work without it; false: nobody can see from here whether it is right
    message: str  # key of its sentences in messages.yml, "" where there are none
    values: dict[str, str]  # what stands in those sentences


class Evidence(TypedDict):
    """What hosts of the site saw of one prefix, flow or record, out of a fleet report; one for each id and state."""

    id: str  # of the prefix, the flow or the record
    state: State
    hosts: list[str]
    summary: str
    run: str


class Plan(TypedDict):
    """A whole plan of one site and one cluster."""

    schema_version: int
    site: Site
    cluster: Cluster
    open_items: list[OpenItem]
    prefixes: list[Prefix]
    flows: list[Flow]
    return_routes: list[ReturnRoute]
    records: list[Record]
    evidence: list[Evidence]
