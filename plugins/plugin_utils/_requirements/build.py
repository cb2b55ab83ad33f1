# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requirement set of one node: published facts and the user's values put together. Private to the collection.

Pure: no file, no network, the same arguments always give the same result. The keys of the result are documented in the
lookup ``ack_edge.node.region``, which is this function for playbooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import Catalogue
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.gaps import gaps
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import (
    SUPERNET,
    RequirementError,
    address_order,
    overlap,
    read,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.selection import Case
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import RequirementSet

__all__ = ["RequirementError", "build"]

Row = dict[str, Any]
# Words of confidence that say how a fact may be wrong, the weakest first; "" is any other word.
_DOUBTS = ("derived", "conflicting", "single", "")


def build(
    catalogue: Catalogue,
    region: Any,
    *,
    access_mode: Any = None,
    cluster_version: Any = None,
    cni: Any = None,
    vpc_cidrs: Any = None,
    node_cidrs: Any = None,
    pod_cidr: Any = None,
    service_cidr: Any = None,
    api_server: Any = None,
    raven_gateway: Any = None,
    tunnel_server: Any = None,
    route_scope: Any = None,
    extra_routes: Any = None,
    ntp_servers: Any = None,
    addons: Any = None,
    bgp_neighbours: Any = None,
    internet_inbound: Any = None,
) -> RequirementSet:
    """Return the requirement set of one node of ``region``.

    Everything but catalogue and region is what the user gave, as it came: unset is None or "", lists may be text.

    :raises RequirementError: values are unusable; the text names all of them, one per line.
    """
    values = {
        "access_mode": access_mode,
        "cluster_version": cluster_version,
        "cni": cni,
        "vpc_cidrs": vpc_cidrs,
        "node_cidrs": node_cidrs,
        "pod_cidr": pod_cidr,
        "service_cidr": service_cidr,
        "api_server": api_server,
        "raven_gateway": raven_gateway,
        "tunnel_server": tunnel_server,
        "route_scope": route_scope,
        "extra_routes": extra_routes,
        "ntp_servers": ntp_servers,
        "addons": addons,
        "bgp_neighbours": bgp_neighbours,
        "internet_inbound": internet_inbound,
    }
    region_id, region_problems = find_region(catalogue, region)
    inputs, problems = read(values, catalogue.addons)
    if region_id is None or inputs is None:
        raise RequirementError(region_problems + problems)
    case = Case(catalogue, region_id, inputs)
    routes = _routes(case)
    problems = _route_overlaps(case, routes)
    if problems:
        raise RequirementError(problems)
    endpoints = [*_endpoints(case), *_image_layers(case), *_addons(case), *_ntp(case)]
    return {
        "region": region_id,
        "name": case.region["name"],
        "access_mode": inputs.access_mode,
        "cluster_version": inputs.cluster_version,
        "cni": inputs.cni,
        "vpc_cidrs": list(inputs.vpc_cidrs),
        "node_cidrs": list(inputs.node_cidrs),
        "pod_cidr": list(inputs.pod_cidr),
        "service_cidr": list(inputs.service_cidr),
        "endpoints": endpoints,
        "routes": routes,
        "site_routes": _site_routes(case, routes),
        "resolve": _resolve(case, endpoints),
        "inbound": _inbound(case),
        "ntp_servers": [row["host"] for row in endpoints if row["protocol"] == "ntp" and row["required"]],
        "system_tools": [tool["name"] for tool in catalogue.system_tools],
        "system_tool_packages": [_tool(tool) for tool in catalogue.system_tools],
        "os_support": catalogue.os_support(),
        "address_space": {
            "service_supernet": catalogue.address_space["service_supernet"],
            "vpc_dns": list(catalogue.address_space["vpc_dns"]),
        },
        "gaps": gaps(case),
    }


def find_region(catalogue: Catalogue, region: Any) -> tuple[str | None, list[str]]:
    """Return (the id of a region, []), or (None, [what is wrong with it, with the nearest ids])."""
    text = str(region).strip() if isinstance(region, str) else ""
    if not text:
        given = "not set" if region is None or isinstance(region, str) else repr(region)
        return None, [f"region is {given}: give the id of the cluster's region, e.g. cn-beijing"]
    key = text.lower()
    if key in catalogue.regions:
        return key, []
    closed = catalogue.data["closed_regions"].get(key)
    if closed:
        return None, [f"region is {text!r}: the vendor has closed {closed}"]
    named = catalogue.data["unpublished_regions"].get(key)
    if named:
        return None, [
            f"region is {text!r}: known, nothing published: the vendor names {named['name']}, but publishes neither "
            "registry routes nor OSS ranges for it; ask the vendor for them, or use another region"
        ]
    near = catalogue.nearest_regions(text)
    right = f"did you mean {', '.join(near)}?" if near else f"known are {', '.join(catalogue.regions)}"
    return None, [f"region is {text!r}: this is not a known region; {right}"]


def _endpoint(name: str, host: str, port: Row, *, purpose: str, networks: Iterable[str], confidence: str) -> Row:
    return {
        "name": name + port.get("suffix", ""),
        "host": host,
        "port": port["port"],
        "protocol": port["protocol"],
        "purpose": port.get("purpose", purpose),
        "networks": list(networks),
        # A name that nobody published must not stop a run: it may be wrong.
        "required": port.get("required", True) and confidence != "derived",
        "confidence": _weaker(confidence, port.get("confidence", confidence)),
    }


def _weaker(host: str, port: str) -> str:
    """Return the confidence of a host and a port together: that of the host, unless the port is known less well."""
    return port if _DOUBTS.index(_doubt(port)) < _DOUBTS.index(_doubt(host)) else host


def _doubt(confidence: str) -> str:
    return confidence if confidence in _DOUBTS else ""


def _endpoints(case: Case) -> Iterator[Row]:
    for entry in case.endpoint_entries():
        mode = entry[case.inputs.access_mode]
        ports = [port for port in entry["ports"] if case.inputs.in_range(port)]
        for host in mode["hosts"]:
            if "variable" in host:
                yield from _user_endpoints(case, entry, host, ports)
            elif entry["id"] != "oss_packages" or case.package_host_known:
                networks = case.published_networks(mode["networks"])
                # The pattern of the name is published region by region; elsewhere it is an inference.
                inferred = mode["networks"] == "registry" and not networks
                confidence = "derived" if inferred else mode["confidence"]
                name = host.get("overrides", {}).get(case.region_id, host["host"]).format(region=case.region_id)
                for port in ports:
                    yield _endpoint(
                        host["name"], name, port, purpose=entry["purpose"], networks=networks, confidence=confidence
                    )


def _user_endpoints(case: Case, entry: Row, host: Row, ports: list[Row]) -> Iterator[Row]:
    given = getattr(case.inputs, host["variable"])
    if given is None:
        return
    name, number = given if isinstance(given, tuple) else (given, None)
    networks = case.user_networks(name) if entry[case.inputs.access_mode]["networks"] == "vpc" else []
    for port in ports:
        chosen = port if number is None else {**port, "port": number}
        yield _endpoint(host["name"], name, chosen, purpose=entry["purpose"], networks=networks, confidence="user")


def _image_layers(case: Case) -> Iterator[Row]:
    if not case.inputs.leased_line:
        return
    entry = case.catalogue.image_layers
    count = 0
    for identity in case.region["oss"]:
        # Which identity of a finance region holds the images is not published; the first is that of its own cloud.
        port = {**entry, "required": "variant" not in identity}
        for host in identity["hosts"]:
            count += 1
            name = "oss_internal" if count == 1 else f"oss_internal_{count}"
            yield _endpoint(
                name,
                host,
                port,
                purpose=entry["purpose"],
                networks=identity["ranges"],
                confidence=identity["confidence"],
            )


def _addons(case: Case) -> Iterator[Row]:
    for name, row in case.published_addons():
        addon = case.catalogue.addons[name]
        hosts = [{**row, "name": name}]
        hosts += [{"routes": [], **host} for host in addon.get("more_hosts", [])]
        for host in hosts:
            for port in addon["ports"]:
                yield _endpoint(
                    host["name"],
                    host["host"].format(region=case.region_id),
                    # A join works without add-ons: worth a look, no reason to stop.
                    {**port, "required": False},
                    purpose=addon["purpose"],
                    networks=host["routes"],
                    confidence=host["confidence"],
                )


def _ntp(case: Case) -> Iterator[Row]:
    ntp = case.catalogue.ntp
    own = case.inputs.ntp_servers
    # Over a leased line the vendor's public time servers are out of reach, unless the site has the Internet as well.
    required = bool(own) or not case.inputs.leased_line
    port = {"port": ntp["port"], "protocol": "ntp", "required": required}
    for number, host in enumerate(own or ntp["servers"], start=1):
        confidence = "user" if own else ntp["confidence"]
        yield _endpoint(f"ntp_{number}", host, port, purpose=ntp["purpose"], networks=[], confidence=confidence)


def _routes(case: Case) -> list[Row]:
    """Return the published ranges, each once, sorted by address; as published, never merged and never widened."""
    if not case.inputs.leased_line:
        return []
    if case.inputs.route_scope == SUPERNET:
        space = case.catalogue.address_space
        return [{"destination": space["service_supernet"], "purpose": "supernet", "confidence": "derived"}]
    found: dict[str, Row] = {}
    for purpose, name, destinations, fact in case.published_ranges():
        for destination in destinations:
            row: Row = {"destination": destination, "purpose": purpose, "confidence": fact["confidence"]}
            # Texts only: a report has it once for each route on each host.
            row["published"] = {
                "region": case.region_id,
                "purpose": purpose,
                "row": name,
                "network": destination,
                "sources": ", ".join(fact["sources"]),
            }
            found.setdefault(destination, row)
    return sorted(found.values(), key=lambda row: address_order(row["destination"]))


def _route_overlaps(case: Case, routes: list[Row]) -> list[str]:
    """Return networks of the user that take addresses of the cloud's services: a node reaches only one of the two."""
    return [
        f"{name} is {network}: it overlaps {row['destination']}, which the vendor uses for {row['purpose']} of "
        f"{case.region_id}; no node can reach both"
        for name in ("vpc_cidrs", "node_cidrs", "pod_cidr", "service_cidr")
        for network in getattr(case.inputs, name)
        for row in routes
        if overlap(network, row["destination"])
    ]


def _site_routes(case: Case, routes: list[Row]) -> list[Row]:
    if not case.inputs.leased_line:
        return []
    taken = {row["destination"] for row in routes}
    rows = []
    for purpose, networks in (("vpc", case.inputs.vpc_cidrs), ("extra", case.inputs.extra_routes)):
        for network in networks:
            if network not in taken:
                taken.add(network)
                rows.append({"destination": network, "purpose": purpose, "confidence": "user"})
    return rows


def _resolve(case: Case, endpoints: list[Row]) -> list[str]:
    """Return the hosts whose addresses only DNS knows: with the supernet routed nobody has to look them up."""
    if not case.inputs.leased_line or case.inputs.route_scope == SUPERNET:
        return []
    hosts = [
        row["host"]
        for row in endpoints
        if not row["networks"] and row["protocol"] != "ntp" and row["confidence"] != "user"
    ]
    return list(dict.fromkeys(hosts))


def _inbound(case: Case) -> list[Row]:
    rows = []
    for entry in case.inbound_entries():
        sources = case.inbound_sources(entry)
        # A rule without a source would be open to everybody; what is missing is among the gaps.
        if sources:
            rows.append(
                {
                    "name": entry["name"],
                    "protocol": entry["protocol"],
                    "ports": list(entry["ports"]),
                    "sources": sources,
                    "purpose": entry["purpose"],
                }
            )
    return rows


def _tool(tool: Row) -> Row:
    return {
        "name": tool["name"],
        "commands": list(tool["commands"]),
        "alternatives": [_tool(other) for other in tool.get("alternatives", [])],
        **{key: _lists(tool.get(key, {})) for key in ("displaces", "replaces", "packages")},
    }


def _lists(by_family: dict[str, list[str]]) -> dict[str, list[str]]:
    return {family: list(names) for family, names in by_family.items()}
