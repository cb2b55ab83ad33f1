# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails a host because of what a module found on it, as lines that one can read; on the controller."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils._gate import failures, part


class ActionModule(ActionBase):
    """One sentence and one table, whatever the callback makes of a long text."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return failed where a required check of the report failed, with the table."""
        result = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={"report": {"type": "dict", "required": True}, "subject": {"type": "str", "required": True}}
        )
        found = part(arguments["report"])
        host = (task_vars or {})["inventory_hostname"]
        if not found.failed:
            return result | {"msg": f"{arguments['subject']}: no required check failed on {host}"}
        return result | {
            "failed": True,
            "msg": f"{arguments['subject']} of {host}: {failures(found.reasons)}",
            "table": found.lines,
            "_ansible_verbose_always": True,
        }
