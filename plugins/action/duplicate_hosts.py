# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what readiness_info found on all hosts of a play; on the controller, once for all of them."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra
from ansible_collections.ack_edge.node.plugins.plugin_utils._duplicates import duplicates
from ansible_collections.ack_edge.node.plugins.plugin_utils._gate import PREFLIGHT


class ActionModule(ActionBase):
    """One result for the whole play, which is no host's failure."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return hosts: {host: verdicts} of the hosts on which readiness_info has run."""
        result = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={"report": {"type": "str", "default": "readiness_report"}}
        )
        names = [arguments["report"], PREFLIGHT]
        known = task_vars or {}
        found = {}
        for host in known["ansible_play_hosts_all"]:
            variables = known["hostvars"].raw_get(host)
            answers = [variables[name] for name in names if name in variables]
            answer = next((item for item in answers if isinstance(item, dict) and "results" in item), None)
            if answer is not None:
                found[host] = answer["results"]
        return result | {"hosts": duplicates(found, _extra.scope(known))}
