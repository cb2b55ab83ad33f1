# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host names and machine ids compared over the hosts of several runs. Private to the collection. Pure.

Each run compares its own hosts. Two clones in two slices of a job are alone in each, so that nobody but the merge can
find them.
"""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._duplicates import duplicates
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import HostRecord, Look, ReportedVerdict, Verdict

DUPLICATES = "ack_edge.node.duplicate_hosts"
_TASK = "Compare the hosts of all runs"
_SCOPE = "these runs"


def with_duplicates(hosts: dict[str, HostRecord]) -> dict[str, HostRecord]:
    """Return the records of hosts with the verdicts about duplicates that hold over all of them.

    Hosts whose readiness was not looked at keep what their run said of them.
    """
    looked = {name: record["verdicts"] for name, record in hosts.items()}
    addresses = {name: record["address"] for name, record in hosts.items()}
    found = duplicates(looked, _SCOPE, addresses)
    return {name: _renewed(record, found[name]) for name, record in hosts.items()}


def _renewed(record: HostRecord, found: list[Verdict]) -> HostRecord:
    compared = [item for item in found if item["status"] != "skipped"]
    known = {item["check"] for item in compared}
    before = [item for item in record["verdicts"] if item["module"] == DUPLICATES]
    if not known or (not before and all(item["status"] == "pass" for item in compared)):
        return record
    others = [item for item in record["verdicts"] if item["module"] != DUPLICATES or item["check"] not in known]
    renewed = [ReportedVerdict(**item, task=_TASK, module=DUPLICATES) for item in compared]
    look: Look = {"run": record["run"], "ended": record["ended"], "proves": True}
    modules = {name: known_look for name, known_look in record["modules"].items() if name != DUPLICATES}
    return {**record, "modules": {**modules, DUPLICATES: look}, "verdicts": [*others, *renewed]}
