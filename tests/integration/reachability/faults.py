# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every verdict of reachability_info and a fault that makes it: what is wrong, what is asked for, what must be said.

Data. world.py and cloud.py make these faults, test_faults.py holds them against the module, and page.py makes a page of
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from world import EMPTY_RESOLVER, RESOLVER, RESOLVER6, SILENT_RESOLVER

PROXY = "198.51.100.60"
PUBLISHED = ["100.103.0.0/16"]


@dataclass(frozen=True)
class Fault:
    """``wrong`` in words; the endpoint; what must be said of it; ``call`` is a key of CALLS."""

    wrong: str
    host: str
    port: int | str
    protocol: str
    status: str
    stage: str
    problem: str
    networks: list[str] = field(default_factory=list)
    call: str = "direct"
    confidence: str = "published"

    def endpoint(self, name: str) -> dict:
        keys = ("host", "port", "protocol", "networks", "confidence")
        return {"name": name} | {key: getattr(self, key) for key in keys}


def _proxy(port: int) -> dict:
    return {"proxy": "explicit", "proxy_url": f"http://{PROXY}:{port}", "expect_private": False}


# Parameters beside the endpoints; what one call cannot show needs another.
CALLS: dict[str, dict] = {
    "direct": {},
    "first nameserver dead": {"nameservers": (SILENT_RESOLVER, RESOLVER)},
    "nothing on port 53": {"nameservers": ("10.98.0.254",)},
    "a search domain first": {"resolv": "search wildcard.test\noptions ndots:3\n"},
    "nameservers in turn": {"nameservers": (RESOLVER, EMPTY_RESOLVER), "resolv": "options rotate\n"},
    "nameservers in turn, one dead": {
        "nameservers": (RESOLVER, SILENT_RESOLVER),
        "resolv": "options rotate timeout:1\n",
    },
    "programs ask no DNS": {"order": "files"},
    "node without IPv4": {"nameservers": (RESOLVER6,), "ipv4": False},
    "over the Internet": {"expect_private": False},
    "short deadline": {"deadline": 0.5},
    "proxy": _proxy(3128),
    "proxy, leased line": _proxy(3128) | {"expect_private": True},
    "proxy wants a password": _proxy(3129),
    "proxy silent": _proxy(3130),
    "proxy closes": _proxy(3131),
    "no proxy": _proxy(3132),
    "proxy dead": _proxy(3133),
    "nothing verified": {"verify": False},
}

