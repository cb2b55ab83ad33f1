# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of static_routes: look at a node, change it, look again. Private to the collection."""

import binascii
import ipaddress
import os
import socket

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError, ssh_peers
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    apply,
    commit_confirm,
    look,
    remembered,
    resolve,
    rollback,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry


def run(node, params, check_mode, getaddrinfo=socket.getaddrinfo, peers=ssh_peers):
    """Return the result of the module as a dict.

    :arg peers: function that returns the addresses that this run came from.
    :raises InputError: if what the user gave is wrong.
    :raises NodeError: with what else is wrong and what to do.
    """
    if check_mode:
        return look.look(node, params, True, getaddrinfo, peers)
    job = _Job(node, params, getaddrinfo, peers())
    first, results, awaiting = job.confirm() if params["confirm"] else job.change()
    result = look.result(first, results, params)
    if awaiting is not None:
        result["awaiting_confirmation"] = awaiting
    return result


class _Job(look.Job):
    """One run that changes the node."""

    def __init__(self, node, params, getaddrinfo, peers):
        super().__init__(node, params, getaddrinfo, peers)
        self.journal = self.pending = commit_confirm.Pending(node, params["name"], shape=remembered.JOURNAL)

    def change(self):
        """Look, change, look again. Return (the look before, verdicts after, what awaits its confirmation or None)."""
        with self.pending.turn():
            first = self.look()
            if first.problems:
                raise look.refusal(NodeError, first.problems, self.results(first))
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
