# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was refused is known to whoever asks later, until it is read again."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils import _refused


def test_refusals_are_kept_by_source() -> None:
    try:
        _refused.remember("/a", "2 problems in /a")
        _refused.remember("/b", "1 problem in /b")
        _refused.remember("/a", "1 problem in /a")
        found = _refused.reasons()
        assert found == ["1 problem in /a", "1 problem in /b"]
        found.clear()
        _refused.forget("/a")
        assert _refused.reasons() == ["1 problem in /b"]
    finally:
        _refused.forget("/b")
    assert _refused.reasons() == []
