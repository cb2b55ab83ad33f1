# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a run in check mode on fresh nodes: nothing has changed."""


def test_check_mode_changed_nothing(differences):
    assert differences == []
