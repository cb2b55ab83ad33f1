# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines that pass for one another are found, whatever was looked at on the others."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.ack_edge.node.plugins.filter.twins import FilterModule, twins
from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from hypothesis import given
from hypothesis import strategies as st


def results(name: str = "", machine_id: str = "") -> list[dict]:
    found = []
    if name:
        found.append(_verdict.verdict("node_name", "pass", "fine", name=name))
    if machine_id:
        found.append(_verdict.verdict("machine_id", "pass", "fine", machine_id=machine_id))
    return found


def test_twins_name_each_other_and_nobody_else_is_named() -> None:
    found = twins({"a": results("edge-1", "11"), "b": results("edge-1", "22"), "c": results("edge-3", "11")})
    assert found["a"]["failed_checks"] == ["node_name_unique", "machine_id_unique"]
    assert found["b"]["failed_checks"] == ["node_name_unique"]
    assert found["c"]["failed_checks"] == ["machine_id_unique"]
    assert "the host name 'edge-1' is also that of b" in found["a"]["msg"]
    assert found["c"]["results"][1]["data"]["others"] == ["a"]
    assert found["c"]["results"][0]["status"] == "pass"


def test_what_was_not_looked_at_is_not_compared() -> None:
    found = twins({"a": [], "b": [], "c": results("edge-1")})
    assert [item["status"] for item in found["a"]["results"]] == ["skipped", "skipped"]
    assert [item["status"] for item in found["c"]["results"]] == ["pass", "skipped"]


def test_a_fleet_of_clones_is_told_of_in_short() -> None:
    found = twins({f"edge-{number:04d}": results(f"n{number}", "11") for number in range(2000)})
    verdict = found["edge-0000"]["results"][1]
    assert verdict["summary"].endswith("edge-0005 and 1994 more")
    assert len(verdict["data"]["others"]) == 1999


@given(st.dictionaries(st.text(max_size=3), st.builds(results, st.text("ab", max_size=2), st.text("12", max_size=2))))
def test_being_a_twin_is_mutual(fleet: dict) -> None:
    found = twins(fleet)
    assert list(found) == list(fleet)
    for machine, report in found.items():
        for index, item in enumerate(report["results"]):
            for other in item["data"]["others"]:
                assert machine in found[other]["results"][index]["data"]["others"]


@pytest.mark.parametrize("wrong", [[], "x", {"a": "x"}, {"a": [{"check": "node_name"}]}, {"a": [1]}])
def test_what_is_no_input_is_named(wrong: object) -> None:
    with pytest.raises(AnsibleFilterError, match="twins"):
        twins(wrong)


def test_it_is_there_under_its_name() -> None:
    assert FilterModule().filters()["twins"] is twins
