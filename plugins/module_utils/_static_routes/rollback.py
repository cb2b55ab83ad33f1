# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that failed half-way: roll it back, look at what is left, and say exactly that. Private."""

import contextlib

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel

AGAIN = "fix the reported problem and run again"


class Unfinished(NodeError):
    """A change failed; ``changed`` says whether something of it is left on the node."""


def unfinished(error, plan, left):
    """Return the Unfinished that says what became of a plan.

    :arg error: what went wrong. :arg left: texts about what could not be rolled back.
    """
    if left:
        return Unfinished(
            f"{error}. The change was rolled back, but not all of it: {'; '.join(left)}; {AGAIN}: that run completes "
            "the change, reset_edge.yml undoes it",
            True,
        )
    if plan.is_empty():
        return Unfinished(f"{error}. No route and no file of a route was changed; {AGAIN}", False)
    return Unfinished(
        f"{error}. The change was rolled back: the routes are as before, active and persistent; {AGAIN}", False
    )


def roll_back(node, manifest, remembered, observed, plan, undo=None):
    """Undo what was done of a plan, however much that was; return texts about what could not be undone.

    :arg remembered: text of the manifest before the change, None for none.
    :arg undo: function that undoes the live half; by default the kernel gets what it had before.
    """
    left = []
    try:
        if undo is not None:
            undo()
        elif plan.touches_kernel():
            left += _put_back(node, observed.kernel, plan)
    except (NodeError, OSError) as error:
        left.append(f"the active routes may be those of the change ({error})")
    for edit in reversed(plan.edits):
        try:
            _restore(node, edit)
        except (NodeError, OSError) as error:
            left.append(f"{edit.path} could not be restored ({error})")
    if not left:
        # What names more than there is harms nothing, so where it cannot be written it stays for the next run.
        with contextlib.suppress(NodeError, OSError):
            if remembered is None:
                manifest.forget()
            elif node.read(manifest.path) != remembered:
                node.write(manifest.path, remembered, mode=0o600)
    return left


def _put_back(node, earlier, plan):
    """Undo the live half and return texts about the routes that are not as they were."""
    parts = (plan.replace, plan.delete, plan.restore)
    kernel.undo(node, kernel.backward(earlier.routes, *parts))
    slots = {route.slot for route in list(plan.replace) + list(plan.delete)}
    slots |= {live.route.slot for live in plan.restore}
    before, now = _ways(earlier, slots), _ways(kernel.observe(node), slots)
    return [
        f"the route to {slot[0]} is {_listed(now.get(slot))} and was {_listed(before.get(slot))}"
        for slot in sorted(slots, key=str)
        if now.get(slot) != before.get(slot)
    ]


def _ways(observed, slots):
    found = {}
    for live in observed.routes:
        if live.route.slot in slots:
            found.setdefault(live.route.slot, []).append((live.way, live.route))
    return {slot: sorted(ways, key=str) for slot, ways in found.items()}


def _listed(ways):
    return " and ".join(way for way, _route in ways) if ways else "not active"


def _restore(node, edit):
    """Make a file and its links what they were before an edit, whether that was done or not."""
    links, now = edit.backend.links(edit.path), node.read(edit.path)
    if edit.before is None:
        for link, target in links.items():
            if node.link_target(link) == target:
                node.remove(link)
        if now is not None:
            node.remove(edit.path)
        for directory in edit.missing:
            node.remove_empty_directory(directory)
    else:
        if now != edit.before:
            node.write(edit.path, edit.before, mode=edit.backend.mode)
        for link, target in links.items() if edit.after is None else ():
            if node.link_target(link) != target:
                node.link(link, target)
    if now != edit.before:
        edit.backend.loaded(edit.path)
