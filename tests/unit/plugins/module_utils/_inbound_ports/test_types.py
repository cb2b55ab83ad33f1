# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Intervals compare equal however they are written, and rules survive the manifest."""

import itertools

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import types as model
from hypothesis import given
from hypothesis import strategies as st

INTERVALS = st.lists(st.tuples(st.integers(1, 300), st.integers(0, 20)).map(lambda pair: (pair[0], pair[0] + pair[1])))


def covered(intervals):
    return {number for first, last in intervals for number in range(first, last + 1)}


@given(INTERVALS)
def test_merge_covers_the_same_numbers_with_gaps_between(intervals):
    merged = model.merge(intervals)
    assert covered(merged) == covered(intervals)
    assert all(left[1] + 1 < right[0] for left, right in itertools.pairwise(merged))
    assert model.merge(merged) == merged


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**20))
def test_networks_cover_an_interval_exactly(first, size):
    last = min(first + size, 2**32 - 1)
    found = model.networks(4, [(first, last)])
    assert model.merge(model.network_interval(network) for network in found) == ((first, last),)


def test_a_rule_survives_the_manifest():
    rule = model.Rule(("inet", "filter", "input"), 6, "udp", ((1, 2**127),), ((1, 2), (5, 5)), "x")
    assert model.load_rules(model.dump_rules({rule: "x"})) == {rule: "x"}


@given(INTERVALS, INTERVALS)
def test_overlap_is_a_number_in_common(some, others):
    assert model.overlap(some, others) == bool(covered(some) & covered(others))
