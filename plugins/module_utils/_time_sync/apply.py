# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out a plan of time_sync. Private to the collection."""

import posixpath

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import services
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import manifest, observe


def sweep(node):
    """Remove what a run that was killed while it wrote has left; only with the lock held."""
    remembered = manifest.of(node)
    remembered.tidy()
    for path in observe.places(node) | {remembered.load().get("own", remembered.path)}:
        node.sweep(path)


def apply(node, plan):
    """Carry out a plan. Killed between any two steps, the next run goes on: the manifest says that one is pending.

    :raises NodeError: if a step fails, with what was done before it; the manifest stays pending.
    """
    done = []
    try:
        _carry_out(node, plan, done)
    except NodeError as error:
        before = f"; done before that: {', '.join(done)}" if done else "; no other step was done"
        raise NodeError(
            f"{error}{before}. Run again to continue, or run reset_edge.yml to undo what time_sync did",
            changed=bool(done) or error.changed,
        ) from None


def _carry_out(node, plan, done):
    """Do the steps of a plan, and tell each that is done."""
    remembered = manifest.of(node)
    known = plan.manifest if plan.manifest is not None else remembered.load()
    if known:
        remembered.store(dict(known, pending=True))
    _act(node, plan.stops, done)
    for path, _before, text in plan.writes:
        if text is None:
            node.remove(path)
        else:
            node.write(path, text)
        done.append(f"{'removed' if text is None else 'wrote'} {path}")
    _act(node, plan.steps, done)
    if plan.manifest is not None:
        remembered.store(dict(plan.manifest, pending=False))
        return
    if plan.made_directory and known.get("own"):
        node.remove_empty_directory(posixpath.dirname(known["own"]))
    remembered.forget()


def _act(node, steps, done):
    for verb, unit in steps:
        services.act(node, verb, unit)
        done.append(f"systemctl {verb} {unit}")
