# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which published row made which route, on the way from the requirement set to the report."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._published import trace
from fakes.report import PUBLISHED_ROW
from fakes.requirements import REGIONS, leased

ROWS = [
    {"destination": "100.118.58.0/24", "purpose": "oss", "published": PUBLISHED_ROW},
    {"destination": "192.168.0.0/16", "purpose": "vpc", "confidence": "user"},
]


def route(destination: str, **data: Any) -> Any:
    return verdict(destination, "pass", "goes via 10.0.0.1", destination=destination, **data)


def test_a_route_says_its_row_and_one_of_the_site_says_none() -> None:
    ours, site = route("100.118.58.0/24"), route("192.168.0.0/16")
    name = verdict("api.example", "pass", "resolved", routes=[{"destination": "100.118.58.0/24"}, {"destination": "x"}])
    trace([ours, site, name], ROWS)
    assert ours["data"]["published"] == PUBLISHED_ROW
    assert "published" not in site["data"]
    assert name["data"]["routes"] == [
        {"destination": "100.118.58.0/24", "published": PUBLISHED_ROW},
        {"destination": "x"},
    ]


@pytest.mark.parametrize("rows", [None, "text", [], [None], [{"destination": "100.118.58.0/24", "published": "x"}]])
def test_what_a_node_says_of_it_counts_for_nothing(rows: Any) -> None:
    told = route("100.118.58.0/24", published=PUBLISHED_ROW, routes=[{"published": PUBLISHED_ROW}, 7])
    trace([told], rows)
    assert "published" not in told["data"]
    assert told["data"]["routes"] == [{}, 7]


@pytest.mark.parametrize("region", REGIONS)
def test_each_published_route_of_a_region_has_its_row(region: str) -> None:
    found = leased(region, addons=["logging", "monitoring"])
    for row in found["routes"]:
        told = row["published"]
        assert (told["network"], told["purpose"], told["region"]) == (row["destination"], row["purpose"], region)
        assert told["row"]
        assert told["sources"]
        assert all(isinstance(value, str) for value in told.values())
    assert not [row for row in found["site_routes"] if "published" in row]


def test_the_supernet_is_no_row() -> None:
    assert "published" not in leased(route_scope="supernet")["routes"][0]
