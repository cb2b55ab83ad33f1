# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of reachability_info: every endpoint is walked, and its verdict comes back. Private to the collection."""

import os

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._reachability import inputs, ranges
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.pool import probe
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.packets import Meter
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.resolve import Resolver, by_name
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.route import Router
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
