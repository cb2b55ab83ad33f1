# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of static_routes that touch the node: observe, apply and the manifest. Private to the collection.

Order of one apply: manifest (all that was and will be owned), kernel, files, manifest (what is owned). A run that is
killed anywhere leaves a manifest that names every trace it can have left.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._routes import _backends, _guard, _kernel, _plan
from ansible_collections.ack_edge.node.plugins.module_utils._routes._types import recall, remember

# ``kernel`` Kernel; from the manifest ``owned`` Items, ``directories`` that we made, ``unfinished`` (backend name and
# path) of files that a killed run may have written without telling their manager.
Observed = namedtuple("Observed", "kernel owned directories unfinished")


def observe(node, manifest):
    """Read what the kernel has and what the manifest remembers."""
    content = manifest.load()
    try:
        owned = [recall(facts) for facts in content.get("routes", [])]
    except (ValueError, KeyError, TypeError):
        raise NodeError("%s is damaged; look at it and, if nothing in it is worth keeping, remove it" % (
            manifest.path)) from None
    return Observed(_kernel.observe(node), owned, content.get("directories", []), content.get("unfinished", []))


def place(items, kernel, available, option):
    """Return (Items with the backend and path that persist them, problems as texts)."""
    chosen, problems = {}, []
    for name in sorted({one.route.interface for one in items}):
        try:
            if name not in kernel.links:
                raise NodeError("interface %s of an earlier resolved route is gone; set gateway and interface" % name)
            chosen[name] = _backends.choose(available, kernel.links[name], option)
        except NodeError as error:
            problems.append(str(error))
    if problems:
        return [], problems
    placed = []
    for one in items:
        backend, path = chosen[one.route.interface]
        placed.append(one._replace(backend=backend.name, path=path))
    return placed, []


def read_stores(node, available, items, owned):
    """Return {path: Store} of every file that holds or held routes of the set."""
    places = {}
    for one in list(owned) + list(items):  # wanted ones last: the interface may have been renamed since
        places[one.path] = (one.backend, one.route.interface)
    return {path: _backends.read(node, available[backend], path, interface)
            for path, (backend, interface) in places.items() if backend in available}


def endangered(kernel, plan, addresses):
    """Return texts about the guarded addresses that the plan would move."""
    later = _guard.after(kernel.routes, plan.replace, plan.delete)
    return ["%s, %s, is reached %s now and would be reached %s; take the route out that moves it, or use force if that "
            "is meant" % (one.address, one.what, now, then)
            for one, now, then in _guard.moved(addresses, kernel.routes, later)]


def apply(node, manifest, observed, plan, available):
    """Make the plan true; with nothing to do, finish what a killed run left and remember what is owned."""
    facts = [remember(one) for one in plan.items]
    directories = list(observed.directories)
    if not _plan.is_empty(plan):
        directories += _new_directories(plan, directories)
        earlier = [fact for fact in map(remember, observed.owned) if fact not in facts]
        unfinished = [[edit.backend.name, edit.path] for edit in plan.edits]
        manifest.store({"routes": facts + earlier, "directories": directories,
                        "unfinished": unfinished + [one for one in observed.unfinished if one not in unfinished]})
        _kernel.change(node, plan.replace, plan.delete)
        for edit in plan.edits:
            _write(node, edit)
    written = [edit.path for edit in plan.edits]
    for name, path in observed.unfinished:
        if path not in written and name in available and node.exists(path):
            available[name].loaded(path)
    _remember(node, manifest, facts, directories)


def _new_directories(plan, known):
    found = []
    for edit in plan.edits:
        found += [path for path in edit.missing if edit.after is not None and path not in known + found]
    return found


def _remember(node, manifest, facts, directories):
    for path in sorted(directories, key=len, reverse=True):
        node.remove_empty_directory(path)
    if facts:
        manifest.store({"routes": facts, "directories": [path for path in directories if node.exists(path)],
                        "unfinished": []})
    else:  # also where there is nothing to forget: a run that was killed here can have left empty directories
        manifest.forget()


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
        if edit.before is not None:
            node.write(edit.path, edit.before, mode=edit.backend.mode)
            edit.backend.loaded(edit.path)
        raise
