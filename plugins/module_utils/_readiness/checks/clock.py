# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check clock: a clock that is wrong ends the join with TOKEN_EXPIRED or a certificate that is not valid yet."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import clock

ID = "clock"
TITLE = "right clock"


def run(facts, inputs):
    """Judge the clock as time_sync does; inputs['max_clock_offset'] is in seconds."""
    return clock.judge(clock.observe(facts.node), inputs.get("max_clock_offset") or clock.MAX_OFFSET)
