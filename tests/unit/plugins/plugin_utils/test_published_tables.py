# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regions against the vendor's tables, and the tables against what is known about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import netaddr
import pytest
import yaml
from fakes.requirements import CATALOGUE, REGIONS

TABLES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "data" / "published_tables.yml").read_text(encoding="utf-8")
)
SUPERNET = netaddr.IPNetwork(CATALOGUE.address_space["service_supernet"])
READ_OFF = "vars/regions.yml and tests/unit/data/published_tables.yml differ; both are read from the vendor's page"


def test_the_tables_are_complete() -> None:
    """So that a row which gets lost is seen. A row that the vendor adds raises these numbers."""
    assert len(TABLES["registry"]) == 27
    assert sum(len(row["routes"]) for row in TABLES["registry"].values()) == 57
    assert len(TABLES["oss"]) == 34
    assert len([row for row in TABLES["oss"] if row["range"]]) == 13
    assert len(TABLES["recovered"]) == 21 + 6


@pytest.mark.parametrize("region", TABLES["registry"])
def test_registry_row(region: str) -> None:
    row, ours = TABLES["registry"][region], CATALOGUE.regions[region]["registry"]
    assert (ours["host"], ours["routes"]) == (row["host"], row["routes"])


def test_no_registry_row_was_invented() -> None:
    assert {key for key in REGIONS if CATALOGUE.regions[key]["registry"]} == set(TABLES["registry"]), READ_OFF


@pytest.mark.parametrize("row", TABLES["oss"], ids=lambda row: row["id"])
def test_oss_row(row: dict[str, Any]) -> None:
    found = [item for item in CATALOGUE.regions[row["region"]]["oss"] if item["id"] == row["id"]]
    assert len(found) == 1
    ours = found[0]
    if row["host"]:
        assert ours["hosts"] == [row["host"]]
    else:
        assert len(ours["hosts"]) > 1
    if row["range"]:
        assert ours["ranges"] == [row["range"]]
    else:
        # Just the cells of more than one line are lost in the copy.
        assert len(ours["ranges"]) > 1
        assert ours["ranges"] == TABLES["recovered"][row["id"]]


def test_every_oss_range_is_held_by_a_table() -> None:
    known = {row["id"]: [row["range"]] for row in TABLES["oss"] if row["range"]} | TABLES["recovered"]
    ours = {item["id"]: item["ranges"] for key in REGIONS for item in CATALOGUE.regions[key]["oss"]}
    assert ours == known, READ_OFF


def test_numbers_of_the_survey() -> None:
    """As above, for vars/regions.yml."""
    oss = [item for key in REGIONS for item in CATALOGUE.regions[key]["oss"]]
    addons = [row for key in REGIONS for row in CATALOGUE.regions[key].get("addons", {}).values()]
    assert len(REGIONS) == 37
    assert len([item for item in oss if "variant" in item]) == 4
    assert sum(len(item["ranges"]) for item in oss if "variant" not in item) == 82
    assert sum(len(item["ranges"]) for item in oss if "variant" in item) == 10
    assert sum(len(row["routes"]) for row in addons) == 22


def published() -> list[tuple[str, str]]:
    rows = []
    for key, region in CATALOGUE.regions.items():
        lists = [item["ranges"] for item in region["oss"]]
        lists += [row["routes"] for row in region.get("addons", {}).values()]
        lists += [region["registry"]["routes"]] if region["registry"] else []
        rows += [(key, network) for networks in lists for network in networks]
    return rows


@pytest.mark.parametrize(("region", "network"), published())
def test_every_range_is_canonical_and_inside_the_supernet(region: str, network: str) -> None:
    parsed = netaddr.IPNetwork(network)
    assert str(parsed.cidr) == network
    assert parsed in SUPERNET


def test_the_first_oss_identity_is_the_one_of_the_regions_own_cloud() -> None:
    for key in REGIONS:
        variants = ["variant" in item for item in CATALOGUE.regions[key]["oss"]]
        assert variants == sorted(variants)
        assert variants.count(False) == (0 if key == "cn-zhengzhou-jva" else 1)


def test_only_finance_regions_have_several_oss_identities() -> None:
    several = {key for key in REGIONS if len(CATALOGUE.regions[key]["oss"]) > 1}
    assert several == {key for key in REGIONS if CATALOGUE.regions[key]["cloud"] == "finance"}
