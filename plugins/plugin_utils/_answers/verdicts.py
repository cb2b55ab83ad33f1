# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is a verdict, and the verdicts of a task within the bounds of a report. Private to the collection. Pure.

A node decides what its modules answer, and whoever is root there decides it in the node's place. So nothing of an
answer is taken in before it was checked, and what is wrong with one is the failing verdict of that host alone.
"""

from __future__ import annotations

import json
from typing import Any, cast

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, STATUSES
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cleaned
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Verdict

# The start of the full names of modules whose verdicts count.
OURS = "ack_edge.node."
VERDICT_TEXTS = ("check", "status", "summary", "remedy", "reproduce")
_TYPES = (*((key, str, "a text") for key in VERDICT_TEXTS), ("data", dict, "an object"))
_VERDICT_KEYS = frozenset(key for key, _kind, _words in _TYPES)
# More than any honest answer has: 1,000 routes are 1,000 verdicts of about 1,000 characters.
MOST_VERDICTS = 5000
MOST_DATA = 20_000
MOST_DEPTH = 12
_MOST_OF_A_TASK = 8_000_000
_CONTAINERS = (dict, list, tuple)
# NaN and the like are no JSON, and others would refuse the document for it.
_JSON = json.JSONEncoder(default=str, allow_nan=False)
_NO_VERDICT_REMEDY = (
    "check which program answers as Python on this host, and whether the same version of the collection is installed "
    "wherever the run starts; do not join the host before that"
)


class Data(dict[str, Any]):
    """The data of a verdict with its text as JSON, which is made once: to see how long it is, and to be kept."""

    def __init__(self, data: dict[str, Any], text: str) -> None:
        super().__init__(data)
        self.text = text


def is_shallow(value: dict[str, Any] | list[Any] | tuple[Any, ...], most: int = MOST_DEPTH) -> bool:
    """Return whether lists and dicts are nested no deeper than that."""
    for item in value.values() if isinstance(value, dict) else value:
        # Most values are no containers, and this is done for each verdict on each host.
        if isinstance(item, _CONTAINERS) and (most <= 1 or not is_shallow(item, most - 1)):
            return False
    return True


def problem_of(item: Any) -> str:
    """Return what is wrong with a value as a verdict, '' for nothing."""
    if not isinstance(item, dict):
        return f"it is of type {type(item).__name__}, expected an object"
    if missing := _VERDICT_KEYS - item.keys():
        return f"it has no {sorted(missing)[0]}"
    for key, kind, words in _TYPES:
        if not isinstance(item[key], kind):
            return f"{key} is of type {type(item[key]).__name__}, expected {words}"
    return flaw(cast(Verdict, item))


def flaw(item: Verdict) -> str:
    """Return what is wrong with the values of a verdict whose keys and types are right, '' for nothing."""
    if item["status"] not in STATUSES:
        return f"status is '{cleaned(item['status'], 40)}', expected one of {', '.join(STATUSES)}"
    if not item["check"].strip():
        return "check is empty"
    if not isinstance(item["data"].get("required"), bool):
        return "data.required is not true or false"
    return ""


def verdicts(items: Any) -> tuple[list[Verdict], str]:
    """Return the verdicts among some items, and what is wrong with the first of the others, '' for nothing."""
    if not isinstance(items, (list, tuple)):
        return [], f"results is of type {type(items).__name__}, expected a list"
    taken: list[Verdict] = []
    wrong, size = "", 0
    for number, item in enumerate(items):
        if number >= MOST_VERDICTS or size > _MOST_OF_A_TASK:
            return taken, wrong or f"there are {len(items)} of them, and the first {number} are in the report"
        if found := problem_of(item):
            wrong = wrong or found
            continue
        verdict, length = _taken(item)
        taken.append(verdict)
        size += length
    return taken, wrong


def _taken(item: Verdict) -> tuple[Verdict, int]:
    """Return a verdict as it is kept, and about how long it is as JSON."""
    data = item["data"]
    try:
        text = _JSON.encode(data) if is_shallow(data) else ""
    except (TypeError, ValueError, RecursionError):
        text = ""
    if not 0 < len(text) <= MOST_DATA:
        data = {"required": data["required"], "left_out": "the data is too long, too deep or not JSON"}
        text = _JSON.encode(data)
    kept = Verdict(
        check=cleaned(item["check"]),
        status=item["status"],
        summary=cleaned(item["summary"]),
        remedy=cleaned(item["remedy"]),
        reproduce=cleaned(item["reproduce"]),
        data=Data(data, text),
    )
    return kept, sum(len(part) for part in (text, kept["check"], kept["summary"], kept["remedy"], kept["reproduce"]))


def as_json(item: Verdict, **more: str) -> str:
    """Return the text of a verdict of :func:`verdicts` or :func:`failing`, with more keys at its end."""
    data = item["data"]
    parts = (
        _JSON.encode({key: value for key, value in item.items() if key != "data"})[1:-1],
        f'"data": {data.text if isinstance(data, Data) else _JSON.encode(data)}',
        _JSON.encode(more)[1:-1],
    )
    return "{" + ", ".join(part for part in parts if part) + "}"


def no_verdict(module: str, why: str) -> Verdict:
    """Return the failing verdict of a host whose module answered with something else."""
    name = module.removeprefix(OURS)
    summary = f"{name} answered with something that is not a verdict: {why}"
    return failing(name, summary, _NO_VERDICT_REMEDY)


def failing(check: str, summary: str, remedy: str) -> Verdict:
    """Return a failing verdict of the report itself."""
    return Verdict(
        check=check, status=FAIL, summary=cleaned(summary), remedy=remedy, reproduce="", data={"required": True}
    )


def value_of(data: Any, *path: str) -> str:
    """Return a text or number inside of the data of a verdict as text, '' for everything else."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return str(data) if isinstance(data, (str, int)) and not isinstance(data, bool) else ""
