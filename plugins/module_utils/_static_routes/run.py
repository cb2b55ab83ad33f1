# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of static_routes: look at a node, change it, look again. Private to the collection."""

import binascii
import ipaddress
import os
import socket
from typing import Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError, ssh_peers
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    apply,
    bounds,
    commit_confirm,
    inputs,
    lockout,
    member,
    observe,
    plan,
    remembered,
    resolve,
    rollback,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Doubt, Slot
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


class Look(NamedTuple):
    """One look at the node."""

    observed: observe.Observed
    wanted: inputs.Wanted
    plan: plan.Plan
    problems: List[Tuple[Optional[int], str]]  # what speaks against the plan
    doubts: Dict[Slot, Doubt]  # why a persisted route would not be there after a reboot


def run(node, params, check_mode, getaddrinfo=socket.getaddrinfo, peers=ssh_peers):
    """Return the result of the module as a dict.

    :arg peers: function that returns the addresses that this run came from.
    :raises InputError: if what the user gave is wrong.
    :raises NodeError: with what else is wrong and what to do.
    """
    within = _inputs.attempt([], "resolve_within", params["resolve_within"], _inputs.network)
    names = params["resolve"] or [] if params["state"] == "present" and params["live"] and within is not None else []
    job = _Job(params, node, lambda: resolve.resolve(names, within.version if within else 4, getaddrinfo), peers())
    awaiting = None
    if check_mode:
        first = job.look()
        results = job.results(first)
        if first.problems:
            raise _refusal(NodeError, first.problems, results)
    elif params["confirm"]:
        first, results, awaiting = job.confirm()
    else:
        first, results, awaiting = job.change()
    changed = not first.plan.is_empty()
    result = dict(report(results), changed=changed)
    if changed:
        result["diff"] = verdicts.diff(first.plan, params["name"])
    if awaiting is not None:
        result["awaiting_confirmation"] = awaiting
    return result


class _Job:
    """One run on one node.

    :arg ask: function that returns {name: Answer} of the names to resolve.
    :arg peers: addresses that this run came from.
    """

    def __init__(self, params, node, ask, peers):
        self.params, self.node, self.peers = params, node, peers
        self._ask, self.answers = ask, None
        self.manifest = Manifest(node, "routes", params["name"], remembered.SHAPE)
        self.pending = commit_confirm.Pending(node, params["name"], shape=remembered.JOURNAL)
        self.absent = params["state"] == "absent"

    def look(self):
        """Observe and plan; change nothing."""
        if self.answers is None:
            self.answers = self._ask()
        available = registry.backends(self.node, self.params["name"])
        observed = observe.observe(self.node, self.manifest, self.pending, available, self.params["live"])
        wanted, protect = self._wanted(observed)
        items, texts = observe.place(wanted.items, observed.kernel, available, self.params["backend"])
        self._refuse([(None, text) for text in texts])
        stores = observe.read_stores(self.node, available, items, observed)
        live = observed.kernel.routes if observed.kernel is not None else None
        planned = plan.plan(items, observed.owned, live, stores, self.params["takeover"])
        problems = list(planned.conflicts) or [(None, text) for text in self._dangers(observed, planned, protect)]
        problems = problems or [(None, text) for text in apply.refusals(planned, stores)]
        return Look(observed, wanted, planned, problems, observe.doubts(available, planned.items))

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
            raise _refusal(InputError, problems, verdicts.of_problems(self.params, problems))

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

    def change(self):
        """Look, change, look again. Return (the look before, verdicts after, what awaits its confirmation or None)."""
        with self.pending.turn():
            first = self.look()
            if first.problems:
                raise _refusal(NodeError, first.problems, self.results(first))
            if self.params["confirm_timeout"] and first.plan.touches_kernel():
                return self._attempt(first)
            return self._finish(first)

    def confirm(self):
        """Persist what the controller has come back to confirm; return the same as :meth:`change`."""
        token = self.params["confirm"]
        with self.node.lock():
            first = self._look_again(token)
            if first.problems or first.plan.touches_kernel():
                if self.pending.awaits(token):
                    self.pending.take_back(token)
            elif self.pending.keep(token):
                return self._finish(first, lambda: self.pending.give_up(token))
            reason = "; ".join(text for _where, text in first.problems) or (
                "it was not confirmed within confirm_timeout, or another tool changed routes at the same time; check "
                "which route carries the path to the controller, then run again, with a longer confirm_timeout if "
                "connecting takes long"
            )
            raise NodeError(
                f"the node rolled back the route change: {reason}",
                verdicts=self.results(self.look()),
            )

    def _look_again(self, token):
        """Look at the node after a change that is not kept yet; where that cannot be done the change is rolled back."""
        try:
            if self.pending.awaits(token) and self.params["confirm"]:
                self.answers = _recalled(self.pending.load())
            return self.look()
        except NodeError as error:
            if not self.pending.awaits(token):
                raise
            self.pending.take_back(token)
            raise NodeError(f"{error}. The node rolled back the whole change", verdicts=error.verdicts) from None

    def _attempt(self, first):
        token = binascii.hexlify(os.urandom(8)).decode("ascii")
        answers = {
            name: [[str(address) for address in answer.addresses], answer.error]
            for name, answer in self.answers.items()
        }
        confirmation = {"token": token, "seconds": self.params["confirm_timeout"], "answers": answers}
        try:
            apply.attempt(self.node, self.pending, first.observed, first.plan, confirmation)
        except NodeError as error:
            raise NodeError(str(error), verdicts=self.results(first)) from None
        second = self._look_again(token)
        if second.problems or second.plan.touches_kernel():
            self.pending.take_back(token)
            raise self._not_held(second, "the node rolled back the whole change", False)
        results = self.results(first, first) if self.absent else self.results(second, first)
        return first, results, {"token": token, "seconds": self.params["confirm_timeout"]}

    def _finish(self, first, undo=None):
        """Make the plan true for good. :arg undo: function that undoes the live half of a change that was tried."""
        available = registry.backends(self.node, self.params["name"])
        try:
            apply.apply(self.node, self.manifest, self.pending, first.observed, first.plan, available, undo)
        except rollback.Unfinished as error:
            raise NodeError(str(error), error.changed, self._results_now(first)) from None
        second = first if first.plan.is_empty() else self.look()
        if second.problems or not second.plan.is_empty():
            raise self._not_held(second, "what this run changed stays", True)
        return first, self.results(second, first), None

    def _results_now(self, first):
        try:
            return self.results(self.look())
        except NodeError:
            return self.results(first)

    def _not_held(self, second, outcome, changed):
        found = "; ".join(text for _where, text in second.problems) or "see the results"
        return NodeError(
            f"the node does not have what was just set ({found}), and {outcome}; another tool changes routes at the "
            "same time: find it and run again",
            changed,
            self.results(second),
        )


def _recalled(content):
    """Return {name: Answer} as the content of a journal remembers it.

    :raises NodeError: if it does not.
    """
    if "answers" not in content:
        raise NodeError("the journal of the change that awaits its confirmation is damaged")
    return {
        name: resolve.Answer(tuple(ipaddress.ip_address(text) for text in addresses), error)
        for name, (addresses, error) in content["answers"].items()
    }


def _refusal(kind, problems, results):
    """Return the NodeError, or the InputError, of problems, [(where, text)]."""
    texts = [text for _where, text in problems]
    whole = texts[0] if len(texts) == 1 else "\n- ".join([f"{len(texts)} problems, nothing was changed:", *texts])
    if kind is InputError:
        return InputError(texts, results, whole)
    return NodeError(whole, verdicts=results)
