# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look of static_routes: what a run would do, and what a check says of it. Changes nothing. Private."""

import socket
from typing import Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError, ssh_peers
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    bounds,
    inputs,
    journal,
    lockout,
    member,
    observe,
    plan,
    remembered,
    resolve,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import PERSISTED, Doubt, Slot
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


class Look(NamedTuple):
    """One look at the node."""

    observed: observe.Observed
    wanted: inputs.Wanted
    plan: plan.Plan
    problems: List[Tuple[Optional[int], str]]  # what speaks against the plan
    doubts: Dict[Slot, Doubt]  # why a persisted route would not be there after a reboot


def look(node, params, _check_mode=True, getaddrinfo=socket.getaddrinfo, peers=ssh_peers):
    """Return the result of the module in check mode (dict).

    :arg peers: function that returns the addresses that this run came from.
    :raises InputError: if what the user gave is wrong; NodeError: with what a run would refuse and what to do.
    """
    job = Job(node, params, getaddrinfo, peers())
    first = job.look()
    results = job.results(first)
    if first.problems:
        raise refusal(NodeError, first.problems, results)
    return result(first, results, params)


def result(first, results, params):
    """Return the result of the module: :arg first: the look before it. :arg results: verdicts."""
    changed = not first.plan.is_empty()
    found = dict(report(results), changed=changed)
    if changed:
        found["diff"] = verdicts.diff(first.plan, params["name"])
    return found


class Job:
    """One run on one node, as far as it looks.

    :arg peers: addresses that this run came from.
    """

    def __init__(self, node, params, getaddrinfo, peers):
        self.params, self.node, self.peers = params, node, peers
        self.answers, self._getaddrinfo = None, getaddrinfo
        self.manifest = Manifest(node, "routes", params["name"], remembered.SHAPE)
        self.journal = journal.Journal(node, params["name"], remembered.JOURNAL)
        self.absent = params["state"] == "absent"

    def look(self):
        """Observe and plan; change nothing."""
        if self.answers is None:
            self.answers = self._ask()
        available = registry.backends(self.node, self.params["name"])
        observed = observe.observe(self.node, self.manifest, self.journal, available, self.params["live"])
        wanted, protect = self._wanted(observed)
        items, texts = observe.place(wanted.items, observed.kernel, available, self.params["backend"])
        self._refuse([(None, text) for text in texts])
        stores = observe.read_stores(self.node, available, items, observed)
        live = observed.kernel.routes if observed.kernel is not None else None
        planned = plan.plan(items, observed.owned, live, stores, self.params["takeover"])
        problems = list(planned.conflicts) or [(None, text) for text in self._dangers(observed, planned, protect)]
        problems = problems or [(None, text) for text in _refusals(planned, stores)]
        return Look(observed, wanted, planned, problems, observe.doubts(available, planned.items))

    def _ask(self):
        """Return {name: Answer} of the names to resolve."""
        within = _inputs.attempt([], "resolve_within", self.params["resolve_within"], _inputs.network)
        asked = not self.absent and self.params["live"] and within is not None
        names = self.params["resolve"] or [] if asked else []
        return resolve.resolve(names, within.version if within else 4, self._getaddrinfo)

    def _wanted(self, observed):
        """Return (Wanted, addresses to protect) of the parameters.

        :raises InputError: with all that is wrong with them.
        """
        wanted, problems = inputs.Wanted([], [], [], []), []
        protect = inputs.addresses(self.params["protect"], "protect", problems)
        wrong = bounds.seconds(self.params["confirm_timeout"])
        problems += [(None, wrong)] if wrong else []
        if not self.absent:
            wanted = inputs.want(self.params, observed.kernel, observed.owned, self.answers)
            problems += wanted.problems
        self._refuse(problems)
        if not self.absent:
            forbidden = inputs.networks(self.params["forbidden"], "forbidden", [])
            stays = member.kept(self.node, self.params, observed.owned, wanted, forbidden)
            wanted = wanted._replace(items=wanted.items + stays, kept=stays)
        return wanted, protect

    def _refuse(self, problems):
        if problems:
            raise refusal(InputError, problems, verdicts.of_problems(self.params, problems))

    def _dangers(self, observed, planned, protect):
        """Return what speaks against the change itself, as texts."""
        if observed.kernel is None:
            return []
        texts = lockout.cluster_overlaps(observed.kernel, planned.items)
        if not self.params["force"]:
            addresses = lockout.guarded(self.node, observed.kernel, self.peers, protect, nameservers=not self.absent)
            texts += lockout.endangered(self.node, observed.kernel, planned, addresses)
        return texts

    def results(self, look, was=None):
        """Return the verdicts of a look; ``was`` the look before this run changed something."""
        if self.absent:
            return verdicts.of_gone((was or look).plan, done=was is not None)
        in_use = {}
        if look.observed.kernel is not None:
            in_use = lockout.in_use(look.observed.kernel, look.plan.items, look.observed.owned)
        remembered = [] if look.observed.unfinished else look.observed.owned
        drifted = verdicts.drifted(remembered, look.plan.states, look.plan.items)
        said = verdicts.Said(in_use, look.doubts, drifted)
        return verdicts.of_plan(look.wanted, look.plan.states, look.plan.items, said, was and was.plan.states)


def _refusals(plan, stores):
    """Return what the managers' own tools have against the files as they would be, as texts."""
    problems = []
    for edit in plan.edits:
        if edit.after is not None:
            mine = [one for one in plan.items if one.path == edit.path and PERSISTED not in one.adopted]
            ignored = sorted({edit.backend.ignores(one.path, one.route) for one in mine} - {""})
            problems += [f"{edit.path}: {text}; {observe.TOO_OLD}" for text in ignored]
            try:
                edit.backend.refuse(edit.path, edit.after, stores[edit.path].interface, mine)
            except NodeError as error:
                problems.append(str(error))
    return problems


def refusal(kind, problems, results):
    """Return the NodeError, or the InputError, of problems, [(where, text)]."""
    texts = [text for _where, text in problems]
    whole = texts[0] if len(texts) == 1 else "\n- ".join([f"{len(texts)} problems, nothing was changed:", *texts])
    if kind is InputError:
        return InputError(texts, results, whole)
    return NodeError(whole, verdicts=results)
