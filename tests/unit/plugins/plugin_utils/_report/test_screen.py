# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where something may be said. What a signal does to a whole run is in tests/integration/waves."""

from __future__ import annotations

import os
import signal
from types import SimpleNamespace

import pytest
from ansible import constants
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import screen


@pytest.mark.parametrize(
    ("option", "display", "terminal", "term", "shown"),
    [
        ("auto", "default", True, "xterm", "line"),
        ("auto", "default", True, "dumb", "lines"),
        ("auto", "default", False, "xterm", "lines"),
        ("auto", "awx_display", True, "xterm", "off"),
        ("lines", "awx_display", False, "xterm", "lines"),
        ("off", "default", True, "xterm", "off"),
        ("nonsense", "default", True, "xterm", "line"),
        ("line", "ansible.posix.json", True, "xterm", "lines"),
        ("auto", "ansible.posix.jsonl", True, "xterm", "lines"),
    ],
)
def test_how_progress_is_shown(
    monkeypatch: pytest.MonkeyPatch, option: str, display: str, terminal: bool, term: str, shown: str
) -> None:
    monkeypatch.setattr(constants.config, "get_config_value", lambda name: display)
    monkeypatch.setattr("sys.stdout", SimpleNamespace(isatty=lambda: terminal))
    monkeypatch.setenv("TERM", term)
    assert screen.shown(option) == shown


@pytest.mark.parametrize(
    ("display", "text"),
    [
        ("default", True),
        ("ansible.builtin.default", True),
        ("ansible.builtin.minimal", True),
        ("debug", True),
        ("community.general.yaml", True),
        ("awx_display", True),
        ("json", False),
        ("jsonl", False),
        ("ansible.posix.json", False),
        ("ansible.builtin.json", False),
        ("community.general.null", False),
        ("some.where.default", False),
    ],
)
def test_text_for_people(monkeypatch: pytest.MonkeyPatch, display: str, text: bool) -> None:
    monkeypatch.setattr(constants.config, "get_config_value", lambda name: display)
    assert screen.is_text() is text


def test_what_is_done_before_a_process_ends_by_a_signal() -> None:
    """In a process of its own: it does the act once and still ends by the signal; a fork of it does nothing."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        screen.on_termination(lambda: os.write(writing, b"act "))
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        os._exit(9)
    _pid, status = os.waitpid(pid, 0)
    os.close(writing)
    said = os.read(reading, 100)
    os.close(reading)
    assert (said, os.WTERMSIG(status)) == (b"act ", signal.SIGTERM)
