# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives a time daemon the time that it needs after a start. Private to the collection. Only reads."""

import time

from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc
from ansible_collections.ack_edge.node.plugins.module_utils._system import clock as _clock

# Seconds in which a server that is asked with iburst has been asked four times; silent then is silent.
_IBURST = 10


def await_clock(node, max_offset, *, wait, running, clock=time.monotonic, sleep=time.sleep):
    """Wait until the clock is right, at most ``wait`` seconds; not at all where it is right already.

    :arg running: a daemon runs, so that one which does not answer yet is waited for.
    """
    # 'chronyc waitsync' asks every ten seconds before chrony 2.2, and asks chronyd only.
    end = clock() + wait
    while clock() < end:
        seen = _clock.observe(node)
        if _clock.is_right(seen, max_offset) or not (running or seen.tracking):
            break
        sleep(1)


def settle(node, servers, max_offset, *, wait, restarted, clock=time.monotonic, sleep=time.sleep):
    """Wait until the clock is right and, where chronyd is new, until the servers have had some time to answer.

    :arg restarted: chronyd is new.
    """
    end = clock() + wait
    await_clock(node, max_offset, wait=wait, running=True, clock=clock, sleep=sleep)
    end = min(end, clock() + _IBURST)
    while restarted and clock() < end:
        known = chronyc.sources(node, servers)
        if all(name in known and known[name].reach for name in servers):
            break
        sleep(1)
