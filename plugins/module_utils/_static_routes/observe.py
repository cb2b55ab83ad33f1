# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is of an owned set of routes: in the kernel, in the manifest, in the files. Changes nothing. Private."""

import json
import os
from typing import List, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    LIVE,
    PERSISTED,
    Doubt,
    Item,
    Link,
    item,
    recall,
)

_BOOT_ID = "/proc/sys/kernel/random/boot_id"
TOO_OLD = "remove it from the routes, update the manager, or set backend to one that supports it (systemd_unit)"


class Observed(NamedTuple):
    """What was found on the node."""

    kernel: Optional[kernel.Kernel]  # None where it is not to be looked at
    owned: List[Item]  # from the manifest, the journal and files of ours that neither names
    directories: List[str]  # that we made, says the manifest
    unfinished: List[List[str]]  # [backend name, path] of files that a killed run may have written without telling
    orphans: List[Tuple[str, str, str]]  # (backend name, path, interface) of our files that no manifest names
    shared: List[str]  # directories that other sets made


def observe(node, manifest, pending, available, live=True):
    """Read what the kernel has and what the manifest, the journal and the files of the set remember.

    :arg live: whether the kernel is to be looked at.
    """
    content = manifest.load()
    try:
        owned = [recall(facts) for facts in content.get("routes", [])]
        owned = [_of_this_boot(one, content.get("boot") == boot_id(node)) for one in owned]
        owned += [recall(facts) for facts in pending.load().get("routes", [])]
    except (ValueError, KeyError, TypeError):
        raise NodeError(
            f"{manifest.path} is damaged; check it and, if nothing in it is worth keeping, remove it"
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
        kernel.observe(node) if live else None,
        owned,
        content.get("directories", []),
        content.get("unfinished", []),
        orphans,
        _made_by_others(node, manifest.path),
    )


def boot_id(node):
    """Return what tells this start of the node from any other, '' where nothing does."""
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


def place(items, running, available, option):
    """Return (Items with the backend and path that persist them, problems as texts).

    :arg running: Kernel, None where nothing runs.
    :arg option: one of ``registry.choices``.
    """
    chosen, problems = {}, []
    for name in sorted({one.route.interface for one in items}):
        try:
            if running is not None and name not in running.links:
                raise NodeError(f"interface {name} of an earlier resolved route is gone; set gateway and interface")
            link = running.links[name] if running is not None else Link(name, 0, ())
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
    stores = {
        path: registry.read(node, available[backend], path, interface)
        for path, (backend, interface) in places.items()
        if backend in available
    }
    ours = [one for one in observed.owned if PERSISTED not in one.adopted]
    for one in {(one.route.interface, one.route.family, one.backend): one for one in ours}.values():
        own, name = available.get(one.backend), one.route.interface
        if own is None or own.whole_file:
            continue
        now = _now(available, one, observed.kernel)
        for backend, path in ([now] if now[0] else []) + [(own, path) for path in own.siblings(name)]:
            if path not in stores:
                stores[path] = registry.read(node, backend, path, name)
    return stores


def _now(available, one, running):
    """Return (backend, path) of the site's file that has the routes of an interface now, (None, '') for none.

    A profile may have been renamed, or migrated to another format, with our lines in it.
    """
    name = one.route.interface
    link = running.links.get(name) if running is not None else Link(name, 0, ())
    try:
        backend, path = registry.choose(available, link, registry.AUTO) if link else (None, "")
    except NodeError:
        return None, ""  # nobody holds it, so nobody has the lines
    if backend is None or backend.whole_file:
        return None, ""
    return backend, backend.path_for(path, one.route)


def doubts(available, items):
    """Return {slot: Doubt} of the routes that would not come back at a reboot, although their files have them."""
    places = {}
    for one in items:
        places.setdefault((one.backend, one.path, one.route.interface), set()).add(one.route.gateway)
    found = {place: _doubt(available[place[0]], *place[1:], gateways) for place, gateways in places.items()}
    said = {}
    for one in items:
        other = found[(one.backend, one.path, one.route.interface)]
        ignored = "" if other else available[one.backend].ignores(one.path, one.route)
        if other or ignored:
            said[one.route.slot] = other or Doubt(ignored, TOO_OLD)
    return said


def _doubt(backend, path, interface, gateways):
    why, off = backend.doubt(path, interface, gateways), backend.off()
    if not why and off:
        return Doubt(off, f"systemctl enable {backend.unit}, then run again")
    return Doubt(why, backend.boot_remedy) if why else None
