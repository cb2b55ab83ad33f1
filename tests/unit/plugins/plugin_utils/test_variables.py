# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of variables are those of the documentation and roles, and a name that looks like one of them is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils import _variables
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[4]


def test_names_are_those_of_the_documentation() -> None:
    for name in ("docs/variables.md", "docs/zh/variables.md"):
        rows = [line for line in (ROOT / name).read_text().splitlines() if line.startswith("| `")]
        named = {word for row in rows for word in re.findall(r"`([a-z_]+)`", row)}
        # What a role takes beyond the table may stand in it, too.
        assert named & _variables.PLAYBOOK_VARIABLES == _variables.PLAYBOOK_VARIABLES


def test_names_are_those_of_the_roles() -> None:
    specs = ROOT.glob("roles/*/meta/argument_specs.yml")
    named = {name for spec in specs for name in yaml.safe_load(spec.read_text())["argument_specs"]["main"]["options"]}
    assert named == _variables.ROLE_VARIABLES


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("leased_line_gatway", "leased_line_gateway"),
        ("leased_line_gatewya", "leased_line_gateway"),
        ("leased_line_gate_way", "leased_line_gateway"),
        ("skip_check", "skip_checks"),
        ("clusterversion", "cluster_version"),
        ("vpc_cidr", "vpc_cidrs"),
        ("node_cdirs", "node_cidrs"),
        ("regoin", "region"),
        ("time_sync_server", "time_sync_servers"),
    ],
)
def test_a_name_that_looks_like_one_of_ours(name: str, ours: str) -> None:
    assert _variables.near_misses([name]) == {name: ours}
    finding = _variables.judge([name])
    assert finding["status"] == "warn"
    assert name in finding["summary"]
    assert ours in finding["summary"]


@pytest.mark.parametrize(
    "name",
    [
        *("ansible_host", "inventory_dir", "node_name", "gateway", "sites", "version", "ntp", "_region_"),
        "region_name",
        *("ack_edge_region", "vpc_id", "pods", "ansible_region"),
    ],
)
def test_a_name_of_its_own(name: str) -> None:
    assert _variables.near_misses([name]) == {}


def test_a_plural_beside_a_short_name_that_is_set_means_something_else() -> None:
    assert _variables.near_misses(["regions", "region"]) == {}
    assert _variables.near_misses(["regions"]) == {"regions": "region"}


def test_nothing_is_said_where_all_is_well() -> None:
    assert _variables.judge(_variables.KNOWN, ["waves"]) is None


@given(st.sampled_from(sorted(_variables.KNOWN)), st.data())
def test_any_one_letter_left_out_of_a_long_name_is_found(ours: str, data: st.DataObject) -> None:
    if len(ours) < 6:
        return
    place = data.draw(st.integers(0, len(ours) - 1))
    name = ours[:place] + ours[place + 1 :]
    if name not in _variables.KNOWN and not name.startswith("_"):
        assert name in _variables.near_misses([name])


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_distance_is_one(one: str, other: str) -> None:
    there, back = (_variables.distance(*pair) for pair in ((one, other), (other, one)))
    assert there == back
    assert (_variables.distance(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= _variables.distance(one, other) <= max(len(one), len(other))


def test_over_the_internet_a_gateway_has_no_say() -> None:
    internet = {
        **{key: ["x"] for key in ("routes", "site_routes", "resolve", "os_support")},
        "endpoints": [{"name": "oss", "host": "x"}, {"name": "api_server", "host": "192.168.0.10", "port": 6443}],
        **{key: [] for key in ("pod_cidr", "service_cidr", "node_cidrs", "ntp_servers", "system_tool_packages")},
        "vpc_cidrs": ["192.168.0.0/16"],
        "inbound": [{"ports": [1, 2]}],
        "access_mode": "internet",
        "cluster_version": None,
    }
    made = _variables.role_variables(internet, {"leased_line_gateway": "10.0.0.1", "leased_line_interface": "eth1"})
    assert made["leased_line_routes_routes"] == made["leased_line_routes_resolve"] == []
    assert made["leased_line_routes_gateway"] == made["inbound_ports_interface"] == ""
    assert made["readiness_inbound_ports"] == [1, 2]
    leased = internet | {"access_mode": "leased_line"}
    made = _variables.role_variables(leased, {"leased_line_gateway": "10.0.0.1", "skip_checks": ["swap"]})
    assert (made["readiness_host_state"], made["readiness_api_server"]) == ("auto", "192.168.0.10:6443")
    assert made["leased_line_routes_routes"] == ["x", "x"]
    assert made["readiness_skip"] == ["swap"]
    joined = _variables.role_variables(leased | {"endpoints": []}, {"host_state": "joined"})
    assert (joined["readiness_host_state"], joined["readiness_api_server"]) == ("joined", "")
    assert set(made) <= _variables.ROLE_VARIABLES
    assert _variables.role_variables(leased, {})["leased_line_routes_routes"] == []
