# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of time_sync: keeps the clock right with chrony, or takes that back. Private to the collection."""

import contextlib

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc, clock
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    apply,
    inputs,
    manifest,
    observe,
    plan,
    settle,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def run(node, params, check_mode):
    """Observe, plan, apply and verify; return the result of the module (dict).

    :raises NodeError: if it cannot be done; InputError if the parameters are wrong.
    """
    problems = inputs.problems(params)
    if problems:
        raise InputError(problems)
    if params["state"] == "absent":
        return _undo(node, check_mode)
    if check_mode or params["verify_only"] or not params["servers"]:
        seen, steps = _look(node, params)
    else:
        with node.lock():
            seen, steps = _converge(node, params)
    changed = steps is not None and plan.changes(steps)
    # chronyd needs some seconds after a boot; what is still to be configured is not worth waiting for.
    wait = 0 if check_mode and changed else params["wait"]
    return _result(_judge(node, seen, params, wait=wait, changed=changed), steps)


def _result(found, steps):
    """Return the result of the module; steps None where nothing was to be managed."""
    changed = steps is not None and plan.changes(steps)
    result = dict(report(found), changed=changed)
    if changed:
        header = "chrony of the node"
        result["diff"] = {
            "before": steps.diff[0],
            "after": steps.diff[1],
            "before_header": header,
            "after_header": header,
        }
    return result


def _undo(node, check_mode):
    """Take back what was configured; return the result of the module."""
    with contextlib.ExitStack() as stack:
        if not check_mode:
            stack.enter_context(node.lock())
            apply.sweep(node)
        known, forgotten = bool(manifest.of(node).load()), observe.forgotten(node)
        foreign = [path for path, ours in sorted(forgotten.items()) if not ours]
        if foreign:
            return _result([verdicts.not_ours(foreign)], None)
        if not known and not forgotten:
            return _result([verdicts.taken_back(False)], None)
        steps = plan.absent(observe.observe(node))
        if not check_mode:
            apply.apply(node, steps)
    if forgotten and not check_mode:
        return _result([verdicts.half_known(sorted(forgotten))], steps)
    return _result([verdicts.taken_back(check_mode and plan.changes(steps))], steps)


def _look(node, params):
    """Return (Observed, Plan or None where nothing is to be managed); chrony may still be to come."""
    seen = observe.observe(node)
    if params["verify_only"] or not params["servers"]:
        return seen, None
    return seen, _plan(seen, params, check_mode=True)


def _converge(node, params):
    """Apply the plan; return (Observed after it, Plan)."""
    apply.sweep(node)
    seen = observe.observe(node)
    steps = _plan(seen, params, check_mode=False)
    # A manifest without a change is what a run leaves that was killed at its very end.
    if plan.changes(steps) or seen.manifest.get("pending"):
        apply.apply(node, steps)
        seen = observe.observe(node)
    return seen, steps


def _plan(seen, params, check_mode):
    found = plan.problems(seen, check_mode)
    if found:
        raise NodeError("; ".join(found))
    steps = plan.present(seen, params["servers"], params["max_offset"])
    hindered = plan.unwritable(seen, steps)
    if hindered:
        raise NodeError("; ".join(hindered))
    return steps


def _judge(node, seen, params, wait, changed):
    servers, max_offset = params["servers"], params["max_offset"]
    if seen.unit is not None and seen.unit.active:
        settle.settle(node, servers, max_offset, wait=wait, restarted=changed)
    elif params["verify_only"]:
        settle.await_clock(node, max_offset, wait=wait, running=False)
    if wait:
        # A chronyd that ended within the wait is no name that does not resolve.
        seen = observe.observe(node)
    return verdicts.results(
        seen, servers, chronyc.sources(node, servers), clock.observe(node), max_offset, params["verify_only"]
    )
