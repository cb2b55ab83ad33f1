# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module port_listener; nobody is sent to an address only because a node named it."""

from __future__ import annotations

from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._action import CheckedAction
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.values import BadAnswer, clean
from ansible_collections.ack_edge.node.plugins.plugin_utils._tried import address, elsewhere, networks, no_node, ports


class ActionModule(CheckedAction):
    """One execution."""

    MODULE = "port_listener"

    def bounded(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return the answer of a started listener if the probe host may be sent to its address."""
        if self._task.args.get("state", "present") != "present":
            # The judgement of an ended one; what it would be probed at is no longer asked.
            return {key: value for key, value in found.items() if key not in ("token", "address", "listening", "taken")}
        if found.get("failed"):
            return found
        lacking = [key for key in ("token", "address", "listening", "taken") if key not in found]
        if lacking:
            raise BadAnswer(f"{', '.join(lacking)} is missing")
        asked = {f"{protocol}/{port}" for _name, protocol, port in ports(self._task.args.get("ports"))}
        told = [*found["listening"], *found["taken"]]
        if len(told) != len(set(told)) or not set(told) <= asked:
            raise BadAnswer("listening and taken name other ports than the task, or one of them twice")
        return self._addressed(found) if found["address"] else found

    def _addressed(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return the answer with an address that may be probed; '' and a warning where no network of a task says so.

        A node that has no address in ``within`` honestly names another one, so that is no bad answer.
        """
        parsed = address(found["address"])
        if parsed is None:
            raise BadAnswer("address is not a valid address")
        if reason := no_node(parsed):
            raise BadAnswer(f"address is {parsed}, {reason}")
        toward, within = (networks(self._task.args.get(option)) for option in ("toward", "within"))
        reason = elsewhere(parsed, toward, within)
        if not reason:
            return {**found, "address": clean(str(parsed))}
        said = clean(
            f"the node names {parsed} as the address to probe, which is {reason}. Nobody is sent there. Correct within "
            "(node_cidrs of the playbooks), or give the address of this host with vpc_probe_address"
        )
        return {**found, "address": "", "warnings": [*found.get("warnings", []), said]}
