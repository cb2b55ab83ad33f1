# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's cloud answers: every name of every region and the addresses it has, taken from the requirement sets.

A name gets one address in each network that is published for it, so that the lab tells a wrong route from a right one.
Names without a published network get an address of the lab's own, inside the vendor's address space over the leased
line and public on the Internet.
"""

from __future__ import annotations

import ipaddress
import itertools
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import topology

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".collections"))

from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements import build as _requirements
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements import catalogue

ADDONS = ("logging", "monitoring")
MODES = ("leased_line", "internet")
VERSIONS = ("1.30.7", "1.24.6")  # one on either side of 1.26, where endpoints and ports change


def requirement_set(
    region: str, access_mode: str, cluster_version: str, addons: Collection[str] = ()
) -> dict[str, Any]:
    """Return what a node of the lab needs, as the lookup gives it to the playbooks."""
    return _requirements.build(
        catalogue.load(),
        region,
        access_mode=access_mode,
        cluster_version=cluster_version,
        vpc_cidrs=[topology.VPC],
        api_server=topology.API_SERVER[access_mode],
        raven_gateway=topology.RAVEN_GATEWAY,
        tunnel_server=topology.TUNNEL_SERVER,
        addons=list(addons),
    )


def endpoint(region: str, access_mode: str, name: str) -> str:
    """Return the host of one endpoint of a region.

    :raises SystemExit: for a name that the region does not have, naming those that it has.
    """
    hosts = {item["name"]: item["host"] for item in requirement_set(region, access_mode, VERSIONS[0])["endpoints"]}
    if name not in hosts:
        raise SystemExit(f"endpoint is {name!r}, expected one of {', '.join(hosts)}")
    return hosts[name]


def build() -> dict[str, Any]:
    """Return the world: names -> addresses, the links of the cloud, the nodes behind them."""
    public = ipaddress.ip_network(topology.PUBLIC).hosts()
    unpublished = ipaddress.ip_network(topology.UNPUBLISHED).hosts()
    names: dict[str, list[str]] = {topology.NTP_SERVER: [topology.RESOLVER]}
    numbers = itertools.count(1)
    for mode, host, networks in _hosts():
        if host in names or _is_address(host):
            continue
        if networks:
            names[host] = [_address_in(network, next(numbers)) for network in networks]
        else:
            names[host] = [str(next(public if mode == "internet" else unpublished))]
    return {
        "names": names,
        "links": list(topology.LINKS),
        "underlay": [node.ssh_address for node in (*topology.WITH_CLOUD, topology.FLEET)],
        "public_address": topology.WRONG_ADDRESS,
    }


def _hosts() -> Iterator[tuple[str, str, list[str]]]:
    # Names of the Internet first: where a leased line uses a public name, it stays a public address.
    for mode in reversed(MODES):
        for region in catalogue.load().regions:
            for version in VERSIONS:
                for item in requirement_set(region, mode, version, ADDONS)["endpoints"]:
                    yield mode, item["host"], item["networks"]


def _address_in(network: str, number: int) -> str:
    """Return the number-th address of a network, beginning anew where it ends; never its first in a larger one."""
    parsed = ipaddress.ip_network(network)
    size = parsed.num_addresses
    return str(parsed[0] if size == 1 else parsed[1 + number % (size - 2)])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
