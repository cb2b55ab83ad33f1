# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of reachability_info: all endpoints are walked at the same time, and their verdicts come back. Private.

Threads are bounded, there is one deadline, and results are in the order of the input.
"""

import collections
import os
import threading

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._reachability import inputs, ranges
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.packets import Meter
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.resolve import Resolver, by_name
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.route import Router
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Trace
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.verdicts import explain
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.walk import Walker
from ansible_collections.ack_edge.node.plugins.module_utils._system import resolver
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def run(node, params, _check_mode, environ=None):
    """Walk all endpoints and return the result of the module (dict); nothing is changed.

    :arg environ: variables of the node, for its proxies; those of this process by default.
    :raises InputError: if the parameters are wrong.
    """
    environ = os.environ if environ is None else environ
    endpoints, problems = inputs.read_endpoints(params["endpoints"])
    settings, wrong = inputs.read_settings(params, environ)
    if problems or wrong:
        raise InputError(problems + wrong)
    order = resolver.order(node)
    names = Resolver(resolver.read(node), by_name(resolver.hosts(node)), settings.timeout, order=order)
    router = Router(node.run, settings.timeout)
    walker = Walker(settings, names.resolve, router.lookup, is_silent=router.is_silent, measure=Meter(node.read))
    traces = probe(ranges.split(endpoints), walker, settings)
    verdicts = ranges.join(endpoints, [explain(trace, settings) for trace in traces])
    warning = inputs.proxy_warning(params["proxy"], endpoints, environ)
    return dict(report(verdicts), changed=False, warnings=[warning] if warning else [])


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
