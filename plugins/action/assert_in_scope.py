# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails a host that edge_hosts of the inventory leaves out, before anything is done there; on the controller."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError, check_inventory_scope


class ActionModule(ActionBase):
    """For plays that ask for no requirement set, which looks at this, too."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return failed for a host that is not among those that were asked for."""
        result = super().run(tmp, task_vars)
        known = task_vars or {}
        try:
            # A value from the command line is what the play has followed.
            if "edge_hosts" not in _extra.given(self._loader):
                value = self._templar.template(_extra.seen(known, self._loader).get("edge_hosts", ""))
                check_inventory_scope(known["inventory_hostname"], value, known["groups"], self._loader)
        except ScopeError as error:
            return result | {"failed": True, "msg": str(error)}
        return result
