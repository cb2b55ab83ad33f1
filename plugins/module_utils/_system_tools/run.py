# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of system_tools: brings the tools that a node lacks, takes back what gave way to them. Private."""

import os

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import os as systems
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import registry
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import Preview
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import (
    apply,
    archive,
    fetch,
    inputs,
    observe,
    plan,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def run(node, params, check_mode):
    """Look, install and look again; return the result of the module (dict).

    :raises NodeError: if it cannot be done; InputError if the parameters are wrong.
    """
    problems = inputs.problems(params)
    if problems:
        raise InputError(problems)
    if params["state"] == "absent":
        return _take_back(node, check_mode)
    tools = params["system_tools"]
    seen = observe.observe(node, tools)
    if not seen.lacking:
        if not check_mode:
            _tidy(node)
        return dict(report(verdicts.of_tools(tools, [], check_mode)), changed=False)
    hindered = plan.problems(seen)
    if hindered:
        raise NodeError("; ".join(hindered) + ". Nothing has been changed")
    foreseen, known = Preview([name for item in seen.lacking for name in item.replaced], []), True
    if not check_mode:
        if params["source"] == "directory" and not params["archive"]:
            return dict(report([]), changed=False, wants_archive=seen.manager.SUFFIX)
        with node.lock():
            foreseen = _install(node, params, seen)
    elif params["source"] == "repository":
        # What comes as files is on the node only when the run brings it.
        asked, known = apply.predict(node, seen)
        foreseen = asked if known else foreseen
    installed = [] if seen.manifest.get("pending") else seen.manifest.get("installed", [])
    found = verdicts.of_tools(tools, seen.lacking, check_mode, foreseen.changed, known, installed)
    return dict(report(found), changed=True, diff=plan.diff(seen.lacking, foreseen))


def _install(node, params, seen):
    """Install what is missing; return the Preview of it."""
    tools = params["system_tools"]
    if params["source"] == "repository":
        return apply.present(node, tools, seen)
    with node.temporary_directory() as directory:
        packed = params["archive"]
        if params["source"] == "url":
            packed = os.path.join(directory, "archive")
            fetch.fetch(params["url"], packed, params["checksum"])
        return apply.present(node, tools, seen, archive.unpack(packed, directory, seen.manager.SUFFIX))


def _tidy(node):
    """Remove what a run that was killed has left in our directory; a manifest stays."""
    manifest = observe.manifest_of(node)
    if manifest.untidy():
        with node.lock():
            manifest.tidy()


def _take_back(node, check_mode):
    if not check_mode:
        _tidy(node)
    known = observe.manifest_of(node).load()
    manager = registry.of(node, systems.family(node)) if known else None
    gone = manager.absent(node, known.get("replaced", [])) if known else []
    if not gone or check_mode:
        if known and not check_mode:
            apply.absent(node, manager, known)
        item = verdicts.gave_way(gone)
    else:
        try:
            with node.lock():
                apply.absent(node, manager, known)
        except NodeError as error:
            return dict(report([verdicts.is_not_back(gone, error)]), changed=error.changed)
        item = verdicts.is_back(gone)
    result = dict(report([item]), changed=bool(gone))
    if gone:
        result["diff"] = plan.diff_back(gone)
    return result
