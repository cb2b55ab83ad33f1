# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure planner: what is wanted against what is there, for each fact; verdicts and diff come from its answer.

A *fact* is one of 'runtime' (what packets meet now) and 'boot' (what they meet after a restart of the node). The two
are seen and mended apart. No command is run here and no file is read.
"""

import collections

from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import describe

# One rule that was found. rule: Rule, or None where it is ours and has another form than any we write; label: name of
# the item it belongs to, '' if unknown; ours: may be removed; ref: what the backend needs to remove it; text: as shown.
Found = collections.namedtuple("Found", "rule label ours ref text")

# desired: ((item name, Rule), ...); found: (Found, ...); mend: (lines before, lines after) for what is not a rule, a
# file or an include line, equal where all is right; obstacle: (why the place cannot
# hold everything, what to do, and the names of the items that it is about if not all), else (); flawed: names of the
# items that need something of mend beside their rules, such as an ipset that is not complete.
Fact = collections.namedtuple("Fact", "name desired found mend obstacle flawed")
Fact.__new__.__defaults__ = ((),)

# keep: {Rule: Found}; add: [Rule]; remove: [Found].
Change = collections.namedtuple("Change", "fact keep add remove")

_WHEN = {"runtime": "now", "boot": "after a restart of the node"}
_RUN = "run prepare_edge.yml to %s it"


def plan(fact):
    """Return the Change that makes one fact right; rules of others are kept and never removed."""
    wanted = list(collections.OrderedDict((rule, None) for _name, rule in fact.desired))
    keep, remove = {}, []
    # Ours first: where somebody wrote the same again, ours stays the one that we know and take back.
    for found in sorted(fact.found, key=lambda item: not item.ours):
        if found.rule in wanted and found.rule not in keep:
            keep[found.rule] = found
        elif found.ours:
            remove.append(found)
    return Change(fact, keep, [rule for rule in wanted if rule not in keep], remove)


def pending(change):
    """Return whether a Change changes anything."""
    return bool(change.add or change.remove or change.fact.mend[0] != change.fact.mend[1])


def item_state(name, change):
    """Return how one item stands in one fact: ok, missing, wrong, or none where the place cannot hold it."""
    rules = [rule for item, rule in change.fact.desired if item == name]
    if not rules and change.fact.obstacle:
        return "none"
    lacking = [rule for rule in rules if rule in change.add]
    strays = [found for found in change.remove if found.label == name]
    if not lacking and not strays:
        return "wrong" if name in change.fact.flawed else "ok"
    return "missing" if len(lacking) == len(rules) and not strays else "wrong"


def present_verdict(item, backend, changes, nothing_blocks, reproduce):
    """Return the verdict of one wanted item.

    :arg changes: Changes of the facts, in order; planned ones in check mode, those of the read-back after an apply.
    :arg nothing_blocks: sentence why no rule is needed, else ''.
    """
    states = {change.fact.name: item_state(item.name, change) for change in changes}
    data = dict({"runtime": "ok", "boot": "none"}, backend=backend)
    data.update(states)
    bad = [name for name in states if states[name] in ("missing", "wrong")]
    if bad:
        return _verdict.verdict(
            item.name,
            _verdict.FAIL,
            f"{describe(item)} is not open {' and not '.join(_WHEN[name] for name in bad)}",
            remedy=_RUN % "open",
            reproduce=reproduce,
            **data,
        )
    if nothing_blocks:
        return _verdict.verdict(
            item.name,
            _verdict.PASS,
            f"{describe(item)}: nothing to open, {nothing_blocks}",
            reproduce=reproduce,
            **data,
        )
    if states.get("runtime") == "none":
        summary, remedy = changes[0].fact.obstacle[:2]
        return _verdict.verdict(
            item.name,
            _verdict.FAIL,
            f"{describe(item)} is not open: {summary}",
            remedy=remedy,
            reproduce=reproduce,
            **data,
        )
    for change in changes:
        if change.fact.obstacle and item.name in (change.fact.obstacle[2:] or [[item.name]])[0]:
            summary, remedy = change.fact.obstacle[:2]
            return _verdict.verdict(
                item.name,
                _verdict.WARN,
                f"{describe(item)} is open now, but {summary}",
                remedy=remedy,
                reproduce=reproduce,
                **data,
            )
    return _verdict.verdict(
        item.name,
        _verdict.PASS,
        f"{describe(item)} is open now and {_WHEN['boot']}",
        reproduce=reproduce,
        **data,
    )


def absent_verdict(item, left, reproduce):
    """Return the verdict of one item that is to go; left: whether anything of the set is still there."""
    if left:
        return _verdict.verdict(
            item.name,
            _verdict.FAIL,
            f"{describe(item)} is still opened by the set",
            remedy="run reset_edge.yml to take it back",
            reproduce=reproduce,
        )
    return _verdict.verdict(item.name, _verdict.PASS, f"{describe(item)} is not opened by the set", reproduce=reproduce)


def diff_lines(changes, text):
    """Return (before, after): the lines that the changes are about, in the words of the tool.

    :arg text: function that renders a Rule.
    """
    before, after = [], []
    for change in changes:
        kept = [found.text for found in change.keep.values()]
        before += _section(change.fact, kept + [found.text for found in change.remove], change.fact.mend[0])
        after += _section(change.fact, kept + [text(rule) for rule in change.add], change.fact.mend[1])
    return before, after


def _section(fact, rules, mend):
    lines = sorted(rules) + list(mend)
    return [f"# {_WHEN[fact.name]}", *lines] if lines else []
