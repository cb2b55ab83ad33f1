# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be reached, read and validated, and the address spaces that matter. Private to the collection."""

import ipaddress

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs

PROTOCOLS = ("tcp", "tls", "https", "ntp", "udp")
_STREAMS = ("tcp", "tls", "https")
# Each port of a range is walked by itself.
_MAX_RANGE = 100
# Private space of RFC 1918, 4193 and, for the cloud's internal services, 6598. Python's is_private is another list:
# it leaves 100.64.0.0/10 out and counts documentation ranges in.
PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1/128")
)


def within(address, networks):
    """Return whether an address (text) lies in one of the networks (ip_network objects); families never mix."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return any(parsed in network for network in networks if network.version == parsed.version)


def is_private(address):
    """Return whether an address (text) cannot be one of the public internet."""
    return within(address, PRIVATE)


def literal(host):
    """Return the canonical text of a host that is an address, else None."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


class Endpoint:
    """One endpoint of the requirement set; the attributes are its keys, ``networks`` as ip_network objects.

    ``port`` is the first of a range and ``last`` its end; the same for a single port.
    """

    def __init__(self, name, host, port, protocol, *, last=None, networks=(), required=True, purpose="", confidence=""):
        self.name, self.host, self.port, self.protocol = name, host, port, protocol
        self.last = port if last is None else last
        self.networks, self.required = list(networks), required
        self.purpose, self.confidence = purpose, confidence

    def split(self):
        """Return an endpoint for each port of the range."""
        return [
            Endpoint(
                self.name,
                self.host,
                port,
                self.protocol,
                networks=self.networks,
                required=self.required,
                purpose=self.purpose,
                confidence=self.confidence,
            )
            for port in range(self.port, self.last + 1)
        ]

    @property
    def is_stream(self):
        """Whether it is reached over TCP, so that a proxy can carry it."""
        return self.protocol in _STREAMS

    def on_leased_line(self, address):
        """Return whether the address is one that the leased line has to carry.

        Time servers without a published network are the operator's own and may be anywhere in the site.
        """
        return is_private(address) and (bool(self.networks) or self.protocol != "ntp")


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
        endpoint, wrong = _read(item, f"endpoints[{int(index)}]")
        name = item.get("name")
        if name and str(name) in seen:
            wrong.append(
                f"endpoints[{int(index)}].name: '{name}' is the name of endpoints[{int(seen[str(name)])}] too; results are told apart by name, so give it another"
            )
        seen.setdefault(str(name), index)
        endpoints.append(endpoint)
        problems.extend(wrong)
    return endpoints, problems


def _read(item, where):
    name, problems = _text(item.get("name")), []
    if not name:
        problems.append(f"{where}.name: is missing; give a name, under which the result comes back")
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
