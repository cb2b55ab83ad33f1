# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter ack_edge.node.twins: what readiness_info found on many machines -> which of them pass for one another."""

from __future__ import annotations

DOCUMENTATION = r"""
name: twins
short_description: Find machines that have the same host name or machine id
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - A cluster tells its nodes apart by name, and services on them by machine id. Machines that were cloned from one
    image have the same, which no look at a single machine can find.
  - Takes what M(ack_edge.node.readiness_info) said of many machines.
options:
  _input:
    description: Names of machines, each with the C(results) of M(ack_edge.node.readiness_info), or an empty list.
    type: dict
    required: true
seealso:
  - module: ack_edge.node.readiness_info
"""

EXAMPLES = r"""
- name: Find machines that pass for one another
  ansible.builtin.set_fact:
    twins: "{{ dict(ansible_play_hosts_all | zip(found)) | ack_edge.node.twins }}"
  vars:
    found: "{{ ansible_play_hosts_all | map('extract', hostvars)
      | map(attribute='readiness_report.results', default=[]) }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - For each machine C(results), a list of two verdicts, V(node_name_unique) and V(machine_id_unique), and C(summary),
      C(failed_checks) and C(msg) as the modules of this collection return them.
  type: dict
"""

import collections
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, report, verdict

# The check that reads it, the key of its data, what it is in words, and what to do about two that are the same.
_KINDS = (
    (
        "node_name",
        "name",
        "the host name '%s'",
        "give each machine a host name of its own (hostnamectl set-hostname NAME), or nodeNameOverride when joining",
    ),
    (
        "machine_id",
        "machine_id",
        "the machine id %s",
        "on all but one of them: rm /etc/machine-id && systemd-machine-id-setup, then restart it",
    ),
)
_SHOWN = 5


def twins(found: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return {machine: report} of {machine: verdicts of readiness_info}.

    :raises AnsibleFilterError: if the input is no such dict.
    """
    if not isinstance(found, dict):
        raise AnsibleFilterError(f"twins takes a dict of machines and their results, not {type(found).__name__}")
    values = {machine: _identity(machine, results) for machine, results in found.items()}
    verdicts: dict[str, list[dict[str, Any]]] = {machine: [] for machine in found}
    for check, _key, words, remedy in _KINDS:
        same = collections.defaultdict(list)
        for machine, identity in values.items():
            same[identity.get(check)].append(machine)
        for machine, identity in values.items():
            value = identity.get(check)
            others = [other for other in same[value] if other != machine] if value else []
            verdicts[machine].append(_judge(f"{check}_unique", value, words, others, remedy))
    return {machine: report(items) for machine, items in verdicts.items()}


def _identity(machine: str, results: Any) -> dict[str, str]:
    """Return {check: value} of the checks that were run on a machine."""
    try:
        given = {item["check"]: item["data"] for item in results}
        return {check: given[check].get(key, "") for check, key, _words, _remedy in _KINDS if check in given}
    except (TypeError, KeyError, AttributeError):
        raise AnsibleFilterError(f"twins: what stands for {machine} is not the results of readiness_info") from None


def _judge(check: str, value: str | None, words: str, others: list[str], remedy: str) -> dict[str, Any]:
    if not value:
        return verdict(check, SKIPPED, "not compared, for it was not looked at on this machine", value="", others=[])
    said = words % value
    if not others:
        return verdict(check, PASS, f"no other machine of this run has {said}", value=value, others=[])
    more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    shown = ", ".join(others[:_SHOWN]) + more
    return verdict(check, FAIL, f"{said} is also that of {shown}", remedy, value=value, others=others)


class FilterModule:
    """Names of filters and their functions."""

    def filters(self) -> dict[str, Any]:
        """Return {name: function}."""
        return {"twins": twins}
