# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of time_sync: keeps the clock right with chrony, or takes that back. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    apply,
    inputs,
    look,
    observe,
    plan,
    verdicts,
)


def run(node, params, check_mode):
    """Observe, plan, apply and verify; return the result of the module (dict).

    :raises NodeError: if it cannot be done; InputError if the parameters are wrong.
    """
    leaves = params["state"] == "absent"
    if check_mode or not (leaves or look.manages(params)):
        return look.look(node, params)
    problems = inputs.problems(params)
    if problems:
        raise InputError(problems)
    if leaves:
        return _undo(node)
    with node.lock():
        seen, steps = _converge(node, params)
    changed = plan.changes(steps)
    return look.result(look.judge(node, seen, params, wait=params["wait"], changed=changed), steps)


def _undo(node):
    """Take back what was configured; return the result of the module."""
    with node.lock():
        apply.sweep(node)
        found, steps, forgotten = look.leaving(node)
        if steps is not None:
            apply.apply(node, steps)
            found = [verdicts.half_known(sorted(forgotten)) if forgotten else verdicts.taken_back(False)]
    return look.result(found, steps)


def _converge(node, params):
    """Apply the plan; return (Observed after it, Plan)."""
    apply.sweep(node)
    seen = observe.observe(node)
    steps = look.planned(seen, params, check_mode=False)
    # A manifest without a change is what a run leaves that was killed at its very end.
    if plan.changes(steps) or seen.manifest.get("pending"):
        apply.apply(node, steps)
        seen = observe.observe(node)
    return seen, steps
