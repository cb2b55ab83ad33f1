# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says whether a host is ready, out of what the tasks before found on it; on the controller."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra, _gate
from ansible_collections.ack_edge.node.plugins.plugin_utils._host import Host


class ActionModule(ActionBase):
    """Fails a host that is not ready."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the sentence and the table; failed where a required check failed."""
        result = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={
                "require_proof": {"type": "bool"},
                "duplicate_hosts": {"type": "dict"},
            }
        )
        known = task_vars or {}
        host = known["inventory_hostname"]
        reports = _gate.reports(known)
        if alike := _gate.alike(known, arguments["duplicate_hosts"]):
            reports[_gate.DUPLICATES] = report(alike)
        judged = _gate.judge(host, _gate.region_of(known), reports)
        unproven = self._requires_proof(arguments["require_proof"], known) and judged.open_points > 0
        return result | {
            "failed": bool(judged.failed) or unproven,
            "msg": judged.message,
            "table": judged.lines,
            "ready": judged.ready,
            "open_points": judged.open_points,
            "looked_at": judged.looked_at,
            # The table is what the run is for: Ansible shows it, also of a host that is ready. In AWX, where nobody
            # reads a page for each of thousands of hosts, such a host is a line.
            "_ansible_verbose_always": not (judged.ready and _extra.in_awx(known)),
        }

    def _requires_proof(self, given: bool | None, known: dict[str, Any]) -> bool:
        value = Host(known, self._templar, self._loader).value("require_proof") if given is None else given
        if value in (None, ""):
            return False
        try:
            return bool(boolean(value))
        except TypeError:
            raise AnsibleActionFail(f"require_proof is {value!r}, expected true or false") from None
