# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that gives the result of a module of the collection without any machine: as many verdicts as asked for."""

from __future__ import annotations

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Options: verdicts (number), failing (list of machines whose first verdict fails)."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        """Return verdicts as long as real ones."""
        result = super().run(tmp, task_vars)
        host = task_vars["inventory_hostname"]
        failing = host in self._task.args.get("failing", [])
        found = [self._verdict(host, number, failing and number == 0) for number in range(self._task.args["verdicts"])]
        return {**result, "changed": False, "results": found}

    @staticmethod
    def _verdict(host, number, failing):
        address = f"100.103.{number}.1"
        host_name = f"endpoint{number}.example"
        data = {"host": host_name, "port": 443, "protocol": "https", "address": address, "required": True}
        data |= {"stage": "tcp", "problem": "tcp.timeout" if failing else "", "attempts": [{"address": address}] * 2}
        data |= {"dns": {"source": "10.0.0.53"}}
        data |= {"via": {"gateway": "10.0.0.1", "interface": "eth0", "source": "10.0.0.2"}}
        return {
            "check": f"endpoint_{number}",
            "status": "fail" if failing else "pass",
            "summary": f"{address}:443 seen from {host}: TLS in {number}.5 ms, certificate for 200 days, HTTP 200",
            "remedy": f"route {address} over the leased line in both directions" if failing else "",
            "reproduce": f"curl -v --noproxy '*' --connect-timeout 5 https://{host_name}/",
            "data": data,
        }
