# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every gap that matters to a host is one verdict with an id of its own, in every region and access mode."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.build import build
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import load
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.gap_verdicts import gap_verdicts, slug
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.gaps import STATUSES

CATALOGUE = load()
WHOLE = {
    "leased_line": {
        "vpc_cidrs": ["192.168.0.0/16"],
        "node_cidrs": ["10.20.0.0/16"],
        "cluster_version": "1.30.7",
        "api_server": "192.168.0.10",
        "ntp_servers": ["ntp.idc.example"],
    },
    "internet": {
        "node_cidrs": ["10.20.0.0/16"],
        "cluster_version": "1.30.7",
        "api_server": "198.19.0.10",
        "raven_gateway": "198.19.0.20",
    },
}


def findings(region: str, **values: object) -> dict[str, str]:
    return {item["check"]: item["status"] for item in gap_verdicts(build(CATALOGUE, region, **values)["gaps"])}


@pytest.mark.parametrize(("region", "mode"), list(itertools.product(sorted(CATALOGUE.regions), WHOLE)))
def test_ids_and_statuses_of_every_region(region: str, mode: str) -> None:
    gaps = build(CATALOGUE, region, access_mode=mode, vpc_cidrs=["192.168.0.0/16"])["gaps"]
    verdicts = gap_verdicts(gaps)
    assert len({item["check"] for item in verdicts}) == len(verdicts)
    assert {gap["status"] for gap in gaps} <= set(STATUSES)
    for gap in gaps:
        assert gap["blocking"] == (gap["status"] == "fail")
    for item in verdicts:
        assert item["check"] == f"gap_{slug(item['check'][4:])}"
        assert "it is not set" not in item["summary"]


@pytest.mark.parametrize(
    ("mode", "left_out", "status"),
    [
        ("leased_line", "api_server", "unproven"),
        ("leased_line", "node_cidrs", "unproven"),
        ("leased_line", "cluster_version", "unproven"),
        ("leased_line", "ntp_servers", "warn"),
        ("internet", "api_server", "unproven"),
        ("internet", "raven_gateway", "unproven"),
        ("internet", "node_cidrs", "warn"),
        ("internet", "cluster_version", "unproven"),
    ],
)
def test_what_is_left_out_is_one_finding(mode: str, left_out: str, status: str) -> None:
    values = {key: value for key, value in WHOLE[mode].items() if key != left_out}
    before = findings("cn-beijing", access_mode=mode, **WHOLE[mode])
    after = findings("cn-beijing", access_mode=mode, **values)
    assert after == before | {f"gap_{left_out}": status}


def test_over_a_leased_line_nothing_is_open_where_all_is_set() -> None:
    assert findings("cn-beijing", access_mode="leased_line", **WHOLE["leased_line"]) == {}


def test_a_gap_that_nobody_but_the_operator_can_fill_fails() -> None:
    assert findings("cn-beijing", access_mode="leased_line")["gap_vpc_cidrs"] == "fail"
