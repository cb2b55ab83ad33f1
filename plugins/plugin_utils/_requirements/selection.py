# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One node's case: its region, the user's values, which entries of the catalogue apply. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import Catalogue
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import Inputs, is_address

Row = dict[str, Any]
# Among the sources of an inbound rule: the networks that the node itself is on. inbound_ports puts them in there.
ON_LINK = "on-link"


@dataclass(frozen=True)
class Case:
    """Answers what ``_requirements`` and ``_gaps`` both ask, so that a gap and what is left out always agree."""

    catalogue: Catalogue
    region_id: str
    inputs: Inputs

    @property
    def region(self) -> Row:
        return self.catalogue.regions[self.region_id]

    @property
    def home_oss(self) -> Row | None:
        """The OSS identity whose id follows the region's, None where there is none (see :attr:`package_host_known`)."""
        wanted = f"oss-{self.region_id}"
        return next((identity for identity in self.region["oss"] if identity["id"] == wanted), None)

    @property
    def package_host_known(self) -> bool:
        """Whether the name pattern of the package host gives a name of OSS: not where no OSS id follows it."""
        return self.home_oss is not None or not self.region["oss"]

    def endpoint_entries(self) -> list[Row]:
        """Return the endpoint entries of this access mode and cluster version."""
        return [
            entry
            for entry in self.catalogue.endpoints
            if self.inputs.access_mode in entry and self.inputs.in_range(entry)
        ]

    def published_networks(self, kind: str) -> list[str]:
        """Return where hosts of this kind (``networks`` of an endpoint entry) must resolve to; [] = not published."""
        if kind == "registry" and self.region["registry"]:
            return list(self.region["registry"]["routes"])
        if kind == "oss" and self.home_oss:
            return list(self.home_oss["ranges"])
        return []

    def user_networks(self, host: str) -> list[str]:
        """Return the networks of the VPC that ``host`` may lie in; an address only has those of its own family."""
        if not is_address(host):
            return list(self.inputs.vpc_cidrs)
        return [network for network in self.inputs.vpc_cidrs if (":" in network) == (":" in host)]

    def published_addons(self) -> list[tuple[str, Row]]:
        """Return name and row of the chosen add-ons for which this region and access mode have published ranges."""
        if not self.inputs.leased_line:
            return []
        rows = self.region.get("addons", {})
        return [(name, rows[name]) for name in self.inputs.addons if name in rows]

    def published_ranges(self) -> Iterator[tuple[str, str, list[str], Row]]:
        """Yield purpose, name of the row, its ranges and the row of what a node of this region reaches over a line."""
        registry = self.region["registry"]
        if registry:
            yield "registry", registry["host"], registry["routes"], registry
        for identity in self.region["oss"]:
            yield "oss", identity["id"], identity["ranges"], identity
        for name, row in self.published_addons():
            yield name, name, row["routes"], row

    def inbound_entries(self) -> list[Row]:
        """Return the inbound entries of this access mode and network plug-in that the user did not turn off."""
        return [
            entry
            for entry in self.catalogue.inbound_ports
            if self.inputs.access_mode in entry
            and self.inputs.cni in entry.get("cni", [self.inputs.cni])
            and not (self.disputed(entry) and not self.inputs.internet_inbound)
        ]

    def disputed(self, entry: Row) -> bool:
        """Return whether the vendor's pages contradict each other about an inbound entry in this access mode."""
        return bool(entry[self.inputs.access_mode].get("disputed", False))

    def inbound_sources(self, entry: Row) -> list[str]:
        """Return the networks that may send to the ports of an inbound entry, each once."""
        variables = entry[self.inputs.access_mode]["from"]
        networks = list(dict.fromkeys(network for name in variables for network in getattr(self.inputs, name)))
        # Over the Internet the other nodes of a site are all that may send, and most sites have them in one network.
        if not networks and self.inputs.access_mode == "internet" and "node_cidrs" in variables:
            return [ON_LINK]
        return networks
