# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says before a wave whether too many hosts of the earlier ones failed or were unreachable; on the controller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra
from ansible_collections.ack_edge.node.plugins.plugin_utils._gate import PREFLIGHT
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.outlook import NOTHING
from ansible_collections.ack_edge.node.plugins.plugin_utils._waves import WaveError, sizes, why_end

_OF_A_SLICE = (
    "Waves and error_budget apply to this slice only: the other slices of the job continue. Prepare a few hosts in a "
    "job without slices first."
)


class ActionModule(ActionBase):
    """One result for the whole wave."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return exceeded and why; failed for waves or a budget that cannot be used."""
        result = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={"waves": {"type": "raw"}, "error_budget": {"type": "raw"}}
        )
        known = task_vars or {}
        passed = {*known["groups"].get("ack_edge_wave_passed", ()), *self._done(known)}
        try:
            sizes(arguments["waves"])
            why = why_end(
                known["ansible_play_hosts_all"], known["ansible_play_batch"], passed, arguments["error_budget"]
            )
        except WaveError as error:
            return result | {"failed": True, "exceeded": True, "msg": f"{error}. Nothing was changed"}
        if why and _extra.in_slice(known):
            why = f"{why} {_OF_A_SLICE}"
        return result | {
            "exceeded": bool(why),
            "msg": why or "the error budget is kept",
            # Why a run ends is what it is for; that it goes on is not.
            "_ansible_verbose_always": bool(why),
        }

    @staticmethod
    def _done(known: dict[str, Any]) -> Iterator[str]:
        """Yield the hosts whose part of the play ended with the look at them, for there was nothing to do."""
        for host in known["ansible_play_hosts_all"]:
            look = known["hostvars"].raw_get(host).get(PREFLIGHT)
            if isinstance(look, Mapping) and look.get(NOTHING) is True:
                yield host