FAULTS = (
    # dns
    Fault("no nameserver answers for the name", "silent.test", 443, "tcp", "fail", "dns", "dns.timeout"),
    Fault("the forwarder behind the nameserver is broken", "servfail.test", 443, "tcp", "fail", "dns", "dns.servfail"),
    Fault("the nameserver refuses to answer", "refused.test", 443, "tcp", "fail", "dns", "dns.unusable"),
    Fault("the nameserver sends a malformed answer", "garbled.test", 443, "tcp", "fail", "dns", "dns.unusable"),
    Fault(
        "an answer is truncated, and TCP 53 does not answer", "cut-off.test", 443, "tcp", "fail", "dns", "dns.unusable"
    ),
    Fault(
        "nothing listens on the nameserver",
        "good.test",
        443,
        "tcp",
        "fail",
        "dns",
        "dns.unusable",
        call="nothing on port 53",
    ),
    Fault("the name does not exist", "gone.test", 443, "tcp", "fail", "dns", "dns.nxdomain"),
    Fault("the name has no address", "empty.test", 443, "tcp", "fail", "dns", "dns.empty"),
    Fault("a short name is not known", "registry", 443, "tcp", "fail", "dns", "dns.getaddrinfo"),
    Fault(
        "a search domain answers in place of the name",
        "good.test",
        443,
        "tcp",
        "fail",
        "dns",
        "dns.search",
        networks=PUBLISHED,
        call="a search domain first",
    ),
    Fault(
        "the first of two nameservers is dead",
        "good.test",
        443,
        "https",
        "warn",
        "http",
        "",
        networks=PUBLISHED,
        call="first nameserver dead",
    ),
    Fault(
        "one of two nameservers does not know the name, and the node rotates between them",
        "good.test",
        443,
        "tcp",
        "fail",
        "dns",
        "dns.rotate",
        networks=PUBLISHED,
        call="nameservers in turn",
    ),
    Fault(
        "one of two nameservers is dead, and the node rotates between them",
        "good.test",
        443,
        "https",
        "warn",
        "http",
        "",
        networks=PUBLISHED,
        call="nameservers in turn, one dead",
    ),
    Fault(
        "DNS has the name, but nsswitch.conf does not use DNS",
        "good.test",
        443,
        "tcp",
        "fail",
        "dns",
        "dns.library",
        networks=PUBLISHED,
        call="programs ask no DNS",
    ),
    Fault("a large answer comes over TCP only", "cut.test", 443, "tls", "pass", "tls", "", networks=PUBLISHED),
    # address
    Fault(
        "an alias leads to a public address",
        "alias.test",
        443,
        "https",
        "fail",
        "address",
        "address.outside",
        networks=PUBLISHED,
    ),
    Fault(
        "a name resolves to the Internet over a leased line",
        "public.test",
        443,
        "https",
        "fail",
        "address",
        "address.public",
    ),
    # route
    Fault("the kernel has no route", "100.103.8.1", 443, "tcp", "fail", "route", "route.none"),
    Fault("the next hop does not answer", "100.103.9.1", 443, "tcp", "fail", "route", "route.next_hop", PUBLISHED),
    Fault("the next hop does not answer", "100.103.9.1", 123, "ntp", "fail", "route", "route.next_hop"),
    Fault("the next hop does not answer", "100.103.9.1", 8472, "udp", "fail", "route", "route.next_hop"),
    Fault("a host of the site does not answer", "10.98.0.98", 443, "tcp", "fail", "route", "route.next_hop"),
    Fault("a host of the site does not answer", "fd00:98::98", 443, "tcp", "fail", "route", "route.next_hop"),
    # tcp
    Fault("packets are dropped on the path", "100.103.2.1", 443, "tcp", "fail", "tcp", "tcp.timeout", PUBLISHED),
    Fault(
        "the cloud has no return path to the source", "100.103.6.1", 443, "tcp", "fail", "tcp", "tcp.timeout", PUBLISHED
    ),
    Fault("it works, from a source outside node_cidrs", "100.103.4.1", 80, "tcp", "warn", "tcp", ""),
    Fault("nothing listens", "100.103.1.1", 9, "tcp", "fail", "tcp", "tcp.refused"),
    Fault("a firewall on the path rejects", "100.103.3.2", 443, "tcp", "fail", "tcp", "tcp.refused"),
    Fault("a router on the path has no route", "100.103.3.1", 443, "tcp", "fail", "tcp", "tcp.unreachable"),
    Fault("the node itself blocks it", "100.103.7.1", 443, "tcp", "fail", "tcp", "tcp.forbidden"),
    Fault("the first of two addresses is dead", "second.test", 80, "tcp", "pass", "tcp", "", PUBLISHED),
    Fault("one port of a range is closed", "100.103.1.1", "1011-1014", "tcp", "fail", "tcp", "tcp.refused"),
    Fault("nothing", "100.103.1.1", "1011-1012", "tcp", "pass", "tcp", ""),
    Fault("nothing, and there is IPv6 only", "six.test", 80, "tcp", "pass", "tcp", ""),
    Fault("nothing", "six.test", 80, "tcp", "pass", "tcp", "", call="node without IPv4"),
    Fault("the name has IPv4 only", "good.test", 80, "tcp", "fail", "route", "route.none", call="node without IPv4"),
    Fault("nothing", "fd00:103::1", 123, "ntp", "pass", "ntp", "", call="node without IPv4"),
    Fault("nothing, and both families are there", "both.test", 443, "https", "pass", "http", "", PUBLISHED),
    # proxy
    Fault(
        "the proxy wants a password",
        "good.test",
        443,
        "https",
        "fail",
        "proxy",
        "proxy.status",
        call="proxy wants a password",
    ),
    Fault("the proxy never answers", "good.test", 443, "https", "fail", "proxy", "proxy.timeout", call="proxy silent"),
    Fault(
        "the proxy closes the connection",
        "good.test",
        443,
        "https",
        "fail",
        "proxy",
        "proxy.closed",
        call="proxy closes",
    ),
    Fault(
        "the given proxy is not a proxy", "good.test", 443, "https", "fail", "proxy", "proxy.garbled", call="no proxy"
    ),
    Fault("nothing listens on the proxy", "good.test", 443, "https", "fail", "tcp", "tcp.refused", call="proxy dead"),
    Fault("nothing, and a proxy carries it", "good.test", 443, "tcp", "pass", "proxy", "", call="proxy"),
    Fault(
        "a proxy carries what should use the leased line",
        "good.test",
        443,
        "tcp",
        "warn",
        "proxy",
        "",
        call="proxy, leased line",
    ),
    # tls
    Fault("the handshake is never answered", "100.103.1.1", 1001, "tls", "fail", "tls", "tls.timeout"),
    Fault(
        "full-size packets are dropped (MTU 1400 on the path)",
        "mtu.test",
        443,
        "tls",
        "fail",
        "tls",
        "tls.mtu",
        PUBLISHED,
    ),
    Fault("the connection is reset in the handshake", "100.103.1.1", 1002, "tls", "fail", "tls", "tls.reset"),
    Fault("plain HTTP is spoken on the port", "100.103.1.1", 1003, "tls", "fail", "tls", "tls.plaintext"),
    Fault("the server refuses the handshake", "100.103.1.1", 1004, "tls", "fail", "tls", "tls.refused"),
    Fault("the certificate is for another name", "name.test", 443, "tls", "fail", "tls", "tls.name", PUBLISHED),
    Fault("the certificate has expired", "expired.test", 443, "tls", "fail", "tls", "tls.expired", PUBLISHED),
    Fault(
        "the clock is wrong, or the certificate is new", "early.test", 443, "tls", "fail", "tls", "tls.not_yet_valid"
    ),
    Fault("the certificate is self-signed", "self.test", 443, "tls", "fail", "tls", "tls.self_signed", PUBLISHED),
    Fault(
        "a TLS-inspecting device intercepts the connection",
        "strange.test",
        443,
        "tls",
        "fail",
        "tls",
        "tls.intercepted",
        PUBLISHED,
    ),
    Fault(
        "an API server has its own CA",
        "strange.test",
        443,
        "tls",
        "fail",
        "tls",
        "tls.unknown_ca",
        confidence="user",
    ),
    Fault(
        "an intermediate certificate is missing", "chain.test", 443, "tls", "fail", "tls", "tls.unknown_ca", PUBLISHED
    ),
    Fault("the certificate is for clients only", "purpose.test", 443, "tls", "fail", "tls", "tls.untrusted", PUBLISHED),
    Fault(
        "a wrong certificate, and verification is off",
        "name.test",
        443,
        "tls",
        "pass",
        "tls",
        "",
        PUBLISHED,
        call="nothing verified",
    ),
    # http
    Fault("the service never answers", "good.test", 1005, "https", "fail", "http", "http.timeout", PUBLISHED),
    Fault("the answer comes byte by byte", "good.test", 1008, "https", "fail", "http", "http.timeout", PUBLISHED),
    Fault("the service closes the connection", "good.test", 1006, "https", "fail", "http", "http.closed", PUBLISHED),
    Fault("another service listens", "good.test", 1007, "https", "fail", "http", "http.garbled", PUBLISHED),
    Fault("nothing, over the Internet", "good.test", 443, "https", "pass", "http", "", call="over the Internet"),
    # ntp
    Fault("the time server is silent", "100.103.1.1", 1231, "ntp", "fail", "ntp", "ntp.silent"),
    Fault("nothing listens on the time server", "100.103.1.1", 1230, "ntp", "fail", "ntp", "ntp.refused"),
    Fault("a router on the path has no route", "100.103.3.1", 123, "ntp", "fail", "ntp", "ntp.unreachable"),
    Fault("the node's own firewall drops it", "100.103.7.1", 123, "ntp", "fail", "ntp", "ntp.forbidden"),
    Fault("another service answers", "100.103.1.1", 1232, "ntp", "fail", "ntp", "ntp.garbled"),
    Fault("the time server rejects the request", "100.103.1.1", 1233, "ntp", "fail", "ntp", "ntp.kiss"),
    Fault(
        "the time server is not synchronized (stratum 16)",
        "100.103.1.1",
        1234,
        "ntp",
        "fail",
        "ntp",
        "ntp.unsynchronised",
    ),
    Fault("the clock is ten minutes off", "100.103.1.1", 1235, "ntp", "fail", "ntp", "ntp.far"),
    Fault(
        "the line is slow, and the clock is near its limit", "100.103.1.1", 1236, "ntp", "unproven", "ntp", "ntp.unsure"
    ),
    Fault("nothing", "100.103.1.1", 123, "ntp", "pass", "ntp", ""),
    # udp
    Fault("nobody answers", "100.103.1.1", 4500, "udp", "unproven", "udp", "udp.silent"),
    Fault("nothing listens", "100.103.1.1", 4501, "udp", "fail", "udp", "udp.refused"),
    Fault("a router on the path has no route", "100.103.3.1", 8472, "udp", "fail", "udp", "udp.unreachable"),
    Fault("the node's own firewall drops it", "100.103.7.1", 8472, "udp", "fail", "udp", "udp.forbidden"),
    Fault("nothing, and it answers", "100.103.1.1", 8472, "udp", "pass", "udp", ""),
    # the whole
    Fault(
        "the overall deadline is too short", "100.103.2.1", 80, "tcp", "fail", "tcp", "deadline", call="short deadline"
    ),
)
