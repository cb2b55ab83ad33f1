# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task answered, as verdicts of checked types and bounds. Private to the collection. Pure.

A node decides what its modules answer, and whoever is root there decides it in the node's place. So nothing of an
answer is taken in before it was checked, and what is wrong with one is the failing verdict of that host alone.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import STATUSES

# The start of the full names of modules whose verdicts count.
OURS = "ack_edge.node."
VERDICT_TEXTS = ("check", "status", "summary", "remedy", "reproduce")
_TYPES = (*((key, str, "a text") for key in VERDICT_TEXTS), ("data", dict, "an object"))
_VERDICT_KEYS = frozenset(key for key, _kind, _words in _TYPES)
# More than any honest answer has: 1,000 routes are 1,000 verdicts of about 1,000 characters.
MOST_VERDICTS = 5000
MOST_LETTERS = 4000
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


def printable(text: str, keep: str = "") -> str:
    """Return a text without signs that are invisible or steer a terminal: controls, bidi overrides, halves of pairs.

    :arg keep: signs that stay, such as a line end.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in keep or _is_space(sign) else "\ufffd" for sign in text)


def _is_space(sign: str) -> bool:
    return unicodedata.category(sign) == "Zs"


def cleaned(value: Any, most: int = MOST_LETTERS) -> str:
    """Return the text of a value that came from a node: no signs that steer, and no more letters than that."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    short = text if len(text) <= most else text[: most - 1] + "\u2026"
    return printable(short.replace("\r\n", "\n"), keep="\n\t")


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
    return _problem_inside(item)


def _problem_inside(item: dict[str, Any]) -> str:
    if item["status"] not in STATUSES:
        return f"status is '{cleaned(item['status'], 40)}', expected one of {', '.join(STATUSES)}"
    if not item["check"].strip():
        return "check is empty"
    if not isinstance(item["data"].get("required"), bool):
        return "data.required is not true or false"
    return ""


def verdicts(items: Any) -> tuple[list[dict[str, Any]], str]:
    """Return the verdicts among some items, and what is wrong with the first of the others, '' for nothing."""
    if not isinstance(items, (list, tuple)):
        return [], f"results is of type {type(items).__name__}, expected a list"
    taken, wrong, size = [], "", 0
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


def _taken(item: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Return a verdict as it is kept, and about how long it is as JSON."""
    data = item["data"]
    try:
        length = len(_JSON.encode(data)) if is_shallow(data) else MOST_DATA + 1
    except (TypeError, ValueError, RecursionError):
        length = MOST_DATA + 1
    if length > MOST_DATA:
        data, length = {"required": data["required"], "left_out": "the data is too long, too deep or not JSON"}, 100
    texts = {key: cleaned(item[key]) for key in VERDICT_TEXTS}
    return {**texts, "data": data}, length + sum(map(len, texts.values()))


def no_verdict(module: str, why: str) -> dict[str, Any]:
    """Return the failing verdict of a host whose module answered with something else."""
    name = module.removeprefix(OURS)
    summary = f"{name} answered with something that is not a verdict: {why}"
    return failing(name, summary, _NO_VERDICT_REMEDY)


def failing(check: str, summary: str, remedy: str) -> dict[str, Any]:
    """Return a failing verdict of the report itself."""
    texts = {"check": check, "status": "fail", "summary": cleaned(summary), "remedy": remedy, "reproduce": ""}
    return {**texts, "data": {"required": True}}


def value_of(data: Any, *path: str) -> str:
    """Return a text or number inside of the data of a verdict as text, '' for everything else."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return str(data) if isinstance(data, (str, int)) and not isinstance(data, bool) else ""
