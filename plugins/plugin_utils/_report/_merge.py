# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several documents of runs into one: slices of a job, retries, waves. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report._run import NOT_STARTED, SCHEMA_VERSION

_KEYS = frozenset({"schema_version", "runs", "hosts"})


class MergeError(Exception):
    """A document that cannot be merged; the text names it and says what to do."""


def check(document: Any, name: str) -> dict[str, Any]:
    """Return a document that has the shape of one.

    :arg name: of its file, for messages.
    :raises MergeError: if it is no document of a run, or of another version of the collection.
    """
    if not isinstance(document, dict) or not document.keys() >= _KEYS:
        raise MergeError(f"{name} is no report of ack_edge.node, expected JSON with schema_version, runs and hosts")
    if document["schema_version"] != SCHEMA_VERSION:
        raise MergeError(
            f"{name} has schema_version {document['schema_version']!r}, expected {SCHEMA_VERSION}; "
            "merge it with the version of the collection that wrote it"
        )
    return document


def merge(documents: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return one document: each machine as its latest run left it, with what earlier ones said of it.

    The order of the documents and how often one is given do not matter, nor does it whether they were merged before.
    """
    runs: dict[str, dict[str, Any]] = {}
    states: dict[str, dict[str, dict[str, Any]]] = {}
    for document in documents:
        for run in document["runs"]:
            known = runs.setdefault(run["id"], run)
            # What was written while it went on, and what at its end.
            if (run["ended"] or "") > (known["ended"] or ""):
                runs[run["id"]] = run
        for host, record in document["hosts"].items():
            of_host = states.setdefault(host, {})
            for state in (*record["history"], record):
                name = state["run"]
                of_host[name] = max(of_host.get(name, state), state, key=_completeness)
    return {
        "schema_version": SCHEMA_VERSION,
        "runs": sorted(runs.values(), key=lambda run: (run["started"], run["id"])),
        "hosts": {host: _latest(states[host], runs) for host in sorted(states)},
    }


def _completeness(state: dict[str, Any]) -> tuple[str, bool, int]:
    """Order what is known of one machine from one run: later, then with its verdicts, then with more of them."""
    return state["ended"], "verdicts" in state, len(state.get("verdicts", ()))


def _latest(states: dict[str, dict[str, Any]], runs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    def order(state: dict[str, Any]) -> tuple[bool, str, str]:
        # A run that never came to the machine says less than one that did.
        return state["state"] != NOT_STARTED, runs[state["run"]]["started"], state["run"]

    *earlier, last = sorted((state for state in states.values()), key=order)
    whole = [state for state in (*earlier, last) if "verdicts" in state]
    chosen = whole[-1]
    history = [_line(state) for state in (*earlier, last) if state["run"] != chosen["run"]]
    return {**chosen, "history": history}


def _line(state: dict[str, Any]) -> dict[str, Any]:
    return {key: state[key] for key in ("run", "state", "ended")}
