# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several documents of runs into one: slices of a job, retries, waves, parts. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import NOT_STARTED, RESET
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.everywhere import with_duplicates
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.run import SCHEMA_VERSION
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import (
    Document,
    HistoryLine,
    HostRecord,
    Look,
    ReportedVerdict,
    Run,
)

Runs = dict[str, Run]
# What is known of a host from one run: all of it, or a line where another merge made history of it.
_State = HostRecord | HistoryLine
# What one run found with one module on one host: the look itself and the verdicts of it.
Section = tuple[Look, list[ReportedVerdict]]


def merge(documents: Iterable[Document]) -> Document:
    """Return one document that has of each host what each run knew.

    State, message, place and changes are those of the latest run that came to the host to judge it. What was found is
    kept by module, each as the latest run found it that looked with this module: a run of some roles only says nothing
    of the others. A reset, and a run in check mode that would have changed the host, judge nothing where another run
    did. Host names and machine ids are compared over all hosts, for a slice knows only its own. The order of the
    documents and how often one is given do not matter, nor does it whether they were merged before.

    :arg documents: as :func:`shape.check` returns them.
    """
    given = list(documents)
    runs: Runs = {}
    for run in (run for document in given for run in document["runs"]):
        # What was written while it went on, and what at its end.
        runs[run["id"]] = max(runs.get(run["id"], run), run, key=lambda known: (known["ended"] or "", known["stopped"]))
    hosts: dict[str, list[HostRecord]] = {}
    for document in given:
        for host, record in document["hosts"].items():
            hosts.setdefault(host, []).append(record)
    return {
        "schema_version": SCHEMA_VERSION,
        "runs": sorted(runs.values(), key=lambda run: (run["started"], run["id"])),
        "hosts": with_duplicates({host: _merged(hosts[host], runs) for host in sorted(hosts)}),
    }


def _merged(records: list[HostRecord], runs: Runs) -> HostRecord:
    def when(state: _State) -> tuple[str, str]:
        return runs[state["run"]]["started"], state["run"]

    def order(state: _State) -> tuple[bool, bool, str, str]:
        # A run that never came to the host says less than one that did, and one that judges nothing less than others.
        return state["state"] != NOT_STARTED, _is_record(state) and _judges(state, runs[state["run"]]), *when(state)

    states: dict[str, _State] = {}
    for state in (state for record in records for state in (*record["history"], record)):
        states[state["run"]] = max(states.get(state["run"], state), state, key=_completeness)
    # What another merge made history of has no more than a line.
    chosen = max((state for state in states.values() if _is_record(state)), key=order)
    others = [state for state in states.values() if state["run"] != chosen["run"]]
    modules, verdicts = _sections(records, runs)
    history = [_line(state) for state in sorted(others, key=when)]
    return {**chosen, "modules": modules, "verdicts": verdicts, "history": history}


def _judges(record: HostRecord, run: Run) -> bool:
    """Return whether a run says how ready a host is: no reset does, and none in check mode that would change it."""
    if run["playbook"] == RESET:
        return False
    looks = [look for look in record["modules"].values() if look["run"] == run["id"]]
    return not run["check_mode"] or (not record["changed"] and all(look["proves"] for look in looks))


def _completeness(state: _State) -> tuple[str, bool, int]:
    """Order what is known of one host from one run: later, then with its verdicts, then with more of them."""
    found = state["verdicts"] if _is_record(state) else ()
    return state["ended"], _is_record(state), len(found)


def _is_record(state: _State) -> TypeGuard[HostRecord]:
    return "verdicts" in state


def _line(state: _State) -> HistoryLine:
    return HistoryLine(
        run=state["run"],
        state=state["state"],
        failed_task=state["failed_task"],
        message=state["message"],
        ended=state["ended"],
    )


def _sections(records: list[HostRecord], runs: Runs) -> tuple[dict[str, Look], list[ReportedVerdict]]:
    """Return of several records of a host which run counts for each module, and the verdicts that it found."""

    def age(section: Section) -> tuple[Any, ...]:
        look, found = section
        run = runs[look["run"]]
        # What a run in check mode would have undone or changed is there as it was. Of one run, what was written later;
        # what would have been changed is known at its end only.
        real = look["proves"] or not run["check_mode"]
        return real, run["started"], look["run"], look["ended"], len(found), not look["proves"]

    newest: dict[str, Section] = {}
    for record in records:
        for module, section in _of_record(record).items():
            newest[module] = max(newest.get(module, section), section, key=age)

    def place(module: str) -> tuple[str, str, str, str]:
        look = newest[module][0]
        return runs[look["run"]]["started"], look["run"], look["ended"], module

    ordered = sorted(newest, key=place)
    modules = {module: newest[module][0] for module in ordered if module}
    return modules, [item for module in ordered for item in newest[module][1]]


def _of_record(record: HostRecord) -> dict[str, Section]:
    """Return {module: section} of a record; verdicts whose module is not known are a section as well."""
    unknown: Look = {"run": record["run"], "ended": record["ended"], "proves": False}
    sections: dict[str, Section] = {module: (look, []) for module, look in record["modules"].items()}
    for item in record["verdicts"]:
        sections.setdefault(item["module"], (unknown, []))[1].append(item)
    return sections
