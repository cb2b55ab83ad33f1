# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Duplicate host names and machine ids are found, whatever other hosts answer."""

from __future__ import annotations

import json

from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._duplicates import duplicates
from hypothesis import given
from hypothesis import strategies as st


def results(name: str = "", machine_id: str = "") -> list[dict]:
    found = []
    if name:
        found.append(_verdict.verdict("node_name", "pass", "fine", name=name))
    if machine_id:
        found.append(_verdict.verdict("machine_id", "pass", "fine", machine_id=machine_id))
    return found


def failing(verdicts: list[dict]) -> list[str]:
    return [item["check"] for item in verdicts if item["status"] == "fail"]


def test_duplicates_name_each_other_and_nobody_else_is_named() -> None:
    found = duplicates({"a": results("edge-1", "11"), "b": results("edge-1", "22"), "c": results("edge-3", "11")})
    assert failing(found["a"]) == ["node_name_unique", "machine_id_unique"]
    assert failing(found["b"]) == ["node_name_unique"]
    assert failing(found["c"]) == ["machine_id_unique"]
    assert found["a"][0]["summary"] == "the host name 'edge-1' is also that of b"
    assert found["c"][1]["data"]["others"] == ["a"]
    assert found["c"][0]["status"] == "pass"


def test_what_was_not_looked_at_is_not_compared() -> None:
    found = duplicates({"a": [], "b": [], "c": results("edge-1")})
    assert [item["status"] for item in found["a"]] == ["skipped", "skipped"]
    assert [item["status"] for item in found["c"]] == ["pass", "skipped"]


def test_a_fleet_of_clones_is_told_of_in_short() -> None:
    found = duplicates({f"edge-{number:04d}": results(f"n{number}", "11") for number in range(2000)})
    verdict = found["edge-0000"][1]
    assert verdict["summary"].endswith("edge-0005 and 1994 more")
    assert verdict["data"]["count"] == 1999
    assert "edge-0000" not in verdict["data"]["others"]
    assert len(json.dumps(found)) < 5_000_000


@given(st.dictionaries(st.text(max_size=3), st.builds(results, st.text("ab", max_size=2), st.text("12", max_size=2))))
def test_being_a_duplicate_is_mutual(fleet: dict) -> None:
    found = duplicates(fleet)
    assert list(found) == list(fleet)
    for host, verdicts in found.items():
        for index, item in enumerate(verdicts):
            for other in item["data"]["others"]:
                assert host in found[other][index]["data"]["others"]


KEYS = st.sampled_from(["check", "data", "name", "machine_id", "node_name"]) | st.text(max_size=4)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)


@given(ANY_JSON)
def test_whatever_one_host_answers_the_others_are_judged(answer: object) -> None:
    found = duplicates({"a": results("edge-1", "11"), "evil": answer, "b": results("edge-1", "12")})
    assert failing(found["a"]) == ["node_name_unique"]
    assert [item["status"] for item in found["evil"]] == ["skipped", "skipped"]


def test_one_host_cannot_answer_with_what_has_no_hash() -> None:
    evil = [{"check": "machine_id", "data": {"machine_id": ["a"]}}]
    found = duplicates({"evil": evil, "a": results("edge-1", "11")})
    assert failing(found["a"]) == []
