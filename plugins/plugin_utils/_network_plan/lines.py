# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether several sites can be planned together: one line, one VPC. Private to the collection. Pure.

Service addresses are local to a region: 100.100.0.18 is the registry of two of them, and a router cannot tell which one
is meant. Sites have lines of their own unless they say otherwise, or nobody says anything about either.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError, SiteInput
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.needs import routed
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.open_items import CORE, DNS, item, slug
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import OpenItem
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import overlap

SAME, APART, UNKNOWN = "same", "apart", "unknown"


def check(sites: Sequence[SiteInput]) -> None:
    """Refuse sites whose routes collide.

    :raises PlanError: with every pair of sites that collides.
    """
    problems = [
        problem
        for one, other in itertools.combinations(sites, 2)
        for problem in (*_one_line(one, other), *_one_vpc(one, other))
    ]
    if problems:
        raise PlanError(problems)


def items(site: SiteInput, sites: Sequence[SiteInput]) -> Iterator[OpenItem]:
    """Yield what a plan has to say about the other sites."""
    for other in sites:
        name, region = other.site["name"], other.requirements["region"]
        if other is site or region == site.requirements["region"] or line(site, other) == APART:
            continue
        networks = [destination for destination, _purpose, _second, _other in _collisions(site, other)]
        if networks:
            values = {"other": name, "region": region, "networks": ", ".join(dict.fromkeys(networks))}
            yield item(f"collides-{slug(name)}", CORE, "collides", True, **values)
        else:
            resolvers = ", ".join(site.requirements["address_space"]["vpc_dns"])
            values = {"other": name, "region": region, "resolvers": resolvers}
            yield item(f"other-region-{slug(name)}", DNS, "other_region", False, **values)


def line(one: SiteInput, other: SiteInput) -> str:
    """Return whether two sites send into the SAME leased line, are APART, or nobody said it of one of them: UNKNOWN."""
    if one.line and other.line:
        return SAME if one.line == other.line else APART
    hops = [(each.site["next_hop"], each.site["vrf"]) for each in (one, other)]
    if bool(hops[0][0]) != bool(hops[1][0]):
        return UNKNOWN
    return SAME if hops[0] == hops[1] else APART


def _collisions(one: SiteInput, other: SiteInput) -> Iterator[tuple[str, str, str, str]]:
    """Yield (destination, purpose) of both, where they overlap and mean different places."""
    for destination, purpose in routed(one.requirements):
        for second, second_purpose in routed(other.requirements):
            # The resolvers have the same addresses in every region, and records do without them: an open item.
            if "resolver" not in (purpose, second_purpose) and overlap(destination, second):
                yield destination, purpose, second, second_purpose


def _one_line(one: SiteInput, other: SiteInput) -> Iterator[str]:
    regions = [each.requirements["region"] for each in (one, other)]
    if regions[0] == regions[1] or line(one, other) != SAME:
        return
    for destination, purpose, second, second_purpose in _collisions(one, other):
        yield (
            f"sites {one.site['name']} and {other.site['name']} conflict: {destination} ({purpose} of {regions[0]}) "
            f"overlaps {second} ({second_purpose} of {regions[1]}), and one leased line leads to only one of them; if "
            "each has its own line, set line (a name), next_hop or vrf of each site"
        )


def _one_vpc(one: SiteInput, other: SiteInput) -> Iterator[str]:
    """Yield networks of two sites that one VPC cannot both route back to."""
    first, second = one.requirements, other.requirements
    if first["region"] != second["region"] or not set(first["vpc_cidrs"]) & set(second["vpc_cidrs"]):
        return
    for network in one.site["node_cidrs"]:
        for taken in other.site["node_cidrs"]:
            if overlap(network, taken):
                yield (
                    f"sites {one.site['name']} and {other.site['name']} conflict: node_cidrs {network} overlaps "
                    f"{taken}, but the VPC has only one return route for an address; give each site its own networks"
                )
