# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one line on how far a run has come."""

from __future__ import annotations

import re

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.progress import Progress
from hypothesis import given
from hypothesis import strategies as st


def names(first: int, last: int) -> list[str]:
    return [f"edge-{number}" for number in range(first, last)]


def ended(progress: Progress, machines: list[str], results: int) -> None:
    for name in machines:
        for _turn in range(results):
            progress.result(name)


def test_without_waves() -> None:
    progress = Progress(machines=4, tasks=10, forks=2)
    progress.wave(names(0, 4), now=100.0)
    progress.task("Check endpoints")
    assert progress.line(now=100.0) == "0 done, 4 running, 0 left; now: Check endpoints"
    ended(progress, names(0, 1), 10)
    ended(progress, names(1, 2), 5)
    progress.lost("edge-2", "failed")
    progress.lost("edge-3", "unreachable")
    # 15 of the 20 results of those that go on took 30 s.
    line = "1 done, 1 running, 1 failed, 1 unreachable, 0 left; 3.0 hosts/min; 10 s left; now: Check endpoints"
    assert progress.line(now=130.0) == line


def test_a_small_wave_does_not_foretell_the_end() -> None:
    progress = Progress(machines=2000, tasks=20, forks=25)
    progress.wave(names(0, 1), now=0.0)
    ended(progress, names(0, 1), 10)
    assert progress.line(now=15.0).startswith("wave 1: 0 done, 1 running, 1999 left; 2.0 hosts/min; now")


def test_what_the_first_wave_had_is_what_others_will_have() -> None:
    progress = Progress(machines=101, tasks=99, forks=25)
    progress.wave(names(0, 1), now=0.0)
    ended(progress, names(0, 1), 20)
    progress.wave(names(1, 51), now=20.0)
    ended(progress, names(1, 51), 10)
    # 25 machines' worth in 60 s; 25 more are missing in this wave, 50 wait.
    assert progress.line(now=80.0).startswith("wave 2: 1 done, 50 running, 50 left; 25 hosts/min; 3 min left")


@pytest.mark.parametrize(("seconds", "text"), [(59, "59 s"), (61, "1 min"), (3599, "1 h 00 min"), (7500, "2 h 05 min")])
def test_time_left(seconds: int, text: str) -> None:
    progress = Progress(machines=2, tasks=2, forks=1)
    progress.wave(names(0, 2), now=0.0)
    ended(progress, names(0, 1), 2)  # one machine's worth is done, one is missing
    assert f"; {text} left" in progress.line(now=float(seconds))


def test_a_play_that_says_nothing_of_its_tasks() -> None:
    progress = Progress(machines=1, tasks=0, forks=1)
    progress.wave(["edge"], now=0.0)
    progress.result("edge")
    assert progress.line(now=60.0).startswith("1 done, 0 running, 0 left; 1.0 hosts/min; now")


@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    lost=st.sets(st.integers(0, 29)),
    results=st.lists(st.integers(0, 29), max_size=60),
)
def test_every_machine_is_counted_once(sizes: list[int], lost: set[int], results: list[int]) -> None:
    total = sum(sizes)
    progress = Progress(machines=total, tasks=3, forks=2)
    first = 0
    for turn, size in enumerate(sizes):
        progress.wave(names(first, first + size), now=float(turn))
        for number in results:
            if first <= number < first + size:
                progress.result(f"edge-{number}")
        for number in lost:
            if first <= number < first + size:
                progress.lost(f"edge-{number}", "failed" if number % 2 else "unreachable")
        first += size
        line = progress.line(now=turn + 60.0)
        counts = re.search(r"^(?:wave \d+: )?(.*?)(?:;|$)", line).group(1)
        assert sum(int(number) for number in re.findall(r"\d+", counts)) == total, line
