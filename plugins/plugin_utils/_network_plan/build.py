# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of one site out of its requirement set. Private to the collection. Pure.

Prefixes and flows are views of the requirement set: what is in no set is in no plan, but for the resolvers of the VPC
(``address_space`` of the set) and addresses that somebody resolved. A flow always has sources and destinations: one
without them would permit everything, so it is left out, and an open item says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import BASIC, ECR, SiteInput
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.messages import say
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.needs import covers, host_network, unpublished
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.open_items import open_items
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import (
    SCHEMA_VERSION,
    Cluster,
    Flow,
    Plan,
    Ports,
    Prefix,
    Record,
    ReturnRoute,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import (
    SUPERNET,
    TERWAY_EDGE,
    address_order,
    is_address,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import RequirementSet

LONGEST_NAME = 31
# name -> address -> who says so
Resolved = Mapping[str, Mapping[str, str]]

_PUBLISHED, _RESOLVER = say("source.regions"), say("source.address_space")
_PORTS, _INBOUND = say("source.endpoints"), say("source.inbound_ports")
_USER, _SITE_FILE, _RECORD = say("source.user"), say("source.site_file"), say("source.published")
_TRANSPORT = {"udp": "udp", "ntp": "udp"}
# The tables that need a route back where not all do: a basic transit router and an ECR learn part of it by themselves.
_TABLES = {BASIC: ["vbr"], ECR: ["vbr", "vpc"]}
_ALL_TABLES = ["vbr", "transit_router", "vpc"]


def make(site: SiteInput, resolved: Resolved | None = None) -> Plan:
    """Return the plan of a site, without evidence.

    :arg resolved: addresses of names that nobody published, as hosts saw them.
    """
    needs = site.requirements
    known = _known(site, resolved or {})
    prefixes = _prefixes(needs, known)
    flows = [*_outbound(needs, prefixes, known), *_resolvers(needs), *_inbound(needs)]
    plan = Plan(
        schema_version=SCHEMA_VERSION,
        site=site.site,
        cluster=Cluster(
            region=needs["region"],
            region_name=needs["name"],
            cluster_version=needs["cluster_version"] or "",
            cni=needs["cni"],
            vpc_cidrs=sorted(needs["vpc_cidrs"], key=address_order),
            transit_router=site.transit_router,
        ),
        open_items=[],
        prefixes=prefixes,
        flows=sorted(flows, key=lambda flow: (flow["direction"] != "outbound", flow["id"])),
        return_routes=_return_routes(site),
        records=_records(needs, known),
        evidence=[],
    )
    plan["site"] = {**site.site, "node_cidrs": sorted(site.site["node_cidrs"], key=address_order)}
    plan["open_items"] = open_items(plan, needs)
    return plan


def _known(site: SiteInput, resolved: Resolved) -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = {}
    names = unpublished(site.requirements)
    for host in names:
        given = dict.fromkeys(site.resolved.get(host, []), _SITE_FILE)
        known[host] = {**resolved.get(host, {}), **given}
    return known


def _prefixes(needs: RequirementSet, known: Resolved) -> list[Prefix]:
    found: dict[str, Prefix] = {}
    supernet = needs["address_space"]["service_supernet"]

    def add(destination: str, purpose: str, confidence: str, source: str, hosts: Iterable[str] = ()) -> None:
        found.setdefault(
            destination,
            Prefix(
                id=f"prefix-{_slug(destination)}",
                destination=destination,
                family="ipv6" if ":" in destination else "ipv4",
                purpose=purpose,
                name=_device_name(purpose),
                hosts=sorted(hosts),
                confidence=confidence,
                source=source,
                service=covers(supernet, destination),
            ),
        )

    for row in needs["routes"] + needs["site_routes"]:
        source = _USER if row["confidence"] == "user" else _PUBLISHED
        add(row["destination"], row["purpose"], row["confidence"], source, _hosts_in(needs, row["destination"]))
    wanted: list[tuple[str, str, str, str, tuple[str, ...]]]
    wanted = [(host_network(address), "resolver", "published", _RESOLVER, ()) for address in _dns(needs)]
    for host, addresses in known.items():
        for address, source in sorted(addresses.items()):
            wanted.append((host_network(address), "resolved", "resolved", source, (host,)))
    for destination, purpose, confidence, source, hosts in wanted:
        holder = next((have for have in found if covers(have, destination)), None)
        if holder is None:
            add(destination, purpose, confidence, source, hosts)
        else:
            found[holder]["hosts"] = sorted({*found[holder]["hosts"], *hosts})
    return sorted(found.values(), key=lambda prefix: address_order(prefix["destination"]))


def _hosts_in(needs: RequirementSet, destination: str) -> set[str]:
    return {row["host"] for row in needs["endpoints"] if destination in row["networks"] and not is_address(row["host"])}


def _dns(needs: RequirementSet) -> list[str]:
    return list(needs["address_space"]["vpc_dns"])


def _outbound(needs: RequirementSet, prefixes: list[Prefix], known: Resolved) -> Iterator[Flow]:
    """Yield a flow for each kind of endpoint, protocol and port, with the destinations of all its endpoints."""
    groups: dict[tuple[str, str, int], list[tuple[Mapping[str, Any], list[str]]]] = {}
    for row in needs["endpoints"]:
        destinations = _destinations(row, needs, prefixes, known)
        if destinations:
            key = (_kind(row), _TRANSPORT.get(row["protocol"], "tcp"), row["port"])
            groups.setdefault(key, []).append((row, destinations))
    for (kind, protocol, port), members in groups.items():
        rows = [row for row, _destinations_of in members]
        yield from _flow(
            "outbound",
            kind,
            needs["node_cidrs"],
            (one for _row, destinations in members for one in destinations),
            protocol,
            [port],
            rows,
            _USER if rows[0]["confidence"] == "user" else _PORTS,
        )
    yield from _both_ways(needs)


def _destinations(row: Mapping[str, Any], needs: RequirementSet, prefixes: list[Prefix], known: Resolved) -> list[str]:
    """Return where an endpoint is, as narrow as anybody knows it; [] if nobody does or no prefix leads there."""
    host = row["host"]
    if is_address(host):
        alone = host_network(host)
        return [alone] if any(covers(prefix["destination"], alone) for prefix in prefixes) else []
    if row["networks"]:
        return list(row["networks"])
    if row["protocol"] == "ntp":
        return []
    addresses = [host_network(address) for address in known.get(host, {})]
    if not addresses and any(prefix["purpose"] == SUPERNET for prefix in prefixes):
        return [needs["address_space"]["service_supernet"]]
    return addresses


def _both_ways(needs: RequirementSet) -> Iterator[Flow]:
    """Yield what nodes of the site and of the VPC send to each other: an inbound rule from both is for both sides."""
    vpc, site = set(needs["vpc_cidrs"]), set(needs["node_cidrs"])
    for rule in needs["inbound"]:
        if vpc and site and {*rule["sources"]} >= vpc | site:
            yield from _flow(
                "outbound",
                rule["name"].replace("_", "-"),
                needs["node_cidrs"],
                needs["vpc_cidrs"],
                rule["protocol"],
                rule["ports"],
                [{**rule, "required": True, "confidence": "published"}],
                _INBOUND,
            )


def _resolvers(needs: RequirementSet) -> Iterator[Flow]:
    """Yield DNS to the resolvers of the VPC; TCP as well, for answers that are too large."""
    row = {
        "name": "resolver",
        "purpose": "names of the VPC (PrivateZone)",
        # A site may resolve the names by records of its own.
        "required": False,
        "confidence": "published",
    }
    for protocol in ("udp", "tcp"):
        destinations = [host_network(address) for address in _dns(needs)]
        yield from _flow("outbound", "dns", needs["node_cidrs"], destinations, protocol, [53], [row], _RESOLVER)


def _inbound(needs: RequirementSet) -> Iterator[Flow]:
    for rule in needs["inbound"]:
        row = {**rule, "required": True, "confidence": "published"}
        kind = rule["name"].replace("_", "-")
        yield from _flow(
            "inbound", kind, rule["sources"], needs["node_cidrs"], rule["protocol"], rule["ports"], [row], _INBOUND
        )


def _flow(
    direction: Any,
    kind: str,
    sources: Iterable[str],
    destinations: Iterable[str],
    protocol: Any,
    ports: Iterable[int],
    rows: list[Mapping[str, Any]],
    source: str,
) -> Iterator[Flow]:
    """Yield a flow for each address family that has both ends.

    Ids of inbound ones have no port: a rule is one flow, whatever its ports.
    """
    outbound = direction == "outbound"
    numbers = sorted(set(ports))
    ends = [sorted(set(networks), key=address_order) for networks in (sources, destinations)]
    for mark, suffix in ((".", ""), (":", "-ipv6")):
        senders, receivers = ([network for network in networks if mark in network] for networks in ends)
        if not (senders and receivers):
            continue
        name = f"{kind}-{protocol}" + (f"-{numbers[0]}" if outbound else "") + suffix
        yield Flow(
            id=f"flow-{direction}-{name}",
            direction=direction,
            sources=senders,
            destinations=receivers,
            protocol=protocol,
            ports=_ranges(numbers),
            purpose="; ".join(dict.fromkeys(row["purpose"] for row in rows)),
            name=_device_name(name if outbound else f"in-{name}"),
            endpoints=sorted({row["name"] for row in rows}),
            required=any(row["required"] for row in rows),
            confidence=" ".join(dict.fromkeys(row["confidence"] for row in rows)),
            source=source,
        )


def _ranges(numbers: list[int]) -> list[Ports]:
    """Return sorted ports with those that follow each other put together."""
    ranges: list[Ports] = []
    for number in numbers:
        if ranges and ranges[-1]["last"] == number - 1:
            ranges[-1]["last"] = number
        else:
            ranges.append(Ports(first=number, last=number))
    return ranges


def _kind(row: Mapping[str, Any]) -> str:
    """Return what an endpoint is, without what tells several of a kind apart: oss_internal_2 is oss."""
    name = re.sub(r"(_http|_[0-9]+)+\Z", "", row["name"])
    for kind in ("oss", "image_auth", "ntp"):
        if name == kind or name.startswith(f"{kind}_"):
            return kind.replace("_", "-")
    return name.removeprefix("image_").replace("_", "-")


def _return_routes(site: SiteInput) -> list[ReturnRoute]:
    needs = site.requirements
    networks = list(site.site["node_cidrs"])
    if needs["cni"] == TERWAY_EDGE:
        # Pods have addresses of their own there, which the VPC sends to directly.
        networks += needs["pod_cidr"]
    tables = _TABLES.get(site.transit_router, _ALL_TABLES)
    return [
        ReturnRoute(id=f"return-{_slug(network)}", destination=network, tables=list(tables))
        for network in sorted(set(networks), key=address_order)
    ]


def _records(needs: RequirementSet, known: Resolved) -> list[Record]:
    """Return names with their addresses: unpublished ones, and those whose published ranges are single addresses."""
    found: dict[str, Record] = {}
    for row in needs["endpoints"]:
        single = [network.partition("/")[0] for network in row["networks"] if network.endswith(("/32", "/128"))]
        if row["networks"] and len(single) == len(row["networks"]) and not is_address(row["host"]):
            found.setdefault(row["host"], _record(row["host"], single, _RECORD))
    for host in unpublished(needs):
        sources = sorted(set(known[host].values()))
        found.setdefault(host, _record(host, known[host], "; ".join(sources)))
    return [found[host] for host in sorted(found)]


def _record(host: str, addresses: Iterable[str], source: str) -> Record:
    ordered = sorted(addresses, key=lambda address: address_order(host_network(address)))
    return Record(id=f"record-{host}", host=host, addresses=ordered, source=source)


def _slug(network: str) -> str:
    return network.replace("/", "-").replace(":", "_")


def _device_name(text: str) -> str:
    """Return an ASCII name for devices; a long one ends in a digest of what was cut, so that names stay unique."""
    name = "ACK-EDGE-" + re.sub(r"[^A-Z0-9]+", "-", text.upper()).strip("-")
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 7]}-{hashlib.sha256(name.encode()).hexdigest()[:6].upper()}"
