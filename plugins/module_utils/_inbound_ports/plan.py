# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure planner: what is wanted against what is there, for each fact; verdicts and diff come from its answer.

A *fact* is one of 'runtime' (what packets meet now) and 'boot' (what they meet after a restart of the node). The two
are seen and mended apart. No command is run here and no file is read.
"""

import collections

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Change

# How people say when a fact counts.
WHEN = {"runtime": "now", "boot": "after a reboot"}


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


def item_state(name, change):
    """Return how one item stands in one fact: ok, missing, wrong, or none where the place cannot hold it."""
    rules = [rule for item, rule in change.fact.desired if item == name]
    obstacle = change.fact.obstacle
    if not rules and obstacle and (obstacle.items is None or name in obstacle.items):
        return "none"
    lacking = [rule for rule in rules if rule in change.add]
    strays = [found for found in change.remove if found.label == name]
    if not lacking and not strays:
        return "wrong" if name in change.fact.incomplete else "ok"
    return "missing" if len(lacking) == len(rules) and not strays else "wrong"


def diff_lines(changes, text):
    """Return (before, after): the lines that the changes are about, in the words of the tool.

    :arg text: function that renders a Rule.
    """
    before, after = [], []
    for change in changes:
        kept, extra = [found.text for found in change.keep.values()], change.fact.extra_lines
        before += _section(change.fact, kept + [found.text for found in change.remove], extra[0])
        after += _section(change.fact, kept + [text(rule) for rule in change.add], extra[1])
    return before, after


def _section(fact, rules, extra):
    lines = sorted(rules) + list(extra)
    return [f"# {WHEN[fact.name]}", *lines] if lines else []
