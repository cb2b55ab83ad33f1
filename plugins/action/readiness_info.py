# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module readiness_info; its answer is checked before anything uses it."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._action import CheckedAction


class ActionModule(CheckedAction):
    """One execution."""

    MODULE = "readiness_info"
