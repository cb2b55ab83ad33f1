# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look of time_sync: what a run would do, and what a check says of the clock. Changes nothing. Private."""

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc, clock
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    inputs,
    manifest,
    observe,
    plan,
    settle,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def look(node, params, _check_mode=True):
    """Return the result of the module in check mode, or where it manages nothing (dict).

    :raises NodeError: if a run could not be done; InputError if the parameters are wrong.
    """
    problems = inputs.problems(params)
    if problems:
        raise InputError(problems)
    if params["state"] == "absent":
        found, steps, _forgotten = leaving(node)
        return result(found or [verdicts.taken_back(plan.changes(steps))], steps)
    # chrony may still be to come.
    seen = observe.observe(node)
    steps = planned(seen, params, check_mode=True) if manages(params) else None
    changed = steps is not None and plan.changes(steps)
    # chronyd needs some seconds after a boot; what is still to be configured is not worth waiting for.
    return result(judge(node, seen, params, wait=0 if changed else params["wait"], changed=changed), steps)


def manages(params):
    """Return whether a run would configure chrony."""
    return bool(params["servers"]) and not params["verify_only"]


def leaving(node):
    """Return ([verdict], None where nothing can be taken back else the Plan, {path: whether it is letter for letter
    ours} of traces that no manifest remembers); no verdict with a Plan.
    """
    known, forgotten = bool(manifest.of(node).load()), observe.forgotten(node)
    foreign = [path for path, ours in sorted(forgotten.items()) if not ours]
    if foreign:
        return [verdicts.not_ours(foreign)], None, forgotten
    if not known and not forgotten:
        return [verdicts.taken_back(False)], None, forgotten
    return [], plan.absent(observe.observe(node)), forgotten


def result(found, steps):
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


def planned(seen, params, check_mode):
    """Return the Plan.

    :raises NodeError: if it cannot be carried out.
    """
    found = plan.problems(seen, check_mode)
    if found:
        raise NodeError("; ".join(found))
    steps = plan.present(seen, params["servers"], params["max_offset"])
    hindered = plan.unwritable(seen, steps)
    if hindered:
        raise NodeError("; ".join(hindered))
    return steps


def judge(node, seen, params, wait, changed):
    """Return the verdicts. :arg wait: seconds that the clock has to become right. :arg changed: chronyd is new."""
    servers, max_offset = params["servers"], params["max_offset"]
    if seen.unit is not None and seen.unit.active:
        settle.settle(node, servers, max_offset, wait=wait, restarted=changed)
    elif params["verify_only"]:
        settle.await_clock(node, max_offset, wait=wait, running=False)
    if wait:
        # A chronyd that ended within the wait must not read as a name that does not resolve.
        seen = observe.observe(node)
    return verdicts.results(
        seen, servers, chronyc.sources(node, servers), clock.observe(node), max_offset, params["verify_only"]
    )
