# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import standings
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.files import make
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.registry import BY_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.merge import merge
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError, check
from fakes.report import GATE, endpoint, run, verdict
from hypothesis import given
from hypothesis import strategies as st

SCHEMA = json.loads((Path(__file__).parents[5] / "docs" / "fleet_report.schema.json").read_text())
WHOLE = merge(
    [
        run("one-1", {"a": [verdict("x"), endpoint("e", "1.2.3.4", "tcp.timeout")], "b": "no route", "c": None}),
        run("two-2", {"a": [verdict("x")]}, "2026-11-24T10:00:00+00:00"),
    ]
)


def changed(place, value):
    """Return the document with another value at a place."""
    document = copy.deepcopy(WHOLE)
    inner = document
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return document


def test_what_the_callback_and_a_merger_write_is_taken_as_it_is():
    assert check(WHOLE, "x.json") == WHOLE
    jsonschema.validate(WHOLE, SCHEMA)


@pytest.mark.parametrize(
    "content", [[], "text", None, 5, {"hosts": {}}, {"schema_version": 1, "runs": [], "hosts": {}}]
)
def test_other_files_are_refused(content):
    with pytest.raises(MergeError, match=r"^reports/x.json "):
        check(content, "reports/x.json")


A, VERDICT = ["hosts", "a"], ["hosts", "a", "verdicts", 0]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (["schema_version"], True, "has schema_version True, expected 4 or 3; merge it with the version"),
        (["schema_version"], 2, "has schema_version 2, expected 4 or 3"),
        (["runs"], [], "runs is empty, expected at least one run"),
        (["runs"], {}, "runs is an object, expected a list"),
        (["runs", 0], "x", "runs[0] is 'x', expected an object"),
        (["runs", 0, "started"], "yesterday", "runs[0].started is 'yesterday', expected a time such as"),
        (["runs", 0, "started"], "2026-13-23T10:00:00+00:00", "expected a time such as"),
        (["runs", 0, "started"], "2026-11-23T10:00:00+00:00\n", "expected a time such as"),
        (["runs", 0, "ended"], 5, "runs[0].ended is 5, expected null or a time"),
        (["runs", 0, "check_mode"], "no", "runs[0].check_mode is 'no', expected true or false"),
        (["runs", 0, "extra"], 1, "runs[0] has 'extra', which its schema does not have"),
        (["hosts"], [], "hosts is a list, expected an object"),
        (A, None, "hosts['a'] is None, expected an object"),
        (["hosts", ""], {}, "hosts has a host without a name"),
        (["hosts", "a\x1b"], {}, "hosts['a\\x1b'] has no"),
        ([*A, "run"], "none", "hosts['a'].run is 'none', expected the id of one of its runs"),
        ([*A, "state"], "good", "hosts['a'].state is 'good', expected one of ok, failed, stopped"),
        ([*A, "wave"], True, "hosts['a'].wave is True, expected null or a whole number"),
        ([*A, "changed"], [5], "hosts['a'].changed[0] is 5, expected a text"),
        ([*A, "modules"], [], "hosts['a'].modules is a list, expected an object"),
        ([*A, "modules", "m"], "x", "hosts['a'].modules['m'] is 'x', expected an object"),
        ([*A, "modules", GATE[0], "run"], "none", "expected the id of one of its runs"),
        ([*A, "verdicts"], "x", "hosts['a'].verdicts is 'x', expected a list"),
        (VERDICT, "x", "hosts['a'].verdicts[0] is 'x', expected an object"),
        ([*VERDICT, "data"], None, "hosts['a'].verdicts[0].data is None, expected an object"),
        ([*VERDICT, "data"], {}, "hosts['a'].verdicts[0]: data.required is not true or false"),
        ([*VERDICT, "status"], "x", "hosts['a'].verdicts[0]: status is 'x', expected one of"),
        ([*VERDICT, "summary"], 5, "hosts['a'].verdicts[0].summary is 5, expected a text"),
        ([*VERDICT, "data", "x"], [[[[[[[[[[[[[[]]]]]]]]]]]]]], "data is nested too deep"),
        ([*A, "history", 0, "run"], "none", "hosts['a'].history[0].run is 'none', expected the id"),
        ([*A, "history", 0, "ended"], None, "hosts['a'].history[0].ended is None, expected '' or a time"),
        ([*A, "history"], [1], "hosts['a'].history[0] is 1, expected an object"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(place, value, message):
    with pytest.raises(MergeError) as caught:
        check(changed(place, value), "reports/x.json")
    assert str(caught.value).startswith("reports/x.json ")
    assert message in str(caught.value)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def places(value, path=()):
    """Yield the way to everything in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


@given(st.sampled_from(sorted(places(WHOLE), key=str)), ANYTHING)
def test_whatever_is_taken_can_be_merged_and_written(place, value):
    try:
        taken = check(changed(place, value), "x.json")
    except MergeError:
        return
    assert make(merge([taken, WHOLE]), Path("x"), BY_NAME)


def test_a_document_of_version_3_is_read():
    """Its verdicts do not say which module found them, but the task of a role does."""
    host = {
        "state": "ok", "run": "old-1", "message": "", "failed_task": "", "region": "", "access_mode": "", "site": "",
        "address": "", "wave": None, "started": "2026-11-22T10:00:00+00:00", "ended": "2026-11-22T10:01:00+00:00",
        "changed": [], "modules": list(GATE), "history": [],
        "verdicts": [
            verdict("oss", "fail") | {"task": "ack_edge.node.reachability : Walk the way to every endpoint"},
            verdict("swap") | {"task": "ack_edge.node.readiness : Look"},
        ],
    }  # fmt: skip
    old = {"schema_version": 3, "runs": [{**WHOLE["runs"][0], "id": "old-1"}], "hosts": {"a": host}}
    taken = check(old, "x.json")
    jsonschema.validate(taken, SCHEMA)
    assert standings(taken) == {"a": "not ready"}
    later = run("new-1", {"a": [verdict("oss")]}, "2026-11-25T10:00:00+00:00", GATE[-1:])
    assert standings(merge([taken, later])) == {"a": "ready"}
