# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import functools

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._merge import MergeError, check, merge
from helpers_report import run, verdict
from hypothesis import given
from hypothesis import strategies as st

BAD, GOOD = [verdict("x", "fail")], [verdict("x")]
FIRST = run("prepare-1", {"a": GOOD, "b": BAD, "c": "no route", "d": None}, "2026-11-23T10:00:00+00:00")
SECOND = run("prepare-2", {"b": GOOD, "c": BAD, "d": GOOD, "e": GOOD}, "2026-11-24T10:00:00+00:00")
THIRD = run("prepare-3", {"b": None, "c": GOOD}, "2026-11-25T10:00:00+00:00")


def states(document):
    return {host: record["state"] for host, record in document["hosts"].items()}


def test_each_machine_is_as_its_latest_run_left_it():
    merged = merge([SECOND, FIRST])
    assert states(merged) == {"a": "ok", "b": "ok", "c": "failed", "d": "ok", "e": "ok"}
    assert [item["id"] for item in merged["runs"]] == ["prepare-1", "prepare-2"]
    assert [(line["run"], line["state"]) for line in merged["hosts"]["b"]["history"]] == [("prepare-1", "failed")]
    assert merged["hosts"]["e"]["history"] == []


def test_a_run_that_never_came_to_a_machine_says_nothing_of_it():
    merged = merge([FIRST, SECOND, THIRD])
    assert merged["hosts"]["b"]["run"] == "prepare-2"
    assert ("prepare-3", "not started") in [(line["run"], line["state"]) for line in merged["hosts"]["b"]["history"]]
    assert states(merge([THIRD]))["b"] == "not started"


def test_history_is_in_the_order_of_the_runs_and_says_why():
    last = run("prepare-4", {"b": GOOD, "c": GOOD}, "2026-11-26T10:00:00+00:00")
    hosts = merge([last, THIRD, SECOND, FIRST])["hosts"]
    lines = [(line["run"], line["state"], line["failed_task"], line["message"]) for line in hosts["b"]["history"]]
    assert lines == [
        ("prepare-1", "failed", "gate", "b is not ready"),
        ("prepare-2", "ok", "", ""),
        ("prepare-3", "not started", "", ""),
    ]
    assert hosts["c"]["history"][0]["message"] == "no route"


def test_what_a_killed_run_left_and_its_end():
    killed = {**FIRST, "runs": [{**FIRST["runs"][0], "ended": None}], "hosts": {"a": FIRST["hosts"]["a"]}}
    assert merge([killed])["runs"][0]["ended"] is None
    for documents in ([killed, FIRST], [FIRST, killed]):
        assert merge(documents) == merge([FIRST])


@pytest.mark.parametrize("content", [[], "text", {"hosts": {}}, {"schema_version": 1, "runs": [], "hosts": {}}])
def test_other_files_are_refused(content):
    with pytest.raises(MergeError, match=r"^reports/x.json "):
        check(content, "reports/x.json")


FOUND = st.one_of(st.none(), st.just("no route"), st.just(GOOD), st.just(BAD))
HOSTS = st.dictionaries(st.sampled_from("abcd"), FOUND, max_size=4)
FLEETS = st.lists(HOSTS, min_size=1, max_size=4).map(
    lambda fleets: [
        run(f"run-{number}", hosts, f"2026-11-{number + 10}T10:00:00+00:00") for number, hosts in enumerate(fleets)
    ]
)


@given(FLEETS, st.randoms())
def test_laws(documents, random):
    """Order, repetition and earlier mergers make no difference."""
    merged = merge(documents)
    mixed = documents * 2
    random.shuffle(mixed)
    assert merge(mixed) == merged
    assert merge([merged, merged]) == merged
    assert functools.reduce(lambda one, other: merge([one, other]), mixed) == merged
    assert set(merged["hosts"]) == {host for document in documents for host in document["hosts"]}
