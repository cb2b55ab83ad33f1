# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command that the node side runs in a unit test is held against the table of docs/supported_systems.yml."""

from __future__ import annotations

import sys

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _node
from fakes import tool_table

_SEEN: dict[tuple, list[str]] = {}


def _is_ours(frame) -> bool:
    """Return whether the node side asked for a command, and not a test that tries the runner itself."""
    while frame is not None:
        path = frame.f_code.co_filename
        if "/tests/" not in path and not path.endswith("/_node.py"):
            return "/plugins/module" in path
        if "/fakes/" not in path and "/tests/" in path:
            return False
        frame = frame.f_back
    return False


def _unknown(argv, stdin) -> list[str]:
    key = (tuple(argv), stdin)
    if key not in _SEEN:
        _SEEN[key] = tool_table.unknown(argv, stdin)
    return _SEEN[key]


@pytest.fixture(autouse=True)
def commands_in_the_table(monkeypatch):
    """Fail a test in which the node side ran a command, or an option of one, that is not in the table."""
    run, write, strange = _node.Node.run, _node.Node.write, []

    def recorded(self, argv, stdin=None, timeout=_node.COMMAND_TIMEOUT):
        if _is_ours(sys._getframe(1)):
            strange.extend(_unknown(argv, stdin))
        return run(self, argv, stdin, timeout)

    def written(self, path, text, mode=0o644):
        # What runs later, by systemd or by itself.
        if text.startswith("#!/bin/sh") or path.endswith(".service"):
            for argv in tool_table.commands_in(text):
                strange.extend(_unknown(argv, None))
        return write(self, path, text, mode)

    monkeypatch.setattr(_node.Node, "run", recorded)
    monkeypatch.setattr(_node.Node, "write", written)
    yield
    recipe = "see 'A command' in docs/architecture.md"
    assert not strange, f"not in docs/supported_systems.yml ({recipe}): {sorted(set(strange))}"
