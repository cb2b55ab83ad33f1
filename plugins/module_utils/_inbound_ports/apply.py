# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out what was planned: remember, apply, read back, remember; and say exactly what a failure left."""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import observe, plan
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import dump_item
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

_FACTS = {"runtime": "the active rules", "boot": "what is loaded after a reboot"}


def carry_out(node, manifest, content, parts, items):
    """Make all Parts right and return them as they are then.

    :arg manifest: the Manifest of the set. content: what it holds.
    :arg items: what is wanted, [] where the set is to go.
    :raises NodeError: where a step fails; it says what was changed before that.
    """
    remembered = content.get("backends", {})
    before, after = dict(remembered), dict(remembered)
    for part in parts:
        name = part.backend.name
        before[name], after[name] = part.backend.remember(part.seen, part.changes, remembered.get(name, {}))
    after = {name: kept for name, kept in after.items() if kept}
    # What a killed run left of a file that it was about to write.
    for part in parts:
        for path in [*part.backend.files(remembered.get(part.backend.name, {})), manifest.path]:
            node.sweep(path)
    # The items of an earlier run stay named until all of theirs is gone.
    ports = [dump_item(item) for item in items] or content.get("ports", [])
    try:
        done = _change(manifest, parts, {"ports": ports, "backends": before})
        _clean(node, parts, remembered)
        if after:
            manifest.store({"ports": ports, "backends": after})
        else:
            manifest.forget()
    except (NodeError, OSError) as error:
        failure = _half_way(error, parts, before)
        if not failure.changed:
            _as_before(manifest, content)
        raise failure from None
    return done


def _as_before(manifest, content):
    """Let the manifest say again what it said before a run that has changed nothing; what cannot be written stays."""
    try:
        if content:
            manifest.store(content)
        else:
            manifest.forget()
    except (NodeError, OSError):
        return


def _change(manifest, parts, content):
    """Remember, apply and read back where something is to be done; return the Parts as they are then."""
    if not any(part.pending() for part in parts):
        return parts
    manifest.store(content)
    for part in parts:
        if part.pending():
            part.backend.apply(part.seen, part.changes)
    return [_read_back(part, content["backends"][part.backend.name]) for part in parts]


def _clean(node, planned, remembered):
    """Take away the directories of ours that are empty; also those that a killed run emptied."""
    for part in planned:
        was_ours = part.backend.name in remembered or part.pending()
        for path in part.backend.directories(was_ours):
            node.remove_empty_directory(path)


def _read_back(part, remembered):
    backend = part.backend
    now = observe.look(backend, remembered, part.items)
    before, after = plan.diff_lines([change for change in now.changes if change.pending()], backend.text)
    if before != after:
        wrong = [line for line in after + before if (line in after) != (line in before)]
        raise NodeError(
            f"{backend.name} accepted the commands, but its rules differ from what was written, first: {wrong[0]}; "
            f"check them with '{backend.reproduce}' and run again"
        )
    return now


def _half_way(error, parts, remembered):
    """Return the NodeError that says what a run changed before it failed, and what not; both are looked at again."""
    changed, same = [], []
    for part in parts:
        name = part.backend.name
        try:
            now = observe.look(part.backend, remembered[name], part.items)
        except (NodeError, OSError) as other:
            return NodeError(
                f"{error}. What was changed before is unknown, as {name} cannot be read ({other}); fix the reported "
                "problem and run again",
                changed=True,
            )
        for was, is_now in zip(part.changes, now.changes):
            differs = _as_found(was.fact) != _as_found(is_now.fact)
            (changed if differs else same).append(f"{_FACTS[is_now.fact.name]} of {name}")
    if not changed:
        return NodeError(
            f"{error}. No rule was changed, neither active nor persistent; fix the reported problem and run again"
        )
    return NodeError(
        f"{error}. Changed before that: {', '.join(changed)}; not changed: {', '.join(same) or 'nothing'}. Fix the "
        "reported problem and run again: that run completes the change, reset_edge.yml undoes it",
        changed=True,
    )


def _as_found(fact):
    """Return what a fact shows of the node, for a comparison."""
    return sorted(found.text for found in fact.found if found.ours), list(fact.extra_lines[0])
