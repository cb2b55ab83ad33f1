# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says whether a host is ready, out of what the tasks before found on it; on the controller."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra, _gate


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
                "require_proof": {"type": "bool", "default": False},
                "duplicate_hosts": {"type": "dict", "default": {}},
            }
        )
        known = task_vars or {}
        host = known["inventory_hostname"]
        reports = _gate.reports(known)
        alike = (arguments["duplicate_hosts"].get("hosts") or {}).get(host)
        if alike:
            reports[_gate.DUPLICATES] = report(alike)
        judged = _gate.judge(host, _gate.region_of(known), reports)
        unproven = bool(arguments["require_proof"] and judged.open_points)
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
