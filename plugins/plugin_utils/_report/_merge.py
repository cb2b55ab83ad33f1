# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several documents of runs into one: slices of a job, retries, waves. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report._run import NOT_STARTED, SCHEMA_VERSION, Run

_KEYS = frozenset({"schema_version", "runs", "hosts"})
_RUN = Run("", "", "").document()["runs"][0].keys()
_HOST = Run("", "", "").document(never_started=["any"])["hosts"]["any"].keys()


class MergeError(Exception):
    """A document that cannot be merged; the text names it and says what to do."""


def check(document: Any, name: str) -> dict[str, Any]:
    """Return a document that has the shape of one.

    :arg name: of its file, for messages.
    :raises MergeError: if it is no document of a run, or of another version of the collection.
    """
    if not is_document(document):
        raise MergeError(f"{name} is no report of ack_edge.node, expected JSON with schema_version, runs and hosts")
    if document["schema_version"] != SCHEMA_VERSION:
        raise MergeError(
            f"{name} has schema_version {document['schema_version']!r}, expected {SCHEMA_VERSION}; "
            "merge it with the version of the collection that wrote it"
        )
    runs, hosts = document["runs"], document["hosts"]
    whole = isinstance(runs, list) and isinstance(hosts, dict)
    whole = whole and all(isinstance(run, dict) and run.keys() >= _RUN for run in runs)
    if not whole or not all(isinstance(record, dict) and record.keys() >= _HOST for record in hosts.values()):
        raise MergeError(f"{name} is no whole report of ack_edge.node: expected runs and hosts as its schema has them")
    return document


def is_document(content: Any) -> bool:
    """Return whether some JSON has the outline of a document, of whatever version."""
    return isinstance(content, dict) and content.keys() >= _KEYS


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
    def when(state: dict[str, Any]) -> tuple[str, str]:
        return runs[state["run"]]["started"], state["run"]

    def order(state: dict[str, Any]) -> tuple[bool, str, str]:
        # A run that never came to the machine says less than one that did.
        return state["state"] != NOT_STARTED, *when(state)

    # What another merge made history of has no verdicts any more.
    chosen = max((state for state in states.values() if "verdicts" in state), key=order)
    others = [state for state in states.values() if state["run"] != chosen["run"]]
    return {**chosen, "history": [_line(state) for state in sorted(others, key=when)]}


def _line(state: dict[str, Any]) -> dict[str, Any]:
    return {key: state[key] for key in ("run", "state", "failed_task", "message", "ended")}
