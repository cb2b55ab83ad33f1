# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look of inbound_ports: read the input, find the firewall, plan, say how each item stands. Private.

Changes nothing by itself: who wants to change the node hands over what carries the plan out.
"""

import contextlib

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import (
    beside,
    inputs,
    observe,
    plan,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.detect import incoming_interface
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import KIND, Outcome, dump_item, shape
from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def look(node, params, _check_mode=True, carry_out=None):
    """Return the result of the module in check mode (dict), or after ``carry_out``.

    :arg carry_out: what makes the plan true, see ``apply.carry_out``; None for nothing.
    :raises InputError: where parameters are wrong; NodeError: where the node is in a state that forbids it, or what
        was written did not arrive.
    """
    present = params["state"] == "present"
    interface = params["interface"] or incoming_interface(node, params["gateway"])
    items, problems = inputs.read(params, node, interface)
    if problems:
        raise InputError(problems)
    try:
        engine = InboundPorts(node, params["name"], params["backend"], params["zone"], interface)
        if not present and params["ports"] is None:
            items = engine.owned_items()
        outcome = engine.ensure(items, present, carry_out)
    except NodeError as error:
        told = [verdicts.failed(item, str(error)) for item in items]
        raise NodeError(str(error), changed=error.changed, verdicts=told) from None
    result = dict(report(outcome.verdicts), changed=outcome.changed, backend=outcome.backend)
    if outcome.changed:
        result["diff"] = {
            "before": "".join(line + "\n" for line in outcome.before),
            "before_header": "inbound ports, before",
            "after": "".join(line + "\n" for line in outcome.after),
            "after_header": "inbound ports, after",
        }
    return result


class InboundPorts:
    """One owned set on one node.

    :arg node: a Node. name: of the set. backend: auto or the name of one, or none. zone, interface: for firewalld.
    :raises NodeError: if the name is not usable.
    """

    def __init__(self, node, name, backend="auto", zone="", interface=""):
        self._node, self._option = node, backend
        self._manifest = Manifest(node, KIND, name, shape(registry.BACKENDS))
        self._backends = registry.backends(node, name, zone, interface)

    def owned_items(self):
        """Return the items that the manifest remembers, for a set that goes without being named again."""
        return inputs.parse_items(self._manifest.load().get("ports", []), allow_any_source=True)[0]

    def ensure(self, items, present, carry_out=None):
        """Make the set as wanted and return the Outcome.

        :arg items: what is wanted, or with ``present`` False what the verdicts are about.
        :raises NodeError: where the node is in a state that forbids it, or what was written did not arrive.
        """
        with contextlib.ExitStack() as stack:
            if carry_out is not None:
                stack.enter_context(self._node.lock())
            content = self._manifest.load()
            remembered = content.get("backends", {})
            chosen = "none"
            if present:
                chosen = observe.choose(self._node, self._backends, self._option, items)
                involved = observe.wanted_backends(self._backends, chosen, remembered)
            else:
                involved = observe.leaving_backends(self._node, self._backends, self._option, remembered)
            wanted = items if present else []
            planned = [
                observe.look(one, remembered.get(one.name, {}), wanted if one.name == chosen else [])
                for one in involved
            ]
            for part in planned:
                if part.pending():
                    part.backend.refuse(part.seen)
            parts = planned
            if carry_out is not None:
                parts = carry_out(self._node, self._manifest, content, planned, wanted)
            before, after = _diff(planned)
            told = self._told(items, chosen, parts, content) if present else _told_absent(items, parts)
            return Outcome(any(part.pending() for part in planned), before, after, told, chosen)

    def _told(self, items, chosen, parts, content):
        for part in parts:
            if part.backend.name == chosen:
                blocks, shown = part.backend.nothing_blocks(part.seen), part.backend.reproduce
                others = beside.obstacles(self._node, items, part.backend)
                opened = content.get("ports", []) if chosen in content.get("backends", {}) else []
                return [
                    verdicts.present(item, chosen, part.changes, blocks, shown, others, dump_item(item) in opened)
                    for item in items
                ]
        others = []
        if self._option == "none":
            filters_later, why = (), "backend is none, so no firewall is touched"
        else:
            later = (backend.filters_after_reboot() for backend in self._backends.values())
            filters_later = next((found for found in later if found), ())
            why = "no active firewall was found"
            others = beside.obstacles(self._node, items, None, bool(filters_later))
        return [verdicts.unfiltered(item, filters_later, why, others) for item in items]


def _told_absent(items, parts):
    left = any(part.pending() for part in parts)
    return [verdicts.absent(item, left) for item in items]


def _diff(parts):
    before, after = [], []
    for part in parts:
        if part.pending():
            lines = plan.diff_lines(part.changes, part.backend.text)
            before += lines[0]
            after += lines[1]
    return before, after
