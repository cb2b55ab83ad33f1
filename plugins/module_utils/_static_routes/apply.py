# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of static_routes that touch the node: observe, try, apply and the manifest. Private to the collection.

Order of one apply: manifest (all that was and will be owned), kernel, files, manifest (what is owned). A run that is
killed anywhere leaves a manifest that names every trace it can have left. Where a change of live routes awaits its
confirmation, the journal of _pending stands for the manifest, which is not written before the change is there to stay.
"""

import json
import os
from collections import namedtuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    kernel as _kernel,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    lockout,
    policy_rules,
    rollback,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    plan as _plan,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    LIVE,
    PERSISTED,
    item,
    recall,
    remember,
)

# ``kernel`` Kernel (None where it is not to be looked at); from the manifest and the journal ``owned`` Items,
# ``directories`` that we made, ``unfinished`` (backend name and path) of files that a killed run may have written
# without telling their manager; ``orphans`` (backend name, path, interface) of our files that no manifest names;
# ``shared`` directories that other sets made.
Observed = namedtuple("Observed", "kernel owned directories unfinished orphans shared")

_BOOT_ID = "/proc/sys/kernel/random/boot_id"


def observe(node, manifest, pending, available, live=True):
    """Read what the kernel has and what the manifest, the journal and the files of the set remember.

    :arg live: whether the kernel is to be looked at.
    """
    content = manifest.load()
    try:
        owned = [recall(facts) for facts in content.get("routes", [])]
        owned = [_of_this_boot(one, content.get("boot") == _boot(node)) for one in owned]
        owned += [recall(facts) for facts in pending.load().get("routes", [])]
    except (ValueError, KeyError, TypeError):
        raise NodeError(
            f"{manifest.path} is damaged; look at it and, if nothing in it is worth keeping, remove it"
        ) from None
    known = {one.path for one in owned}
    orphans = [
        (backend.name, path, interface)
        for backend in available.values()
        for path, interface in backend.own_files()
        if path not in known
    ]
    owned += [one for orphan in orphans for one in _found(node, available, *orphan)]
    return Observed(
        _kernel.observe(node) if live else None,
        owned,
        content.get("directories", []),
        content.get("unfinished", []),
        orphans,
        _made_by_others(node, manifest.path),
    )


def _boot(node):
    return (node.read(_BOOT_ID) or "").strip()


def _of_this_boot(one, same):
    """A live route that was adopted has been ours since our file, and nobody else's, brought it back at a restart."""
    if same or PERSISTED in one.adopted:
        return one
    return one._replace(adopted=tuple(fact for fact in one.adopted if fact != LIVE))


def _found(node, available, name, path, interface):
    """Return Items for the routes in a file of ours that no manifest knows."""
    lines = available[name].parse(node.read(path) or "", interface)
    return [
        item(line.route, comment=line.comment or "", backend=name, path=path)
        for line in lines
        if line.route is not None
    ]


def _made_by_others(node, path):
    """Return the directories that the manifests of other sets name; they may outlive those sets."""
    directory, found = os.path.dirname(path), []
    for name in node.listdir(directory):
        other = f"{directory}/{name}"
        if other != path:
            try:
                found += json.loads(node.read(other) or "")["content"].get("directories", [])
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # a damaged manifest is the business of its own set
    return found


def place(items, kernel, available, option):
    """Return (Items with the backend and path that persist them, problems as texts)."""
    chosen, problems = {}, []
    for name in sorted({one.route.interface for one in items}):
        try:
            if kernel is not None and name not in kernel.links:
                raise NodeError(f"interface {name} of an earlier resolved route is gone; set gateway and interface")
            link = kernel.links[name] if kernel is not None else _kernel.Link(name, 0, ())
            chosen[name] = registry.choose(available, link, option)
        except NodeError as error:
            problems.append(str(error))
    if problems:
        return [], problems
    placed = []
    for one in items:
        backend, path = chosen[one.route.interface]
        placed.append(one._replace(backend=backend.name, path=backend.path_for(path, one.route)))
    return placed, []


def read_stores(node, available, items, observed):
    """Return {path: Store} of every file that holds or held routes of the set."""
    places = {path: (backend, interface) for backend, path, interface in observed.orphans}
    for one in observed.owned + list(items):  # wanted ones last: the interface may have been renamed since
        places[one.path] = (one.backend, one.route.interface)
    return {
        path: registry.read(node, available[backend], path, interface)
        for path, (backend, interface) in places.items()
        if backend in available
    }


def refusals(plan, stores):
    """Return what the managers' own tools have against the files as they would be, as texts."""
    problems = []
    for edit in plan.edits:
        if edit.after is not None:
            mine = [one for one in plan.items if one.path == edit.path and PERSISTED not in one.adopted]
            try:
                edit.backend.refuse(edit.path, edit.after, stores[edit.path].interface, mine)
            except NodeError as error:
                problems.append(str(error))
    return problems


def endangered(node, kernel, plan, addresses):
    """Return texts about the guarded addresses that the plan would move.

    :raises NodeError: where the rules of policy routing cannot be read, so that nothing can be proven.
    """
    if not _plan.touches_kernel(plan):
        return []
    later = lockout.after(kernel.routes, plan.replace, plan.delete, plan.restore)
    rules = policy_rules.read(node, {one.address.version for one in addresses}, _kernel.table_names(node))
    return [
        f"{one.address}, {one.what}, is reached {now} now and would be reached {then}; take the route out that moves it, or use force if that "
        "is meant"
        for one, now, then in lockout.moved(addresses, kernel.routes, later, rules)
    ]


def attempt(node, pending, observed, plan, confirmation):
    """Make the live half of the plan true, and have the node take it back unless it is confirmed in time.

    :arg confirmation: dict with 'token' (str), 'seconds' (int) and 'answers' ({name: [addresses, error]}).
    :raises NodeError: if the kernel refuses it; what was done is rolled back then.
    """
    parts = (plan.replace, plan.delete, plan.restore)
    content = {"routes": [remember(one) for one in plan.items], "answers": confirmation["answers"]}
    try:
        pending.begin(
            confirmation["token"], content, _kernel.backward(observed.kernel.routes, *parts), confirmation["seconds"]
        )
    except NodeError as error:
        raise NodeError(f"{error}. No route and no file of a route was changed; {rollback.AGAIN}") from None
    try:
        _kernel.change(node, _kernel.forward(*parts))
    except NodeError as error:
        pending.take_back(confirmation["token"])
        raise NodeError(f"{error}. The change was rolled back, nothing of it is left") from None


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
            undo is not None or not _plan.is_empty(plan),
        ) from None


def _apply(node, manifest, observed, plan, available):
    facts = [remember(one) for one in plan.items]
    directories = list(observed.directories)
    places = {one.path for one in plan.items + observed.owned} | {path for _name, path in observed.unfinished}
    places |= {link for edit in plan.edits for link in edit.backend.links(edit.path)}
    if not _plan.is_empty(plan):
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
        _kernel.change(node, _kernel.forward(plan.replace, plan.delete, plan.restore))
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
    manifest.store({"routes": facts, "directories": directories, "unfinished": unfinished, "boot": _boot(node)})


def _write(node, edit):
    links = edit.backend.links(edit.path)
    if edit.after is None:
        for link in links:
            node.remove(link)
        node.remove(edit.path)
        edit.backend.loaded(edit.path)
        return
    if edit.fresh:
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
