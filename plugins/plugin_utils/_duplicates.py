# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host names and machine ids that several hosts of a run have. Private to the collection. Pure.

A cluster tells its nodes apart by name, and services on them by machine id. Hosts that were cloned from one image have
the same, which no look at a single host can find.
"""

from __future__ import annotations

import collections
from collections.abc import Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Verdict

# The readiness check that reads it, the key of its data, what it is in words, and what to do about duplicates.
_KINDS = (
    (
        "node_name",
        "name",
        "the host name '%s'",
        "give each host a host name of its own (hostnamectl set-hostname NAME), or nodeNameOverride when joining",
    ),
    (
        "machine_id",
        "machine_id",
        "the machine id %s",
        "on all but one of them: rm /etc/machine-id && systemd-machine-id-setup, then reboot",
    ),
)
_SHOWN = 5
# More names in the data of one verdict help nobody, and of a fleet of clones they would be its square.
_NAMED = 50


def duplicates(
    found: Mapping[str, Any], scope: str = "this run", addresses: Mapping[str, str] | None = None
) -> dict[str, list[Verdict]]:
    """Return {host: [verdict node_name_unique, verdict machine_id_unique]}.

    :arg found: {host: results of readiness_info}. A host without usable ones is not compared: what it answered harms
        nobody else.
    :arg scope: what the hosts are all hosts of, in words.
    :arg addresses: host -> its address; two names with one address are one machine, whose name in the inventory has
        changed between two runs.
    """
    at = addresses or {}
    verdicts: dict[str, list[Verdict]] = {host: [] for host in found}
    for check, key, words, remedy in _KINDS:
        values = {host: _value(results, check, key) for host, results in found.items()}
        same = collections.defaultdict(list)
        for host, value in values.items():
            same[value].append(host)
        for host, value in values.items():
            mine = at.get(host)
            alike = [other for other in same[value] if other == host or not mine or at.get(other) != mine]
            verdicts[host].append(_judge(f"{check}_unique", value, (words, remedy, scope), host, alike))
    return verdicts


def _value(results: Any, check: str, key: str) -> str:
    """Return what a check found on a host, "" where it was not run or answered something else."""
    for item in results if isinstance(results, list) else []:
        data = item.get("data") if isinstance(item, dict) and item.get("check") == check else None
        value = data.get(key) if isinstance(data, dict) else None
        if isinstance(value, str) and len(value) <= 256:
            return value
    return ""


def _judge(check: str, value: str, texts: tuple[str, str, str], host: str, alike: list[str]) -> Verdict:
    words, remedy, scope = texts
    if not value:
        why = "not compared: readiness_info did not look at it on this host"
        return verdict(check, SKIPPED, why, value="", others=[])
    said = words % value
    if len(alike) < 2:
        return verdict(check, PASS, f"no other host of {scope} has {said}", value=value, others=[])
    others = [other for other in alike[: _NAMED + 1] if other != host][:_NAMED]
    count = len(alike) - 1
    more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
    shown = ", ".join(others[:_SHOWN]) + more
    return verdict(check, FAIL, f"{said} is also that of {shown}", remedy, value=value, others=others, count=count)
