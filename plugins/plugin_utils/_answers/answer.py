# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module of ours answered from a host, checked before the controller uses it. Private to the collection. Pure.

Whoever is root on a node decides what JSON each module answers. So an answer is data: only the keys that the module
documents come through, each with its type and within its bounds. ``add_host``, ``add_group``, ``ansible_facts``,
``ansible_stats``, ``unreachable``, ``skipped`` and whatever else Ansible would act upon do not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, cast

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, WARN, counts, failed
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.keys import KEYS, OUTCOMES, facts_of
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.values import (
    BadAnswer,
    Reader,
    clean,
    fits,
    kind_of,
    number,
    part,
    place,
    shown,
    typed,
    with_names,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import VERDICT_TEXTS, flaw
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Verdict

MOST_RESULTS = 5_000
# Of what Ansible says beside an answer, a part is enough to find the cause.
MOST_SHOWN = 50_000
MOST_MESSAGE = 1_000_000
MOST_WARNINGS = 50
MOST_CAUSES = 5

_VERDICT_KEYS = frozenset({*VERDICT_TEXTS, "data"})
_OBSERVATION_TEXTS = ("name", "protocol", "outcome", "seen_as", "detail")
_OBSERVATION_KEYS = frozenset({*_OBSERVATION_TEXTS, "port"})
# Names in failed_checks that are no name of a verdict: what _verdict.failure() and refusal() say.
_OTHERS = (["module"], ["answer"])


def check(module: str, answer: Any, host: str) -> dict[str, Any]:
    """Return what may be used of an answer, or the failure of the host that gave it. Raises nothing.

    :arg module: short name of the module. :arg answer: what it answered. :arg host: name of the host, for the message.
    """
    try:
        return read(module, answer)
    except BadAnswer as problem:
        return refusal(module, host, problem, answer)


def refusal(module: str, host: str, problem: object, answer: Any = None) -> dict[str, Any]:
    """Return the result of a host whose answer is not used."""
    return {
        "failed": True,
        "changed": isinstance(answer, dict) and answer.get("changed") is True,
        "msg": clean(
            f"{host} answered {module} with something that it never answers: {problem}. Nothing of this answer was "
            "used; find out who controls this host"
        ),
        "results": [],
        "summary": counts([]),
        "failed_checks": ["answer"],
    }


def read(module: str, answer: Any) -> dict[str, Any]:
    """Return a clean copy of an answer: of each key what may be used, and nothing else.

    :raises BadAnswer: if it is none of this module.
    """
    if not isinstance(answer, dict):
        raise BadAnswer(f"it is {kind_of(answer)}, expected a dict")
    reader = Reader()
    found = {key: place(key, typed, answer[key], bool) for key in ("changed", "failed") if key in answer}
    stopped = found.get("failed", False)
    found |= _of_ansible(reader, answer, stopped)
    for key, take in KEYS[module].items():
        if key in answer:
            found[key] = place(key, take, reader, answer[key])
    if "results" in answer:
        return found | _results(module, reader, answer, stopped)
    if not stopped:
        raise BadAnswer("results is missing, expected a list")
    return found


def _of_ansible(reader: Reader, answer: Mapping[str, Any], stopped: bool) -> dict[str, Any]:
    """Return what AnsibleModule and Ansible itself put beside what a module answers."""
    found: dict[str, Any] = {}
    if "msg" in answer:
        found["msg"] = place("msg", part, answer["msg"], MOST_MESSAGE)
    for key in ("warnings", "deprecations"):
        if key in answer:
            found[key] = [place(key, _said, item) for item in place(key, typed, answer[key], list)[:MOST_WARNINGS]]
    if "invocation" in answer:
        found["invocation"] = place("invocation", reader.value, place("invocation", typed, answer["invocation"], dict))
    if not stopped:
        return found
    # A module that did not come to answer: no Python, no right to use sudo, a traceback.
    for key in ("module_stdout", "module_stderr"):
        if key in answer:
            found[key] = place(key, part, answer[key], MOST_SHOWN)
    if "rc" in answer:
        found["rc"] = place("rc", number, place("rc", typed, answer["rc"], int))
    if answer.get("exception") is not None:
        found["exception"] = place("exception", _said, answer["exception"])
    return found


def _said(value: Any) -> Any:
    """Return a clean warning, deprecation or error: text, a dict of texts, or an object (since ansible-core 2.19)."""
    if isinstance(value, str):
        return part(value, MOST_SHOWN)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _cleaned(value, 0)
    if isinstance(value, dict):
        known = {key: value[key] for key in ("msg", "version", "date", "collection_name") if value.get(key) is not None}
        return {key: part(text, MOST_SHOWN) for key, text in {"msg": "", **known}.items()}
    raise BadAnswer(f" has {kind_of(value)}, expected text")


def _cleaned(value: Any, depth: int) -> Any:
    """Return a copy of an object of ansible-core with clean texts, and with no more than a few of its causes."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        if field.name == "events" or (field.name == "chain" and depth >= 2 * MOST_CAUSES):
            changes[field.name] = None
        elif isinstance(item, str):
            changes[field.name] = part(item, MOST_SHOWN)
        elif dataclasses.is_dataclass(item) and not isinstance(item, type):
            changes[field.name] = _cleaned(item, depth + 1)
    return dataclasses.replace(value, **changes)


def _results(module: str, reader: Reader, answer: Mapping[str, Any], stopped: bool) -> dict[str, Any]:
    items = place("results", typed, answer["results"], list)
    if len(items) > MOST_RESULTS:
        raise BadAnswer(f"results has {len(items)} items, expected at most {MOST_RESULTS}")
    others = next((names for names in _OTHERS if names == answer.get("failed_checks")), _OTHERS[0])
    if module == "port_probe_info":
        found = {"results": [place(f"results[{at}]", _observation, reader, item) for at, item in enumerate(items)]}
        return {**found, "summary": counts([]), "failed_checks": list(others) if stopped else []}
    verdicts = [place(f"results[{at}]", _verdict, reader, item, module) for at, item in enumerate(items)]
    # Both follow from the results, so that nobody has to trust them.
    names = [item["check"] for item in failed(verdicts)]
    return {
        "results": verdicts,
        "summary": counts(verdicts),
        "failed_checks": names or (list(others) if stopped else []),
    }


def _verdict(reader: Reader, item: Any, module: str) -> Verdict:
    if not isinstance(item, dict) or item.keys() != _VERDICT_KEYS:
        raise BadAnswer(f" is {with_names(item)}, expected a dict with {', '.join(sorted(_VERDICT_KEYS))}")
    found: dict[str, Any] = {}
    key = ""
    try:
        for key in VERDICT_TEXTS:
            found[key] = reader.text(item[key])
        key = "data"
        found[key] = data = reader.value(typed(item[key], dict))
        fits(data, facts_of(module, data.get("section")))
    except BadAnswer as problem:
        raise BadAnswer(f".{key}{problem}") from None
    place(".data.required", typed, data.get("required"), bool)
    whole = cast(Verdict, found)
    if wrong := flaw(whole):
        raise BadAnswer(f".{wrong}")
    if found["status"] in (WARN, FAIL) and not found["remedy"]:
        raise BadAnswer(f".remedy is empty, expected text with status {found['status']}")
    return whole


def _observation(reader: Reader, item: Any) -> dict[str, Any]:
    if not isinstance(item, dict) or item.keys() != _OBSERVATION_KEYS:
        raise BadAnswer(f" is {with_names(item)}, expected a dict with {', '.join(sorted(_OBSERVATION_KEYS))}")
    found = {key: place(f".{key}", reader.text, item[key], 1000) for key in _OBSERVATION_TEXTS}
    if found["outcome"] not in OUTCOMES:
        raise BadAnswer(f".outcome is {shown(found['outcome'])}, expected one of {', '.join(OUTCOMES)}")
    return {**found, "port": place(".port", number, place(".port", typed, item["port"], int))}
