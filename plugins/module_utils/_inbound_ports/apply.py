# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of inbound_ports: detect, observe, plan, remember, apply, read back, remember."""

import collections
import contextlib

from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import plan
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import remembered as _remembered
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.firewalld import Firewalld
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.iptables import Iptables
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.nftables import Nftables
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.ufw import Ufw
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.detect import active_managers, one_manager
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import (
    describe,
    dump_item,
    parse_items,
)
from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

KIND = "inbound_ports"

# changed: bool; before, after: lines of the diff; verdicts: 1:1 with the items; backend: name of the active one.
Outcome = collections.namedtuple("Outcome", "changed before after verdicts backend")

# What one backend is to do. items: what is wanted there; seen: what it observed; changes: one for each fact.
_Part = collections.namedtuple("_Part", "backend items seen changes")

_FACTS = {"runtime": "the active rules", "boot": "what is loaded after a reboot"}


class HalfWay(NodeError):
    """A run failed after it had begun to change; ``changed`` says whether anything is another than before."""

    def __init__(self, text, changed):
        NodeError.__init__(self, text)
        self.changed = changed


class InboundPorts:
    """One owned set on one node.

    :arg node: a Node. name: of the set. backend: auto or the name of one, or none. zone, interface: for firewalld.
    :raises NodeError: if the name is not usable.
    """

    def __init__(self, node, name, backend="auto", zone="", interface=""):
        self._node, self._choice = node, backend
        self._manifest = Manifest(node, KIND, name, _remembered.SHAPE)
        self._backends = collections.OrderedDict(
            (each.name, each)
            for each in (
                Firewalld(node, name, zone, interface),
                Ufw(node, name),
                Nftables(node, name),
                Iptables(node, name),
            )
        )

    def owned_items(self):
        """Return the items that the manifest remembers, for a set that goes without being named again."""
        return parse_items(self._manifest.load().get("ports", []), allow_any_source=True)[0]

    def ensure(self, items, present, check_mode):
        """Make the set as wanted and return the Outcome.

        :arg items: what is wanted, or with ``present`` False what the verdicts are about.
        :raises NodeError: where the node is in a state that forbids it, or what was written did not arrive.
        """
        with contextlib.ExitStack() as stack:
            if not check_mode:
                stack.enter_context(self._node.lock())
            content = self._manifest.load()
            chosen = self._choose() if present else None
            names = self._involved(chosen, content, present)
            remembered = content.get("backends", {})
            parts = self._parts(names, chosen, items if present else [], remembered)
            planned = parts
            if not check_mode:
                parts = self._carry_out(parts, items if present else [], content)
            return self._outcome(items, present, chosen, planned, parts)

    def _choose(self):
        if self._choice != "auto":
            return self._choice
        active = one_manager(self._node)
        return "firewalld" if active == "none" and self._backends["firewalld"].starts_later() else active

    def _involved(self, chosen, content, present):
        """Return the backends to look at: the chosen one, and those where something of ours was left earlier."""
        names = set(content.get("backends", {}))
        if present:
            # What cannot be reached now stays remembered and goes at the next run that can, or at absent.
            return [
                name
                for name in self._backends
                if name == chosen or (name in names and self._backends[name].available())
            ]
        if self._choice == "auto":
            # Rules of ours may be there without a manifest. A firewall that cannot be looked at is no reason to stop
            # the way back on a node that remembers nothing.
            try:
                names |= set(active_managers(self._node))
            except NodeError:
                if names:
                    raise
        return [
            name
            for name in self._backends
            if name in names or (name == self._choice and self._backends[name].available())
        ]

    def _parts(self, names, chosen, items, remembered):
        parts = []
        for name in names:
            backend, wanted = self._backends[name], items if name == chosen else []
            seen = backend.observe(remembered.get(name, {}), wanted)
            parts.append(_Part(backend, wanted, seen, [plan.plan(fact) for fact in backend.facts(seen, wanted)]))
        return parts

    def _carry_out(self, parts, items, content):
        """Remember, apply, read back, remember; return the parts as they are then."""
        remembered = content.get("backends", {})
        before, after = dict(remembered), dict(remembered)
        for part in parts:
            name = part.backend.name
            before[name], after[name] = part.backend.remember(part.seen, part.changes, remembered.get(name, {}))
        after = {name: kept for name, kept in after.items() if kept}
        # What a killed run left of a file that it was about to write.
        for part in parts:
            for path in [*part.backend.files(remembered.get(part.backend.name, {})), self._manifest.path]:
                self._node.sweep(path)
        # The items of an earlier run stay named until all of theirs is gone.
        ports = [dump_item(item) for item in items] or content.get("ports", [])
        try:
            done = self._change(parts, {"ports": ports, "backends": before})
            self._clean(planned=parts, remembered=remembered)
            if after:
                self._manifest.store({"ports": ports, "backends": after})
            else:
                self._manifest.forget()
        except (NodeError, OSError) as error:
            raise self._half_way(error, parts, before) from None
        return done

    def _change(self, parts, content):
        """Remember, apply and read back where something is to be done; return the parts as they are then."""
        if not any(_pending(part) for part in parts):
            return parts
        self._manifest.store(content)
        for part in parts:
            if _pending(part):
                part.backend.apply(part.seen, part.changes)
        return [self._read_back(part, content["backends"][part.backend.name]) for part in parts]

    def _clean(self, planned, remembered):
        """Take away the directories of ours that are empty; also those that a killed run emptied."""
        for part in planned:
            was_ours = part.backend.name in remembered or _pending(part)
            for path in part.backend.directories(was_ours):
                self._node.remove_empty_directory(path)

    @staticmethod
    def _half_way(error, parts, remembered):
        """Return the HalfWay that says what a run changed before it failed, and what not; both are looked at again."""
        changed, same = [], []
        for part in parts:
            try:
                seen = part.backend.observe(remembered[part.backend.name], part.items)
                facts = part.backend.facts(seen, part.items)
            except (NodeError, OSError) as other:
                return HalfWay(
                    f"{error}. What of it was changed before cannot be told, for {part.backend.name} cannot be read ({other}); fix the "
                    "reported problem and run again",
                    True,
                )
            for index, now in enumerate(facts):
                differs = _as_found(part.changes[index].fact) != _as_found(now)
                (changed if differs else same).append(f"{_FACTS[now.name]} of {part.backend.name}")
        if not changed:
            return HalfWay(
                f"{error}. No rule was changed, neither active nor persistent; fix the reported problem and run again",
                False,
            )
        return HalfWay(
            f"{error}. Changed before that: {', '.join(changed)}; not changed: {', '.join(same) or 'nothing'}. Fix the reported problem and run again: that run completes the change, reset_edge.yml undoes it",
            True,
        )

    @staticmethod
    def _read_back(part, remembered):
        backend = part.backend
        seen = backend.observe(remembered, part.items)
        changes = [plan.plan(fact) for fact in backend.facts(seen, part.items)]
        before, after = plan.diff_lines([change for change in changes if plan.pending(change)], backend.text)
        if before != after:
            wrong = [line for line in after + before if (line in after) != (line in before)]
            raise NodeError(
                f"{backend.name} took the commands, but reading back does not show what was written, first: {wrong[0]}; run "
                f"'{backend.reproduce}' to see what it holds, and run again"
            )
        return _Part(backend, part.items, seen, changes)

    def _outcome(self, items, present, chosen, planned, parts):
        before, after = [], []
        for part in planned:
            if _pending(part):
                lines = plan.diff_lines(part.changes, part.backend.text)
                before += lines[0]
                after += lines[1]
        if present:
            asleep = self._asleep() if chosen == "none" and self._choice == "auto" else ()
            verdicts = [self._present_verdict(item, chosen, parts, asleep) for item in items]
        else:
            left = any(_pending(part) for part in parts)
            verdicts = [plan.absent_verdict(item, left, "") for item in items]
        return Outcome(any(_pending(part) for part in planned), before, after, verdicts, chosen or "none")

    def _asleep(self):
        """Return (service, file) of a firewall that filters after a restart and not now, () if none does."""
        # That of firewalld would have been chosen.
        asleep = (self._backends[name].asleep() for name in ("ufw", "nftables", "iptables"))
        return next((found for found in asleep if found), ())

    def _present_verdict(self, item, chosen, parts, asleep):
        for part in parts:
            if part.backend.name == chosen:
                return plan.present_verdict(
                    item, chosen, part.changes, part.backend.nothing_blocks(part.seen), part.backend.reproduce
                )
        if asleep:
            service, path = asleep
            return _verdict.verdict(
                item.name,
                _verdict.WARN,
                f"{describe(item)}: nothing filters now, but {service}.service is enabled and {path} can drop what "
                "comes in after a restart",
                f"start {service} and run prepare_edge.yml again, or disable it",
                f"systemctl status {service}",
                backend="none",
                runtime="ok",
                boot="missing",
            )
        why = "backend is none, so no firewall is touched" if self._choice == "none" else "no active firewall was found"
        return _verdict.verdict(
            item.name,
            _verdict.PASS,
            f"{describe(item)}: nothing to open, {why}",
            backend="none",
            runtime="ok",
            boot="none",
        )


def _as_found(fact):
    """Return what a fact shows of the node, for a comparison."""
    return sorted(found.text for found in fact.found if found.ours), list(fact.mend[0])


def _pending(part):
    return any(plan.pending(change) for change in part.changes)


def failure_verdicts(items, text):
    """Return a verdict for each item of a run that ended with an error."""
    return [
        _verdict.verdict(
            item.name,
            _verdict.FAIL,
            f"{describe(item)} could not be brought about: {text}",
            remedy="mend what the message names and run again",
        )
        for item in items
    ]
