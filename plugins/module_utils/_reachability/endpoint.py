# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be reached, and the address spaces that matter. Private to the collection. Pure."""

import ipaddress

_STREAMS = ("tcp", "tls", "https")
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
