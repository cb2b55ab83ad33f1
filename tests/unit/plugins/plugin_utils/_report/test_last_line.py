# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last line of a terminal, looked at through a terminal emulator."""

from __future__ import annotations

import io
import os
import shutil

import pyte
import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.last_line import LastLine

COLUMNS, ROWS = 40, 8


class Screen(io.StringIO):
    """A terminal that shows what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self.screen)

    def write(self, text: str) -> int:
        # The terminal driver makes a line feed a new line.
        self._stream.feed(text.replace("\n", "\r\n"))
        return len(text)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]


@pytest.fixture
def size(monkeypatch):
    now = {"columns": COLUMNS, "lines": ROWS}
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((now["columns"], now["lines"])))
    return now


@pytest.fixture
def terminal(size):
    return Screen()


@pytest.mark.parametrize("before", [0, 3, 7, 20])
def test_others_scroll_above_it(terminal, before):
    last = LastLine(terminal)
    for number in range(before):
        terminal.write(f"before {number}\n")
    last.show("1 done")
    for number in range(10):
        terminal.write(f"line {number}\n")
        last.show(f"{number} done")
    assert terminal.lines == [*(f"line {number}" for number in range(4, 10)), "", "9 done"]
    last.close()
    terminal.write("recap\n")
    assert terminal.lines == [*(f"line {number}" for number in range(4, 10)), "recap", ""]
    terminal.write("end\n")
    assert terminal.lines[-3:] == ["recap", "end", ""]  # the whole screen scrolls again


def test_nothing_above_is_lost_when_it_is_taken(terminal):
    for number in range(7):
        terminal.write(f"before {number}\n")
    terminal.write("half a line")
    LastLine(terminal).show("1 done")
    terminal.write(" and the other half")
    above = [f"before {number}" for number in range(1, 7)]
    assert terminal.lines == [*above, "half a line and the other half", "1 done"]


def test_it_is_cut_to_the_width_and_steers_nothing(terminal):
    last = LastLine(terminal)
    last.show("a\033[2Jb\nc" + "x" * 100)
    assert terminal.lines[-1] == "a?[2Jb?c" + "x" * (COLUMNS - 9)


def test_a_window_that_changes(terminal, size):
    last = LastLine(terminal)
    last.show("1 done")
    size["lines"] = 6
    terminal.screen.resize(6, COLUMNS)
    last.show("2 done")
    assert (terminal.lines[-1], terminal.lines.count("1 done")) == ("2 done", 0)
    last.close()
    assert terminal.screen.margins in (None, pyte.screens.Margins(0, 5))


def test_a_window_too_small_has_none(terminal, size):
    size["lines"] = 3
    last = LastLine(terminal)
    last.show("1 done")
    last.close()
    assert not any(terminal.lines)


def test_only_who_took_it_gives_it_back(terminal, monkeypatch):
    last = LastLine(terminal)
    last.show("1 done")
    monkeypatch.setattr(os, "getpid", lambda: -1)
    last.close()
    assert terminal.lines[-1] == "1 done"


def test_nothing_is_shown_after_the_end(terminal):
    last = LastLine(terminal)
    last.show("1 done")
    last.close()
    last.show("2 done")
    terminal.write("recap\n")
    assert terminal.lines == ["recap", *[""] * (ROWS - 1)]
