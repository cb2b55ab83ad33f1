# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be done so that the owned set is live and persisted. Pure: no command, no file. Private.

Ownership. A route is ours if the manifest remembers its slot and not as adopted. What stands in a slot of ours is
mended whatever it has become; what stands in a slot of somebody else is adopted where it is equal, and where it is not
it is a conflict, or with ``takeover`` displaced: remembered, and put back when the route leaves the set. Then only
exactly what we put there is taken out.
"""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ip_route
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    LIVE,
    MISSING,
    OK,
    PERSISTED,
    UNKNOWN,
    WRONG,
    Item,
    Live,
    Route,
    Slot,
    item,
    order,
)

# Every file that is ours alone says so at its top.
_OURS = "ack_edge.node.static_routes"


class State(NamedTuple):
    """How one route stands."""

    live: str  # OK, MISSING, WRONG or UNKNOWN
    persisted: str  # OK, MISSING or WRONG
    instead: str  # what was found where WRONG


class Edit(NamedTuple):
    """One file to write or to remove."""

    backend: Any  # a Backend
    path: str
    before: Optional[str]  # None for no file
    after: Optional[str]  # None to remove it
    recreate: bool  # whether its permissions or links are wrong too, so that it is made anew
    missing: Tuple[str, ...]  # directories that writing it makes


class Plan(NamedTuple):
    """What makes wanted routes the owned set."""

    items: List[Item]  # the set as it will be owned
    states: Dict[Slot, State]
    replace: List[Route]  # to put into the kernel
    delete: List[Route]  # to take out of it
    restore: List[Live]  # that were displaced, to put back
    edits: List[Edit]
    conflicts: List[Tuple[Optional[Slot], str]]
    gone: List[Tuple[Item, Tuple[str, ...]]]  # what leaves the set, and where it still stands (LIVE, PERSISTED)

    def touches_kernel(self):
        """Return whether live routes have to be changed."""
        return bool(self.replace or self.delete or self.restore)

    def is_empty(self):
        """Return whether nothing has to be done."""
        return not (self.touches_kernel() or self.edits)


class _Owned:
    """The manifest, asked by slot."""

    def __init__(self, owned):
        self.all = owned
        self._by_slot = {}
        for one in owned:
            self._by_slot.setdefault(one.route.slot, []).append(one)

    def at(self, slot):
        return self._by_slot.get(slot, [])

    def displaced(self, slot, fact, path=None):
        """Return what our route of the slot took the place of, as remembered (in the file ``path``, for PERSISTED)."""
        for one in self.at(slot):
            if one.displaced.get(fact) and path in (None, one.path):
                return one.displaced[fact]
        return []

    def holds(self, slot, fact, path=None):
        """Return whether we put this fact of the slot there ourselves (in the file ``path``, for PERSISTED)."""
        return any(fact not in one.adopted and path in (None, one.path) for one in self.at(slot))


def plan(items, owned, live, stores, takeover=False):
    """Return the Plan that makes ``items`` the owned set.

    :arg items: wanted Items, one for a slot, each with the backend and path that persist it.
    :arg owned: Items that the manifest remembers, old and half-made ones of a killed run among them.
    :arg live: [Live] of the kernel, None where it is not to be looked at.
    :arg stores: {path: Store} of every path in ``items`` and ``owned``.
    :arg takeover: whether routes of others in the way of wanted ones are displaced.
    """
    owned = _Owned(owned)
    items = sorted(items, key=lambda one: order(one.route.slot))
    wanted = {one.route.slot: one.path for one in items}
    stale = [one for one in owned.all if one.route.slot not in wanted]
    kernel = _KernelPlan(owned, live, takeover) if live is not None else _NoKernelPlan(owned)
    gone = {one.route for one in moved(owned.all, stores)}
    copies = _written(owned, stores)
    files = {path: _FilePlan(store, owned, wanted, takeover, gone, copies) for path, store in stores.items()}
    for one in items:
        kernel.want(one)
        files[one.path].want(one)
    gone_live = kernel.drop(stale)
    edits = [edit for edit in (files[path].edit() for path in sorted(files)) if edit is not None]
    final, states = [], {}
    for one in items:
        slot, file = one.route.slot, files[one.path]
        instead = kernel.instead.get(slot) or file.instead.get(slot, "")
        states[slot] = State(kernel.states[slot], file.state(slot), instead)
        adopted = [fact for fact, part in ((LIVE, kernel), (PERSISTED, file)) if slot in part.adopted]
        displaced = {
            fact: part.displaced.get(slot) or owned.displaced(slot, fact, path)
            for fact, part, path in ((LIVE, kernel, None), (PERSISTED, file, one.path))
        }
        displaced = {fact: rows for fact, rows in displaced.items() if rows}
        final.append(one._replace(adopted=tuple(adopted), displaced=displaced))
    conflicts = kernel.conflicts + [conflict for path in sorted(files) for conflict in files[path].conflicts]
    return Plan(
        final, states, kernel.replace, kernel.delete, kernel.restore, edits, conflicts, _gone(stale, gone_live, files)
    )


def moved(items, stores):
    """Return the Items whose remembered line is not in its file any more: tools of the site may have moved it."""
    there = {path: {line.route for line in store.lines} for path, store in stores.items()}
    return [
        one for one in items if PERSISTED not in one.adopted and one.path in there and one.route not in there[one.path]
    ]


def _written(owned, stores):
    """Return how our lines in files of the site are written: a clone of a profile has them, too."""
    return {
        str(line.raw)
        for path, store in stores.items()
        for line in store.lines
        if line.raw is not None and owned.holds(line.slot, PERSISTED, path)
    }


def _gone(stale, gone_live, files):
    """Return [(Item, facts that still stand)] of what leaves the set, each route once."""
    found = {}
    for one in stale:
        facts = [LIVE] if one.route in gone_live else []
        if one.path in files and any(line.route == one.route for line in files[one.path].dropped):
            facts.append(PERSISTED)
        old = found.get(one.route, (one, ()))[1]
        found[one.route] = (one, tuple(sorted(set(facts) | set(old))))
    for file in files.values():  # what stands in a file of ours without being remembered
        for line in file.dropped:
            if line.route is not None and line.route not in found:
                found[line.route] = (item(line.route), (PERSISTED,))
    return [found[route] for route in sorted(found, key=lambda route: order(route.slot))]


class _KernelPlan:
    """The live half: what to replace and delete, and how each wanted route stands."""

    def __init__(self, owned, live, takeover):
        self._owned, self._takeover = owned, takeover
        self._by_slot, self._by_destination = {}, {}
        for one in live:
            self._by_slot.setdefault(one.route.slot, []).append(one)
            self._by_destination.setdefault((one.route.destination, one.route.table), []).append(one)
        self.states, self.instead, self.adopted, self.displaced = {}, {}, set(), {}
        self.replace, self.delete, self.restore, self.conflicts = [], [], [], []

    def want(self, one):
        route = one.route
        found = self._by_slot.get(route.slot, [])
        ours = self._owned.holds(route.slot, LIVE)
        others = [live for live in found if not live.plain or live.route != route]
        rivals = ([] if ours else others) + self._rivals(one)
        if rivals:
            self._meet(route, rivals)
        elif not found:
            self.states[route.slot] = MISSING
            self.replace.append(route)
        elif not others:
            self.states[route.slot] = OK
            if not ours:
                self.adopted.add(route.slot)
        else:
            self._repair(route, found, others)

    def _meet(self, route, rivals):
        """Somebody else routes the destination another way: displace it if that is asked for and can be undone."""
        self.states[route.slot], self.instead[route.slot] = WRONG, rivals[0].way
        movable = all(rival.words and rival.plain for rival in rivals)
        if self._takeover and movable:
            self.displaced[route.slot] = [rival.words for rival in rivals]
            self.replace.append(route)
            first = [rival for rival in rivals if rival.route.slot == route.slot][:1]  # replaced by ours
            self.delete += [rival.route for rival in rivals if rival not in first]
            return
        way_out = "remove it, request the same route, or set takeover: true"
        if self._takeover:
            way_out = "takeover cannot restore a route of this kind later, so remove it by hand"
        self.conflicts.append(
            (
                route.slot,
                f"another route to {route.destination} exists ({rivals[0].way}{_metric(rivals[0].route, route)}); "
                f"requested: via {route.gateway} dev {route.interface}; {way_out}",
            )
        )

    def _repair(self, route, found, others):
        self.states[route.slot], self.instead[route.slot] = WRONG, others[0].way
        extra = others
        if len(others) == len(found):
            self.replace.append(route)  # takes the place of the first one in the slot
            extra = others[1:]
        self.delete += [live.route for live in extra if live.plain]

    def _rivals(self, one):
        """Return the foreign routes that an unasked-for metric would silently win or lose against."""
        if one.metric_given:
            return []
        route, found = one.route, []
        for live in self._by_destination.get((route.destination, route.table), []):
            same_way = live.plain and (live.route.gateway, live.route.interface) == (route.gateway, route.interface)
            if live.route.slot != route.slot and not same_way and not self._owned.holds(live.route.slot, LIVE):
                found.append(live)
        return found

    def drop(self, stale):
        """Take out what exactly is ours and no longer wanted; return these routes."""
        gone = set()
        for one in stale:
            if LIVE in one.adopted:
                continue
            for live in self._by_slot.get(one.route.slot, []):
                if live.plain and live.route == one.route and live.route not in gone:
                    gone.add(live.route)
                    self.delete.append(live.route)
            self._put_back(one)
        return gone

    def _put_back(self, one):
        """Let what our route displaced be there again, unless it is, or something else has taken the slot since."""
        for words in one.displaced.get(LIVE, []):
            found = ip_route.read(words.split(), "", one.route.family)
            if found is None or found[1] is None:
                continue
            there = [live for live in self._by_slot.get(found[0], []) if live.route not in self.delete]
            restored = Live(found[1], True, words, words)
            if not there and restored not in self.restore:
                self.restore.append(restored)


class _NoKernelPlan:
    """The live half where nothing runs (an image, a chroot): nothing is looked at, nothing is done."""

    def __init__(self, owned):
        self._owned = owned
        self.states, self.instead, self.adopted, self.displaced = {}, {}, set(), {}
        self.replace, self.delete, self.restore, self.conflicts = [], [], [], []

    def want(self, one):
        slot = one.route.slot
        self.states[slot] = UNKNOWN
        if self._owned.at(slot) and not self._owned.holds(slot, LIVE):
            self.adopted.add(slot)

    def drop(self, _stale):
        return set()


def _metric(rival, route):
    return "" if rival.metric == route.metric else f", metric {rival.metric}"


class _FilePlan:
    """The persisted half, for one file: which lines stay, come and go."""

    def __init__(self, store, owned, wanted, takeover, moved, copies):
        self._store, self._takeover = store, takeover
        self._whole = store.backend.whole_file
        self._ours, self._foreign = [], list(store.foreign)
        for line in store.lines:
            # A line that is letter for letter ours is ours wherever the site's tools have put it.
            ours = owned.holds(line.slot, PERSISTED, store.path) or line.route in moved or str(line.raw) in copies
            ours = ours or self._whole
            (self._ours if ours else self._foreign).append(line)
        remembered = {one.route for one in owned.all}
        # In a file that is ours alone every line is ours; in the site's file only what we wrote, letter for letter.
        ours = [line for line in self._ours if self._whole or line.route in remembered]
        self.dropped = [line for line in ours if line.slot not in wanted]
        # What is wanted in another file goes too, and is no route that leaves the set.
        moved = [line for line in ours if line.slot in wanted and wanted[line.slot] != store.path]
        self._drop, self._add, self._items = self.dropped + moved, [], []
        left = {line.slot for line in self._drop}
        self._restore = [
            raw
            for one in owned.all
            if one.path == store.path and one.route.slot in left
            for raw in one.displaced.get(PERSISTED, [])
            if raw not in [line.raw for line in store.lines]
        ]
        self._states, self.instead, self.adopted, self.displaced, self.conflicts = {}, {}, set(), {}, []
        self._by_slot = _by_slot(self._ours, self._foreign)
        known = any(one.path == store.path for one in owned.all)
        if self._whole and store.text and not known and _OURS not in store.text:
            self.conflicts.append(
                (None, f"{store.path} was not made by this module; move it away, or give the set another name")
            )

    def want(self, one):
        slot = one.route.slot
        ours, foreign = self._by_slot.get(slot, ((), ()))
        if not ours and foreign:
            self._meet(one, foreign)
            return
        self._items.append(one)
        good = [line for line in ours if line.route == one.route and line.comment in (None, one.comment)]
        bad = [line for line in ours if line not in good[:1]]
        self._drop += bad
        if not good:
            self._add.append(one)
        self._states[slot] = MISSING if not ours else OK if good and not bad else WRONG
        if bad and bad[0].route is not None and bad[0].route != one.route:
            self.instead[slot] = bad[0].route.text()

    def _meet(self, one, foreign):
        """Somebody else persists the slot: the same is adopted, another is a conflict."""
        slot = one.route.slot
        if all(line.route == one.route for line in foreign):
            self._states[slot] = OK
            self.adopted.add(slot)
            return
        self._states[slot] = WRONG
        if self._takeover and all(line.raw is not None for line in foreign):
            self.displaced[slot] = [line.raw for line in foreign]
            self._drop += foreign
            self._add.append(one)
            self._items.append(one)
            return
        other = next(line.route for line in foreign if line.route != one.route)
        self.instead[slot] = other.text() if other is not None else "a line with more attributes"
        self.conflicts.append(
            (
                slot,
                f"{self._store.interface} has another route to {one.route.destination} in the files of "
                f"{self._store.backend.title} ({self.instead[slot]}); remove it or request the same "
                f"route{'' if self._whole else ', or set takeover: true'}",
            )
        )

    def edit(self):
        """Return the Edit of this file, None if it stays."""
        store = self._store
        if store.text is None and not self._items:
            return None
        try:
            after = store.backend.compose(store.text or "", self._items, self._add, self._drop, self._restore)
        except NodeError as error:
            slot = self._add[0].route.slot if self._add else None
            self.conflicts.append((slot, f"{store.path}: {error}"))
            return None
        recreate = self._whole and store.text is not None and not store.metadata_ok
        if after == store.text and not (recreate and after is not None):
            return None
        if self._whole:
            self._damaged()
        return Edit(store.backend, store.path, store.text, after, recreate, store.missing)

    def _damaged(self):
        """The lines are right and yet the file is not: somebody changed its frame or permissions, so none may count."""
        if not self._add and not self._drop:
            for one in self._items:
                self._states[one.route.slot] = WRONG
                self.instead[one.route.slot] = f"{self._store.path} was changed by hand"

    def state(self, slot):
        return self._states[slot]


def _by_slot(ours, foreign):
    found = {}
    for place, lines in enumerate((ours, foreign)):
        for line in lines:
            found.setdefault(line.slot, ([], []))[place].append(line)
    return found
