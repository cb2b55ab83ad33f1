# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All endpoints at the same time: bounded threads, one deadline, results in the order of the input. Private."""

import collections
import threading

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Trace


def probe(endpoints, walker, settings):
    """Return one Trace per endpoint, in their order, when all have ended or the deadline is there.

    What has not ended by then comes back as it stands, with the problem ``deadline``. Its thread is a daemon that ends
    with its own timeouts or with the process, whichever is first.

    :arg walker: has ``walk(trace)``, which never raises.
    :arg settings: ``threads`` and ``deadline`` of it are used.
    """
    traces = [Trace(endpoint, walker.clock) for endpoint in endpoints]
    waiting = collections.deque(traces)
    ended, changed = set(), threading.Condition()

    def work():
        while True:
            try:
                trace = waiting.popleft()
            except IndexError:
                return
            walker.walk(trace)
            with changed:
                ended.add(trace)
                changed.notify()

    for _unused in range(min(settings.threads, len(traces))):
        threading.Thread(target=work, daemon=True).start()
    with changed:
        changed.wait_for(lambda: len(ended) == len(traces), timeout=settings.deadline)
        waiting.clear()
        return [trace if trace in ended else trace.cut("deadline") for trace in traces]
