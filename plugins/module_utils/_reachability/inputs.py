# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user gives to reachability_info, read and validated. Private to the collection."""

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import Endpoint
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import proxy as _proxy
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import tls
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.walk import Settings

PROTOCOLS = ("tcp", "tls", "https", "ntp", "udp")
# Each port of a range is walked by itself.
_MAX_RANGE = 100


def read_networks(values, what):
    """Return (list of ip_network, list of problems) of a list of CIDR texts; ``what`` names it in a problem."""
    problems = []
    return _inputs.each(problems, what, values, _inputs.network), problems


def read_endpoints(items):
    """Return (list of Endpoint, list of problems), one sentence per problem; keys that are not known are ignored.

    :arg items: list of dicts, as the lookup C(region) returns them in C(endpoints).
    """
    endpoints, problems, seen = [], [], {}
    for index, item in enumerate(items):
        endpoint, wrong = _read(item, f"endpoints[{index}]")
        name = item.get("name")
        if name and str(name) in seen:
            wrong.append(
                f"endpoints[{index}].name: '{name}' is also the name of endpoints[{seen[str(name)]}]; results are "
                "identified by name, so choose another one"
            )
        seen.setdefault(str(name), index)
        endpoints.append(endpoint)
        problems.extend(wrong)
    return endpoints, problems


def _read(item, where):
    name, problems = _text(item.get("name")), []
    if not name:
        problems.append(f"{where}.name: is missing; give a name, the result is returned under it")
    host = _inputs.attempt(problems, f"{where}.host", item.get("host"), _inputs.host)
    first, last = _inputs.attempt(problems, f"{where}.port", item.get("port"), _inputs.ports, most=_MAX_RANGE) or (
        None,
        None,
    )
    protocol = item.get("protocol", "tcp")
    if protocol not in PROTOCOLS:
        problems.append(f"{where}.protocol: {protocol!r} is not known; use one of {', '.join(PROTOCOLS)}")
    networks, wrong = _networks(item.get("networks"), where)
    required, untrue = _required(item.get("required", True), where)
    endpoint = Endpoint(
        name,
        host,
        first,
        protocol,
        last=last,
        networks=networks,
        required=required,
        purpose=_text(item.get("purpose")),
        confidence=_text(item.get("confidence")),
    )
    return endpoint, problems + wrong + untrue


def _text(value):
    return "" if value is None else f"{value}"


def _networks(value, where):
    if value is None:
        return [], []
    if not isinstance(value, (list, tuple)):
        return [], [f"{where}.networks: {value!r} is not a list; write [{value}]"]
    return read_networks(value, f"{where}.networks")


def _required(value, where):
    try:
        return boolean(value), []
    except TypeError:
        return True, [f"{where}.required: {value!r} is neither true nor false"]


def read_settings(parameters, environ):
    """Return (Settings, problems): every parameter but the endpoints, checked."""
    problems = []
    for name in ("timeout", "deadline", "max_offset"):
        _inputs.attempt(problems, name, parameters[name], _inputs.seconds, above=True)
    if not parameters["threads"] > 0:
        problems.append(f"threads is {parameters['threads']}: give a number above 0")
    node_cidrs, wrong = read_networks(parameters["node_cidrs"], "node_cidrs")
    problems += wrong
    context = None
    try:
        context = tls.make_context(parameters["verify"], parameters["ca_path"])
    except ValueError as error:
        problems.append(str(error))
    proxy_for, wrong = read_proxies(parameters["proxy"], parameters["proxy_url"], environ)
    settings = Settings(
        context,
        timeout=parameters["timeout"],
        deadline=parameters["deadline"],
        threads=parameters["threads"],
        verify=parameters["verify"],
        proxy_for=proxy_for,
        expect_private=parameters["expect_private"],
        node_cidrs=node_cidrs,
        max_offset=parameters["max_offset"],
    )
    return settings, problems + wrong


def read_proxies(mode, url, environ):
    """Return (function from Endpoint to Proxy or None, problems)."""
    if mode == "environment":
        problems = []
        for name in _proxy.variables(environ):
            try:
                _proxy.read_proxy(environ[name])
            except ValueError as error:
                problems.append(f"the environment variable {name} on the node {error}")
        return lambda endpoint: _proxy.from_environment(endpoint, environ), problems
    if mode == "explicit":
        try:
            proxy = _proxy.read_proxy(url)
        except ValueError as error:
            return None, [f"proxy_url: {error}"]
        return lambda endpoint: proxy, []
    return lambda endpoint: None, []


def proxy_warning(mode, endpoints, environ):
    """Return a warning where programs on the node would use a proxy that these checks go past, else ''."""
    names = _proxy.variables(environ)
    if mode != "none" or not names:
        return ""
    # no_proxy decides alone here; which proxy would be used does not matter.
    past = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    hidden = [item.host for item in endpoints if item.is_stream and not _proxy.is_bypassed(item.host, item.port, past)]
    if not hidden:
        return ""
    more = f" and {len(hidden) - 1} more" if len(hidden) > 1 else ""
    return (
        f"{names[0]} is set on the node and NO_PROXY does not exempt {hidden[0]}{more}. The direct path was checked, "
        "but programs that honour the variable use the proxy, which hides a missing route. Extend NO_PROXY, or set "
        "proxy to environment if the proxy is meant to be used"
    )
