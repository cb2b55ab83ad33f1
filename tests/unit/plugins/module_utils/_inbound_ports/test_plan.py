# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Laws of the planner: what it leaves is what is wanted, and nothing of others is taken."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import plan as planner
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Fact, Found, Rule
from hypothesis import given
from hypothesis import strategies as st


def rule(number):
    return Rule(("zone",), 4, "tcp", ((1, 1),), ((number, number),), "")


def found(number, ours, label=""):
    return Found(None if number is None else rule(number), label, ours, number, f"text {number}")


def fact(desired, seen, name="runtime", extra_lines=((), ()), obstacle=None):
    return Fact(name, tuple(desired), tuple(seen), extra_lines, obstacle)


NUMBERS = st.lists(st.integers(1, 8))
SEEN = st.lists(st.builds(found, st.one_of(st.none(), st.integers(1, 8)), st.booleans()))


@given(NUMBERS, SEEN)
def test_what_is_left_is_what_is_wanted_and_what_others_have(wanted, seen):
    desired = [("item", rule(number)) for number in wanted]
    change = planner.plan(fact(desired, seen))
    assert all(item.ours for item in change.remove)
    left = [item for item in seen if not any(item is gone for gone in change.remove)]
    left += [found(item.ports[0][0], True) for item in change.add]
    assert {item.rule for item in left} >= {rule(number) for number in wanted}
    assert {item.rule for item in left if item.ours} <= {rule(number) for number in wanted}
    assert not planner.plan(fact(desired, left)).pending()


def test_an_equal_rule_of_others_is_used_and_ours_is_preferred():
    change = planner.plan(fact([("item", rule(1))], [found(1, False)]))
    assert not change.pending()
    change = planner.plan(fact([("item", rule(1))], [found(1, False), found(1, True)]))
    assert change.keep[rule(1)].ours
    assert not change.remove


def test_the_same_rule_of_ours_twice_is_once_too_often():
    change = planner.plan(fact([("item", rule(1))], [found(1, True), found(1, True)]))
    assert len(change.remove) == 1


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        ([], "missing"),
        ([found(1, True)], "wrong"),
        ([found(1, True), found(2, True)], "ok"),
        ([found(1, True), found(2, True), found(3, True, "kubelet")], "wrong"),
        ([found(1, True), found(2, True), found(3, True, "other")], "ok"),
    ],
)
def test_state_of_an_item(seen, state):
    change = planner.plan(fact([("kubelet", rule(1)), ("kubelet", rule(2))], seen))
    assert planner.item_state("kubelet", change) == state


def test_something_beside_the_rules_is_pending_too():
    assert planner.plan(fact([], [], extra_lines=(("line",), ()))).pending()
    assert not planner.plan(fact([], [], extra_lines=(("line",), ("line",)))).pending()
