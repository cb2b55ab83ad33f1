# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of system_tools: brings the tools that a node lacks, takes back what gave way to them. Private."""

import os

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import (
    apply,
    archive,
    fetch,
    inputs,
    look,
    observe,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def run(node, params, check_mode):
    """Look, install and look again; return the result of the module (dict).

    :raises NodeError: if it cannot be done; InputError if the parameters are wrong.
    """
    if check_mode:
        return look.look(node, params)
    problems = inputs.problems(params)
    if problems:
        raise InputError(problems)
    if params["state"] == "absent":
        return _take_back(node)
    seen = look.observed(node, params)
    if not seen.lacking:
        _tidy(node)
        return look.brought(params, seen, look.expected(seen), False)
    if params["source"] == "directory" and not params["archive"]:
        return dict(report([]), changed=False, wants_archive=seen.manager.SUFFIX)
    with node.lock():
        foreseen = _install(node, params, seen)
    return look.brought(params, seen, foreseen, False)


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


def _take_back(node):
    _tidy(node)
    known, manager, gone = look.gave_way(node)
    if not gone:
        if known:
            apply.absent(node, manager, known)
        return look.taken_back(verdicts.gave_way(gone), gone)
    try:
        with node.lock():
            apply.absent(node, manager, known)
    except NodeError as error:
        return dict(report([verdicts.is_not_back(gone, error)]), changed=error.changed)
    return look.taken_back(verdicts.is_back(gone), gone)
