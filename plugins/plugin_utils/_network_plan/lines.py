# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether several sites can stand in one plan: routes of one leased line, and routes of one VPC. Private. Pure.

Service addresses are local to a region: 100.100.0.18 is the registry of two of them, and a router cannot tell which one
is meant.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from ansible_collections.ack_edge.node.plugins.plugin_utils._inputs import overlap
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError, SiteInput, routed


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


def may_share_a_line(one: SiteInput, other: SiteInput) -> bool:
    """Return whether two sites may send into the same leased line: also where nobody said that they do not."""
    if one.line and other.line:
        return one.line == other.line
    ways = [(item.site["next_hop"], item.site["vrf"]) for item in (one, other)]
    return ways[0] == ways[1] or not (ways[0][0] and ways[1][0])


def _one_line(one: SiteInput, other: SiteInput) -> Iterator[str]:
    """Yield routes of two regions into one line that mean different places behind it."""
    regions = [item.requirements["region"] for item in (one, other)]
    if regions[0] == regions[1] or not may_share_a_line(one, other):
        return
    for destination, purpose in routed(one.requirements):
        for second, second_purpose in routed(other.requirements):
            # The resolvers have the same addresses everywhere: an item of the plan, for records do without them.
            if "resolver" in (purpose, second_purpose) or not overlap(destination, second):
                continue
            yield (
                f"sites {one.site['name']} and {other.site['name']} collide: {destination} ({purpose} of {regions[0]}) "
                f"overlaps {second} ({second_purpose} of {regions[1]}), and one leased line leads to one of them only; "
                "where they have lines of their own, give each site its line (a name), next_hop or vrf"
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
                    f"sites {one.site['name']} and {other.site['name']} collide: node_cidrs {network} overlaps "
                    f"{taken}, and the VPC has one route back to an address; give each site networks of its own"
                )
