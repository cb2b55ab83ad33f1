# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Works out what the cluster requires of a host, on the controller; decides nothing that the lookup does not."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failed, report
from ansible_collections.ack_edge.node.plugins.plugin_utils._host import Host, mistakes
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError


class ActionModule(ActionBase):
    """One look into the tables for each host; nothing is asked of the host."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the requirement set, with a verdict for each gap; bad input and a blocking gap fail the host."""
        result = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(argument_spec={"region": {"type": "raw"}})
        try:
            found, verdicts = Host(task_vars or {}, self._templar, self._loader).requirements(arguments["region"])
        except (AnsibleError, ScopeError, ValueError) as error:
            return result | report([]) | {"failed": True, "failed_checks": ["requirements"], "msg": mistakes(error)}
        said = report(verdicts)
        blocking = failed(verdicts)
        return (
            result
            | said
            | {
                **found,
                "failed": bool(blocking),
                "msg": "; ".join(f"{item['summary']}: {item['remedy']}" for item in blocking) or said["msg"],
            }
        )
