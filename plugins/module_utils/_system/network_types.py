# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links, addresses, routes and rules as types. Pure. Private to the collection."""

import ipaddress
from typing import FrozenSet, NamedTuple, Optional, Tuple, Union

IPAddress = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
IPInterface = Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]
IPNetwork = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

# Types of a route that lead nowhere, and those that are no way for a packet of the node to a network.
DEAD_KINDS = ("unreachable", "blackhole", "prohibit", "throw")
NO_NETWORK_KINDS = ("multicast", "broadcast", "anycast")


class Address(NamedTuple):
    """An address of an interface."""

    interface: IPInterface  # the address with its prefix, which is that of the peer where there is one
    peer: Optional[IPInterface]  # the other end of a point-to-point link
    scope: str  # global, link, host, site or a number
    flags: Tuple[str, ...]  # secondary, deprecated, tentative, dynamic and the like, and the label of an IPv4 address
    dev: str  # name of the interface

    @property
    def network(self) -> IPNetwork:
        """The network that is on the link by this address."""
        return (self.peer or self.interface).network


class Link(NamedTuple):
    """An interface with its addresses."""

    name: str  # without what it hangs on (@if5)
    ifindex: int
    flags: FrozenSet[str]  # UP, LOWER_UP, NO-CARRIER, LOOPBACK...
    state: str  # UP, DOWN, LOWERLAYERDOWN, UNKNOWN...
    mtu: Optional[int]
    addresses: Tuple[Address, ...]
    xdp: str = ""  # the XDP program that sees its packets, as ip has it (xdp/id:7)


class Hop(NamedTuple):
    """A next hop of a route."""

    gateway: Optional[IPAddress]  # None where the destination is on the link; may be of the other family
    interface: str  # '' where the route names none
    weight: int
    flags: Tuple[str, ...]  # of this hop of several; those of the only one are the route's
    extras: Tuple[str, ...]  # what else it says


class Route(NamedTuple):
    """A route, or the answer to ``ip route get``."""

    family: int  # 4 or 6
    kind: str  # unicast, local, blackhole...
    destination: IPNetwork
    hops: Tuple[Hop, ...]  # at least one, also where the route names neither gateway nor interface
    multipath: bool  # whether the hops stand in the line as ``nexthop``
    table: str  # name or number, as ip has it
    metric: Optional[int]  # None where the line has none: the kernel's default
    protocol: str
    scope: str  # says something for IPv4 only
    source: Optional[IPAddress]  # address that the node sends from
    flags: Tuple[str, ...]  # onlink, linkdown, dead...
    metrics: Tuple[Tuple[str, str], ...]  # ('mtu', '1400'), ('mtu', 'lock 1300'), in the order of the line
    pref: str  # router preference of IPv6: low, medium, high
    extras: Tuple[Tuple[str, str], ...]  # the rest: ('expires', '600sec'), ('encap', 'mpls 100'), (unknown word, '')

    @property
    def gateway(self) -> Optional[IPAddress]:
        """The gateway of the first next hop."""
        return self.hops[0].gateway

    @property
    def interface(self) -> str:
        """The interface of the first next hop."""
        return self.hops[0].interface

    @property
    def is_default(self) -> bool:
        """Whether it is a route to everywhere."""
        return self.destination.prefixlen == 0

    @property
    def mtu(self) -> Optional[int]:
        """The MTU of the route, None where the interface's counts."""
        found = dict(self.metrics).get("mtu")
        return int(found.rpartition(" ")[2]) if found else None


class Rule(NamedTuple):
    """A rule of policy routing. What else it asks for (mark, interface, user, ports) stands in ``text`` only."""

    family: int
    priority: int
    negated: bool  # it matches where its conditions do not
    source: str  # 'all', or an address or network
    to: Optional[IPNetwork]  # None for any
    table: str  # name or number of the table that it looks up, '' where it does something else
    suppress: Optional[int]  # a route with a prefix of at most this length does not count; None: each counts
    text: str  # the rule in the words of ip, one blank between them
