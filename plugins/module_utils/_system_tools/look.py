# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look of system_tools: what a run would do, and what a check says of it. Changes nothing. Private."""

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import os as systems
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import registry
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import Preview
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import (
    inputs,
    observe,
    plan,
    predict,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def look(node, params, _check_mode=True):
    """Return the result of the module in check mode (dict).

    :raises NodeError: if a run could not be done; InputError if the parameters are wrong.
    """
    problems = inputs.problems(params)
    if problems:
        raise InputError(problems)
    if params["state"] == "absent":
        gone = gave_way(node)[2]
        return taken_back(verdicts.gave_way(gone), gone)
    seen = observed(node, params)
    foreseen, known = expected(seen), True
    # What comes as files is on the node only when the run brings it.
    if seen.lacking and params["source"] == "repository":
        asked, known = predict.predict(node, seen)
        foreseen = asked if known else foreseen
    return brought(params, seen, foreseen, True, known)


def observed(node, params):
    """Return what the node lacks.

    :raises NodeError: if it cannot be brought.
    """
    seen = observe.observe(node, params["system_tools"])
    hindered = plan.problems(seen) if seen.lacking else []
    if hindered:
        raise NodeError("; ".join(hindered) + ". Nothing has been changed")
    return seen


def expected(seen):
    """Return the Preview of an installation that is not asked for: what has to give way."""
    return Preview([name for item in seen.lacking for name in item.replaced], [])


def brought(params, seen, foreseen, check_mode, known=True):
    """Return the result of a run that brings what the node lacks.

    :arg foreseen: the Preview of the installation. :arg known: whether it tells all.
    """
    tools = params["system_tools"]
    if not seen.lacking:
        return dict(report(verdicts.of_tools(tools, [], check_mode)), changed=False)
    installed = [] if seen.manifest.get("pending") else seen.manifest.get("installed", [])
    found = verdicts.of_tools(tools, seen.lacking, check_mode, foreseen.changed, known, installed)
    return dict(report(found), changed=True, diff=plan.diff(seen.lacking, foreseen))


def gave_way(node):
    """Return (what the manifest says, package manager or None, packages that made room for a tool and are missing)."""
    known = observe.manifest_of(node).load()
    manager = registry.of(node, systems.family(node)) if known else None
    return known, manager, manager.absent(node, known.get("replaced", [])) if known else []


def taken_back(item, gone):
    """Return the result of a run that takes back, with its verdict."""
    result = dict(report([item]), changed=bool(gone))
    if gone:
        result["diff"] = plan.diff_back(gone)
    return result
