# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Laws of every answer: whatever a node says becomes a result that passes again, and what is honest stays as it is."""

from __future__ import annotations

import json
import random
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, report, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.answer import check
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.keys import KEYS
from fakes import odd_inputs
from hypothesis import given, settings

COMMON = {"results", "summary", "failed_checks", "msg"}
GOOD = verdict("swap", PASS, "swap is off", reproduce="swapon --show", sizes=[1, 2.5, None], more={"on": False})
BAD = verdict("node_name", FAIL, "the host name is empty", "run hostnamectl", name="")
OBSERVATION = {"name": "kubelet", "protocol": "tcp", "port": 10250, "outcome": "answered", "seen_as": "", "detail": ""}
NAMES = [
    "results",
    "check",
    "status",
    "summary",
    "remedy",
    "reproduce",
    "data",
    "required",
    "changed",
    "failed",
    "msg",
    "warnings",
    "exception",
    "rc",
    "diff",
    "before",
    "token",
    "address",
    "listening",
    "taken",
    "awaiting_confirmation",
    "seconds",
    "wants_archive",
    "routes",
    "machine_id",
    "port",
]
BESIDE = ("changed", "failed", "msg", "warnings", "diff", "failed_checks", "exception")


def nearly(source: random.Random) -> dict[str, Any]:
    """Return a verdict, some parts of which may be anything."""
    return {
        key: value if source.random() < 0.5 else odd_inputs.json_value(source, NAMES) for key, value in GOOD.items()
    }


def answer(source: random.Random) -> tuple[str, Any]:
    """Return a module, and what it is said to have answered."""
    module = source.choice(sorted(KEYS))
    if source.random() < 0.3:
        return module, odd_inputs.json_value(source, NAMES)
    results = [source.choice((GOOD, BAD, nearly(source), OBSERVATION)) for _each in range(source.randint(0, 3))]
    beside = [key for key in BESIDE if source.random() < 0.3]
    return module, {"results": results, **{key: odd_inputs.json_value(source, NAMES) for key in beside}}


def honest_and_more(source: random.Random) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return verdicts, and what is added to the answer that has them."""
    added = {odd_inputs.text(source, 5): odd_inputs.json_value(source, NAMES) for _each in range(source.randint(0, 3))}
    return source.choices((GOOD, BAD), k=source.randint(0, 4)), added


@settings(max_examples=300)
@given(odd_inputs.made(answer))
def test_whatever_is_answered_gives_a_result_that_passes_again(given_answer: tuple[str, Any]) -> None:
    module, whatever = given_answer
    found = check(module, whatever, "n1")
    assert check(module, found, "n1") == found
    assert found.keys() <= {
        *COMMON,
        *KEYS[module],
        "changed",
        "failed",
        "warnings",
        "deprecations",
        "exception",
        "rc",
    } | {
        "module_stdout",
        "module_stderr",
        "invocation",
    }
    assert found.get("failed") or isinstance(found["results"], list)
    # What comes through can be written and printed.
    json.dumps(found, allow_nan=False, ensure_ascii=False).encode()


@settings(max_examples=200)
@given(odd_inputs.made(honest_and_more))
def test_what_is_added_to_an_honest_answer_changes_nothing(
    given_answer: tuple[list[dict[str, Any]], dict[str, Any]],
) -> None:
    verdicts, added = given_answer
    honest = {"changed": False, **report(verdicts)}
    extra = {key: value for key, value in added.items() if key not in {*COMMON, "changed", "failed"}}
    assert check("readiness_info", {**extra, **honest}, "n1") == honest
