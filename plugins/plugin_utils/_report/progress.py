# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run has come, in one line: hosts done, running, failed and left, rate, time left.

Private to the collection. Pure: knows neither Ansible nor a terminal nor a clock; times are seconds of any clock that
only goes forward.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

# So many seconds of a wave are needed before its rate says anything.
_SETTLED = 5.0


class Progress:
    """One play, while it goes on.

    :arg machines: how many hosts the play is for.
    :arg tasks: how many results each host is expected to have; what hosts of earlier waves had is believed more.
    :arg forks: with how many hosts Ansible works at once: a smaller wave says nothing of the rate of larger ones.
    """

    def __init__(self, machines: int, tasks: int, forks: int) -> None:
        self._machines, self._tasks, self._forks = machines, max(tasks, 1), forks
        self._lost: dict[str, str] = {}
        self._wave, self._earlier = 0, 0
        self._running: set[str] = set()
        self._results: Counter[str] = Counter()
        self._begun = 0.0
        self._task = ""

    def wave(self, machines: Collection[str], now: float) -> None:
        """Begin with some hosts; those of the wave before are done."""
        if whole := [self._results[name] for name in self._running]:
            self._tasks = max(whole) or self._tasks
        self._earlier += len(self._running)
        self._wave += 1
        self._running, self._begun = set(machines), now
        self._results.clear()

    def task(self, name: str) -> None:
        """Take in that a task begins."""
        self._task = name

    def result(self, machine: str) -> None:
        """Take in one more result of a host."""
        self._results[machine] += 1

    def lost(self, machine: str, state: str) -> None:
        """Take in that a host is out of the play; state is "failed" or "unreachable"."""
        self._lost[machine] = state
        self._running.discard(machine)

    def line(self, now: float) -> str:
        """Return the line."""
        ended = sum(self._results[name] >= self._tasks for name in self._running)
        running = len(self._running) - ended
        done = self._earlier + ended
        left = max(0, self._machines - done - running - len(self._lost))
        states = Counter(self._lost.values())
        counts = {"done": done, "running": running, **{name: states[name] for name in sorted(states)}, "left": left}
        waves = self._wave > 1 or left
        parts = [
            (f"wave {self._wave}: " if waves else "")
            + ", ".join(f"{number} {name}" for name, number in counts.items()),
            *self._speed(running, left, now - self._begun),
            f"now: {self._task}",
        ]
        return "; ".join(parts)

    def _speed(self, running: int, left: int, seconds: float) -> list[str]:
        results = sum(self._results.values())
        if seconds < _SETTLED or not results:
            return []
        rate = results / self._tasks / seconds  # hosts per second
        parts = [f"{_number(60 * rate)} hosts/min"]
        if left == 0 or len(self._running) >= self._forks:
            missing = sum(max(0, self._tasks - self._results[name]) for name in self._running) / self._tasks + left
            parts.append(f"{_duration(missing / rate)} left" if running or left else "")
        return [part for part in parts if part]


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
