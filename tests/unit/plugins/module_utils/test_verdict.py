# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
import json
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _verdict

GOOD = _verdict.verdict("a", "pass", "fine")
BAD = _verdict.verdict("b", "fail", "broken", "mend it", "look", port=443)
OPTIONAL = _verdict.verdict("c", "fail", "broken", "mend it", required=False)
SILENT = _verdict.verdict("d", "unproven", "silent", "ask there")


def test_shape():
    assert BAD == {
        "check": "b", "status": "fail", "summary": "broken", "remedy": "mend it", "reproduce": "look",
        "data": {"port": 443, "required": True},
    }  # fmt: skip


@pytest.mark.parametrize("status", ["fail", "warn"])
def test_a_finding_needs_a_remedy(status):
    with pytest.raises(ValueError, match="needs a remedy"):
        _verdict.verdict("a", status, "broken")


def test_no_other_status():
    with pytest.raises(ValueError, match="expected one of pass, warn"):
        _verdict.verdict("a", "ok", "fine")


def test_only_a_required_fail_stops():
    assert _verdict.failed([GOOD, OPTIONAL, BAD, SILENT]) == [BAD]


def test_counts_name_every_status():
    assert _verdict.counts([GOOD, BAD]) == {"pass": 1, "warn": 0, "fail": 1, "unproven": 0, "skipped": 0}


def test_table_has_the_worst_first_and_nothing_that_is_well():
    other = _verdict.verdict("e", "fail", "torn", "sew it")
    assert _verdict.table([GOOD, SILENT, other, BAD]).splitlines() == [
        "FAIL     e: torn",
        "         to do: sew it",
        "FAIL     b: broken",
        "         to do: mend it",
        "         by hand: look",
        "UNPROVEN d: silent",
        "         to do: ask there",
    ]
    assert _verdict.table([GOOD]) == ""


def test_table_says_one_remedy_once():
    assert _verdict.table([BAD, OPTIONAL]).splitlines() == [
        "FAIL     b: broken",
        "FAIL     c (optional): broken",
        "         to do: mend it",
        "         by hand: look",
    ]


def test_report_keeps_the_order_and_says_that_all_is_well():
    assert _verdict.report([BAD, GOOD])["results"] == [BAD, GOOD]
    assert _verdict.report([BAD, OPTIONAL])["failed_checks"] == ["b"]
    assert _verdict.report([GOOD])["msg"] == "1 of 1 pass"


def test_failure_keeps_what_was_found():
    failure = _verdict.failure("cannot go on", [BAD])
    assert (failure["msg"], failure["results"], failure["failed_checks"]) == ("cannot go on", [BAD], ["b"])


def test_failure_never_looks_like_a_success():
    """verify_edge.yml takes a machine without failed_checks for ready."""
    assert _verdict.failure("could not look")["failed_checks"]
    assert _verdict.failure("could not look", [GOOD, OPTIONAL])["failed_checks"]


SCHEMA = json.loads((Path(__file__).parents[4] / "docs" / "verdict.schema.json").read_text())


def test_schema_says_what_the_modules_return():
    jsonschema.validate(_verdict.report([GOOD, BAD, OPTIONAL, SILENT]), SCHEMA)
    assert tuple(SCHEMA["$defs"]["status"]["enum"]) == _verdict.STATUSES


@pytest.mark.parametrize(
    "change",
    [{"status": "ok"}, {"remedy": ""}, {"summary": ""}, {"data": {}}, {"more": 1}, {"check": None}, {"reproduce": 3}],
)
def test_schema_refuses_what_is_no_verdict(change):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(BAD | change, SCHEMA["$defs"]["verdict"] | {"$defs": SCHEMA["$defs"]})
