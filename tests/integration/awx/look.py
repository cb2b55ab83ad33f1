# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that stands for preflight_info: what it finds on a host is said by the variables of the host."""

from __future__ import annotations

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, report, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._host import Host

SECTIONS = ("readiness", "time_sync", "inbound_ports", "leased_line_routes", "reachability")
CHECKS = 8


class ActionModule(ActionBase):
    """Works out the requirements as the real one does, and asks nobody."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        """Return verdicts that pass, but for what ``dead`` and ``broken`` say, and a machine id.

        What is broken keeps prepare_edge.yml from its work, all else is prepared.
        """
        result = super().run(tmp, task_vars)
        if task_vars.get("dead"):
            raise AnsibleConnectionFailure(
                "Failed to connect to the host via ssh: connect to host: Connection timed out"
            )
        host = Host(task_vars, self._templar, self._loader)
        requirements, about = host.requirements()
        name = task_vars["inventory_hostname"]
        machine_id = task_vars.get("machine_id", f"{name:0>32}")
        found = [
            verdict("node_name", PASS, "is a valid name", section="readiness", name=name),
            verdict("machine_id", PASS, "is set", section="readiness", machine_id=machine_id),
        ]
        for section in SECTIONS:
            found += [verdict(f"{section}_{one}", PASS, "is as it shall be", section=section) for one in range(CHECKS)]
        broken = []
        if task_vars.get("broken"):
            said = "the route to 100.103.0.251 is missing"
            broken = [verdict("route", FAIL, said, "run prepare_edge.yml", section="leased_line_routes")]
        told = {section: {"changed": False} for section in SECTIONS}
        beside = {"sections": told, "requirements": requirements, "to_do": [], "obstacles": report(broken)}
        beside["nothing_to_do"] = not broken
        return result | report([*about, *found, *broken]) | beside | {"changed": False, "prober": host.probe_host()}
