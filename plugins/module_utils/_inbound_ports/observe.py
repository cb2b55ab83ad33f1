# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backends a run is about, and how each of them is and is to be."""

from typing import Any, List, NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import detect, plan
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Change, Item, wanted_rules
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError


class Part(NamedTuple):
    """What one backend is to do."""

    backend: Any  # a FirewallBackend
    items: List[Item]  # what is wanted there
    seen: Any  # what it observed
    changes: List[Change]  # one for each fact

    def pending(self):
        """Return whether it has anything to do."""
        return any(change.pending() for change in self.changes)


def look(backend, remembered, items):
    """Return the Part of one backend as it is now.

    :arg remembered: what the manifest holds of it, {} for nothing.
    :raises NodeError: where it cannot be read.
    """
    seen = backend.observe(remembered, items)
    return Part(backend, items, seen, [plan.plan(fact) for fact in backend.facts(seen, items)])


def choose(node, backends, option, items):
    """Return the name of the backend to write to, 'none' for none.

    :arg backends: {name: backend} of the registry.
    :arg option: the module's option, 'auto' for the one that is active, or that is to be after a reboot.
    :arg items: the Items that are wanted.
    :raises NodeError: where two are active, or it cannot be told.
    """
    if option != "auto":
        return option
    active = detect.one_manager(node, list(backends.values()), wanted_rules(items))
    if active == "none":
        return next((name for name, backend in backends.items() if backend.manages_at_boot()), "none")
    return active


def wanted_backends(backends, chosen, remembered):
    """Return those to look at where the set is to be there: the chosen one, and where something of ours was left.

    What cannot be reached now stays remembered and goes at the next run that can, or at absent.
    """
    return [one for name, one in backends.items() if name == chosen or (name in remembered and one.available())]


def leaving_backends(node, backends, option, remembered):
    """Return those to look at where the set is to go.

    :raises NodeError: where it cannot be told which firewall is active, on a node that remembers something.
    """
    names = set(remembered)
    if option == "auto":
        # Rules of ours may be there without a manifest. A firewall that cannot be looked at is no reason to stop
        # the way back on a node that remembers nothing.
        try:
            names |= set(detect.active_managers(node, list(backends.values())))
        except NodeError:
            if names:
                raise
    return [one for name, one in backends.items() if name in names or (name == option and one.available())]
