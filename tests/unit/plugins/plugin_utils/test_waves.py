# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes of waves, and how many hosts may be lost."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.filter.wave_sizes import FilterModule
from ansible_collections.ack_edge.node.plugins.plugin_utils._waves import WaveError, allowed, sizes, why_end
from hypothesis import given
from hypothesis import strategies as st

HOSTS = [f"edge-{number}" for number in range(200)]


@pytest.mark.parametrize(
    ("waves", "expected"),
    [
        (None, ["1", "10", "25%"]),
        ("", ["1", "10", "25%"]),
        ([], ["1", "10", "25%"]),
        ("2, 50%", ["2", "50%"]),
        ("1;10\n25%", ["1", "10", "25%"]),
        ("[1, 10, '25%']", ["1", "10", "25%"]),
        (5, ["5"]),
        ([1, "150%"], ["1", "150%"]),
    ],
)
def test_sizes(waves: Any, expected: list[str]) -> None:
    assert sizes(waves) == expected
    assert FilterModule().filters()["wave_sizes"](waves) == expected


@pytest.mark.parametrize("waves", ["1,,2", [0], "-1", "x", {"a": 1}, True, ["1%%"], " "])
def test_an_invalid_size_is_named_and_leaves_one_wave_in_which_it_is_said(waves: Any) -> None:
    with pytest.raises(WaveError, match=r"is not a valid size of a wave; expected whole numbers from 1"):
        sizes(waves)
    assert FilterModule().filters()["wave_sizes"](waves) == ["100%"]


@pytest.mark.parametrize(
    ("budget", "hosts", "expected"),
    [(None, 100, 3), ("", 200, 6), (0, 100, 0), ("0", 9, 0), ("2.5%", 40, 1), (7, 1, 7)],
)
def test_allowed(budget: Any, hosts: int, expected: float) -> None:
    assert allowed(budget, hosts) == expected


@pytest.mark.parametrize("budget", ["few", 0.5, "-1%", "3%\n", "%", [3], True])
def test_a_budget_that_is_none_is_refused(budget: Any) -> None:
    with pytest.raises(WaveError, match=r"(?s)^error_budget is .*; expected a whole number of hosts or a percentage"):
        why_end(HOSTS, HOSTS[:1], [], budget)


def test_before_the_first_wave_nobody_is_lost() -> None:
    assert why_end(HOSTS, HOSTS[:1], [], 0) == ""


def test_why_a_run_ends_names_the_lost_and_what_to_do() -> None:
    why = why_end(HOSTS, HOSTS[100:110], HOSTS[15:100], "3%")
    assert why.startswith(
        "The run ends before the next wave: 15 of 100 hosts failed or were unreachable, and error_budget is 3%. "
    )
    assert "They are edge-0, edge-1, edge-10, " in why
    assert " and 5 more. Fix what the report says of them" in why


@given(lost=st.integers(0, 100), budget=st.integers(0, 100))
def test_a_budget_as_a_number_or_a_percentage_of_a_hundred_is_the_same(lost: int, budget: int) -> None:
    ends = [bool(why_end(HOSTS, HOSTS[100:], HOSTS[lost:100], text)) for text in (budget, f"{budget}%")]
    assert ends == [lost > budget] * 2
