# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several parts of the network plan ask of a requirement set. Private to the collection. Pure."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import is_address, overlap
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import RequirementSet


def routed(requirements: RequirementSet) -> list[tuple[str, str]]:
    """Return (destination, purpose) of all that a site routes into its leased line, before anybody resolved a name."""
    rows = [*requirements["routes"], *requirements["site_routes"]]
    resolvers = [(host_network(address), "resolver") for address in requirements["address_space"]["vpc_dns"]]
    return [(row["destination"], row["purpose"]) for row in rows] + resolvers


def host_network(address: str) -> str:
    """Return one address as a network."""
    return f"{address}/{128 if ':' in address else 32}"


def unpublished(needs: RequirementSet) -> list[str]:
    """Return the names of a requirement set whose addresses nobody publishes, each once.

    Unlike ``resolve`` of the set also with the supernet, where they need no route, but still a name.
    """
    rows = needs["endpoints"]
    hosts = [
        row["host"] for row in rows if not (row["networks"] or row["protocol"] == "ntp" or is_address(row["host"]))
    ]
    return list(dict.fromkeys(hosts))


def covers(network: str, other: str) -> bool:
    """Return whether a network holds all addresses of another one."""
    return overlap(network, other) and int(network.partition("/")[2]) <= int(other.partition("/")[2])


def leads_there(needs: RequirementSet, address: str) -> bool:
    """Return whether an address is in the cloud: one of the vendor's service addresses, or of the VPC."""
    networks = [needs["address_space"]["service_supernet"], *needs["vpc_cidrs"]]
    return any(covers(network, host_network(address)) for network in networks)
