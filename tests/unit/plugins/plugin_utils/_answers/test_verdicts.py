# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers import verdicts as _answers
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import problem_of, value_of, verdicts
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import MOST_LETTERS, cleaned
from fakes.report import verdict
from hypothesis import given
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("check", "status", "summary", "remedy", "reproduce", "data")


def test_what_is_kept_of_a_verdict():
    found, wrong = verdicts([verdict("x", extra=1)])
    assert (wrong, [set(item) for item in found]) == ("", [set(KEYS)])


@given(st.dictionaries(st.sampled_from(KEYS), JSON) | JSON)
def test_whatever_is_no_verdict_is_named_and_nothing_of_it_is_taken(item):
    found, wrong = verdicts([verdict("good"), verdict("x") | item if isinstance(item, dict) else item])
    assert found[0]["check"] == "good"
    assert (len(found) == 2) == (not wrong)
    for one in found:
        assert problem_of(one) == ""
        json.dumps(one, allow_nan=False)


def test_texts_are_cleaned_and_have_an_end():
    hostile = "\x1b[2J\u202ea\x00\u2028b\r\nc\ud800"
    (one,), _wrong = verdicts([verdict("x", summary=hostile, remedy="r" * 1_000_000)])
    assert one["summary"] == "\ufffd[2J\ufffda\ufffd\ufffdb\nc\ufffd"
    assert len(one["remedy"]) == MOST_LETTERS
    assert cleaned("\u8fb9\u3000\u7f18 x\ty") == "\u8fb9\u3000\u7f18 x\ty"


def test_data_has_an_end_too():
    deep: list = []
    for _turn in range(5000):
        deep = [deep]
    for value in ("x" * 100_000, list(range(50_000)), float("nan"), float("inf"), deep):
        (one,), wrong = verdicts([verdict("x", data={"value": value})])
        assert (wrong, set(one["data"]), one["data"]["required"]) == ("", {"required", "left_out"}, True)


def test_there_is_an_end_to_how_many():
    found, wrong = verdicts([verdict("x")] * (_answers.MOST_VERDICTS + 1))
    assert len(found) == _answers.MOST_VERDICTS
    assert wrong == "there are 5001 of them, and the first 5000 are in the report"
    found, wrong = verdicts([verdict("x", summary="s" * 4000, remedy="r" * 4000)] * 2000)
    assert len(found) < 1100
    assert wrong


def test_values_inside_of_data():
    data = {"via": {"gateway": "10.0.0.1", "hops": 3, "up": True}, "dns": "x"}
    assert value_of(data, "via", "gateway") == "10.0.0.1"
    assert value_of(data, "via", "hops") == "3"
    for path in (("via",), ("via", "up"), ("via", "none"), ("dns", "source"), ("dns", "source", "x")):
        assert value_of(data, *path) == ""
