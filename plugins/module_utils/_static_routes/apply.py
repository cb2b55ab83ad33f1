# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of static_routes that change the node: try, apply, and the manifest. Private to the collection.

Order of one apply: manifest (all that was and will be owned), kernel, files, manifest (what is owned). A run that is
killed anywhere leaves a manifest that names every trace it can have left. Where a change of live routes awaits its
confirmation, the journal of ``commit_confirm`` stands for the manifest, which is not written before the change is there
to stay.
"""

import json

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel, observe, rollback
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import remember


def attempt(node, pending, observed, plan, confirmation):
    """Make the live half of the plan true, and have the node take it back unless it is confirmed in time.

    :arg confirmation: dict with 'token' (str), 'seconds' (int) and 'answers' ({name: [addresses, error]}).
    :raises NodeError: if the kernel refuses it; what was done is rolled back then.
    """
    parts = (plan.replace, plan.delete, plan.restore)
    content = {"routes": [remember(one) for one in plan.items], "answers": confirmation["answers"]}
    try:
        pending.begin(
            confirmation["token"], content, kernel.backward(observed.kernel.routes, *parts), confirmation["seconds"]
        )
    except NodeError as error:
        raise NodeError(f"{error}. No route and no file of a route was changed; {rollback.AGAIN}") from None
    try:
        kernel.change(node, kernel.forward(*parts))
    except NodeError as error:
        pending.take_back(confirmation["token"])
        raise NodeError(f"{error}. The node rolled back the whole change") from None


def apply(node, manifest, pending, observed, plan, available, undo=None):
    """Make the plan true; with nothing to do, finish what a killed run left and remember what is owned.

    :arg undo: function that undoes what was done to live routes before, where the plan is what was left to do.
    :raises Unfinished: if it cannot be done; what was done of it is rolled back then, and the text says what is left.
    """
    remembered = node.read(manifest.path)
    try:
        _apply(node, manifest, observed, plan, available)
    except (NodeError, OSError) as error:
        left = rollback.roll_back(node, manifest, remembered, observed, plan, undo)
        raise rollback.unfinished(error, plan, left) from None
    try:
        pending.forget()
    except (NodeError, OSError) as error:
        raise rollback.Unfinished(
            f"{error}. The routes are as requested, active and persistent, and the next run removes "
            f"the file; {rollback.AGAIN}",
            undo is not None or not plan.is_empty(),
        ) from None


def _apply(node, manifest, observed, plan, available):
    facts = [remember(one) for one in plan.items]
    directories = list(observed.directories)
    places = {one.path for one in plan.items + observed.owned} | {path for _name, path in observed.unfinished}
    places |= {link for edit in plan.edits for link in edit.backend.links(edit.path)}
    if not plan.is_empty():
        directories += _new_directories(plan, directories, observed.shared)
        known = {json.dumps(fact, sort_keys=True) for fact in facts}
        earlier = {json.dumps(remember(one), sort_keys=True): remember(one) for one in observed.owned}
        unfinished = [[edit.backend.name, edit.path] for edit in plan.edits]
        facts_then = facts + [fact for text, fact in sorted(earlier.items()) if text not in known]
        _store(
            node,
            manifest,
            facts_then,
            directories,
            unfinished + [one for one in observed.unfinished if one not in unfinished],
        )
        kernel.change(node, kernel.forward(plan.replace, plan.delete, plan.restore))
        for edit in plan.edits:
            _write(node, edit)
    for path in places | {manifest.path}:
        node.sweep(path)
    written = [edit.path for edit in plan.edits]
    for name, path in observed.unfinished:
        if path not in written and name in available:
            available[name].loaded(path)
    _remember(node, manifest, facts, directories)


def _new_directories(plan, known, shared):
    found = []
    for edit in plan.edits:
        if edit.after is not None:
            # One that another set made is ours too: whoever goes last takes it away.
            parts = edit.path.split("/")
            parents = ["/".join(parts[:length]) for length in range(2, len(parts))]
            for path in list(edit.missing) + [path for path in parents if path in shared]:
                found += [path] if path not in known + found else []
    return found


def _remember(node, manifest, facts, directories):
    for path in sorted(directories, key=len, reverse=True):
        node.remove_empty_directory(path)
    if facts:
        _store(node, manifest, facts, [path for path in directories if node.exists(path)], [])
    else:  # also where there is nothing to forget: a run that was killed here can have left empty directories
        manifest.forget()


def _store(node, manifest, facts, directories, unfinished):
    manifest.store(
        {"routes": facts, "directories": directories, "unfinished": unfinished, "boot": observe.boot_id(node)}
    )


def _write(node, edit):
    links = edit.backend.links(edit.path)
    if edit.after is None:
        for link in links:
            node.remove(link)
        node.remove(edit.path)
        edit.backend.loaded(edit.path)
        return
    if edit.recreate:
        node.remove(edit.path)
    node.write(edit.path, edit.after, mode=edit.backend.mode)
    for link, target in links.items():
        if node.link_target(link) != target:
            node.link(link, target)
    try:
        edit.backend.loaded(edit.path)
    except NodeError:
        # The manager refused the file: it must not find it at the next boot either.
        if edit.before is None:
            node.remove(edit.path)
        else:
            node.write(edit.path, edit.before, mode=edit.backend.mode)
            edit.backend.loaded(edit.path)
        raise
