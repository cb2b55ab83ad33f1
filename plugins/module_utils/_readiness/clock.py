# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check clock: a clock that is wrong ends the join with TOKEN_EXPIRED or a certificate that is not valid yet."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.ack_edge.node.plugins.module_utils._timesync import _clock

ID = "clock"
TITLE = "right clock"


def run(facts, inputs):
    """Judge the clock as time_sync does; inputs['max_clock_offset'] is in seconds."""
    return _clock.judge(_clock.observe(facts.node), inputs.get("max_clock_offset") or _clock.MAX_OFFSET)
