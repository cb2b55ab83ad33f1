# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of an endpoint up to its route, and what holds for all stages: the verdict names stage and remedy."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from fakes import servers
from fakes.servers import (
    HOST,
    LOOP,
    NAMES,
    Authority,
    ask_time,
    dead,
    one,
    outcome,
    secure,
    tcp_server,
    through,
    time_server,
    tls_handler,
    way,
)


def test_a_failing_name_ends_at_dns() -> None:
    gone = Stop("dns.nxdomain", servers=[{"server": "10.0.0.2", "outcome": "nxdomain", "ms": 1.0}], server="10.0.0.2")
    verdict = one("gone.test", 443, names={"gone.test": gone})
    assert outcome(verdict) == ("fail", "dns", "dns.nxdomain")
    assert "gone.test does not exist (NXDOMAIN from 10.0.0.2)" in verdict["summary"]
    assert verdict["reproduce"] == "dig +time=1 +tries=1 @10.0.0.2 gone.test A"


def test_an_address_outside_the_published_networks_is_named() -> None:
    verdict = one(HOST, 443, "https", networks=["100.103.0.0/16"], names={HOST: ["100.103.1.1", "203.0.113.9"]})
    assert outcome(verdict) == ("fail", "address", "address.outside")
    assert "resolves to 203.0.113.9 (answer of 10.0.0.2); expected an address in 100.103.0.0/16" in verdict["summary"]
    assert "100.100.2.136" in verdict["remedy"] and "PrivateZone" in verdict["remedy"]
    assert verdict["data"]["addresses"] == ["100.103.1.1", "203.0.113.9"]


def test_a_public_address_fails_where_private_ones_are_expected() -> None:
    verdict = one(HOST, 443, expect_private=True, names={HOST: ["203.0.113.9"]})
    assert outcome(verdict) == ("fail", "address", "address.public")
    assert "public address 203.0.113.9" in verdict["summary"]
    assert verdict["data"]["expected"] == "a private address or one in 100.64.0.0/10"


@pytest.mark.parametrize(("host", "protocol"), [("203.0.113.9", "tcp"), (HOST, "ntp")])
def test_literals_and_time_servers_may_be_public(host: str, protocol: str) -> None:
    def no_way(_address: str) -> dict:
        return way(error="Network is unreachable")

    verdict = one(host, 123, protocol, expect_private=True, names={HOST: ["203.0.113.9"]}, route=no_way)
    assert outcome(verdict) == ("fail", "route", "route.none")


def test_no_route_says_so_and_how_to_get_one() -> None:
    verdict = one(
        HOST,
        443,
        networks=["100.103.0.0/16"],
        names={HOST: ["100.103.1.1"]},
        route=lambda address: way(error="Network is unreachable"),
    )
    assert outcome(verdict) == ("fail", "route", "route.none")
    assert verdict["summary"] == "no route to 100.103.1.1: Network is unreachable"
    assert "leased_line_gateway" in verdict["remedy"] and "100.103.0.0/16" in verdict["remedy"]
    assert verdict["reproduce"] == "ip route get 100.103.1.1"


def test_an_address_without_route_is_left_out_where_another_has_one() -> None:
    def only_v4(address: str) -> dict:
        return way(error="Network is unreachable") if ":" in address else way(interface="lo", source=LOOP)

    with tcp_server(lambda connection: None) as port:
        verdict = one(HOST, port, names={HOST: ["2001:db8::1", LOOP]}, route=only_v4)
    assert outcome(verdict)[0] == "pass"
    assert verdict["data"]["address"] == LOOP
    assert verdict["data"]["via"]["interface"] == "lo"


def stopping(problem: str) -> Callable:
    def connect(address: str, port: int, seconds: float) -> socket.socket:
        raise Stop(problem, error="No route to host")

    return connect


@pytest.mark.parametrize("problem", ["tcp.timeout", "tcp.unreachable"])
def test_a_next_hop_that_is_not_there_is_the_reason(problem: str) -> None:
    asked = []

    def is_silent(next_hop: str, interface: str) -> bool:
        asked.append((next_hop, interface))
        return True

    given = {"names": {HOST: ["100.103.1.1"]}, "connect": stopping(problem), "is_silent": is_silent}
    verdict = one(HOST, 443, route=lambda address: way(gateway="10.0.0.1", interface="eth1"), **given)
    assert outcome(verdict) == ("fail", "route", "route.next_hop")
    said = "the next hop 10.0.0.1 on eth1 does not answer (ARP or neighbour discovery), so"
    assert verdict["summary"] == f"{said} 100.103.1.1:443 is unreachable"
    assert verdict["reproduce"] == "ip neigh show to 10.0.0.1; ip route get 100.103.1.1"
    assert verdict["data"]["attempts"] == [{"address": "100.103.1.1", "problem": problem}]
    one(HOST, 443, route=lambda address: way(interface="eth1"), **given)  # on the link it is the address itself
    assert asked == [("10.0.0.1", "eth1"), ("100.103.1.1", "eth1")]


@pytest.mark.parametrize(
    ("problem", "interface", "silent"),
    [("tcp.timeout", "eth1", False), ("tcp.timeout", None, True), ("tcp.refused", "eth1", True)],
)
def test_a_next_hop_is_not_blamed_without_evidence(problem: str, interface: str | None, silent: bool) -> None:
    given = {"connect": stopping(problem), "is_silent": lambda next_hop, interface: silent}
    verdict = one(LOOP, 443, route=lambda address: way(gateway="10.0.0.1", interface=interface), **given)
    assert outcome(verdict) == ("fail", "tcp", problem)


def test_a_source_address_that_the_cloud_does_not_route_back() -> None:
    networks = {"node_cidrs": [servers.ipaddress.ip_network("10.20.0.0/16")]}
    inside = {"route": lambda address: way(interface="lo", source="10.20.0.5")} | networks
    outside = {"route": lambda address: way(interface="lo", source="192.168.7.7")} | networks
    with tcp_server(lambda connection: None) as port:
        assert one(HOST, port, names=NAMES, **inside)["status"] == "pass"
        verdict = one(HOST, port, names=NAMES, **outside)
    assert verdict["status"] == "warn"
    assert "source address 192.168.7.7, which is not in node_cidrs (10.20.0.0/16)" in verdict["summary"]
    # Where nothing came back it is the first thing to look at.
    verdict = one(HOST, 443, names={HOST: ["10.1.1.1"]}, connect=dead, **outside)
    assert verdict["status"] == "fail"
    assert verdict["remedy"].startswith("add the network of 192.168.7.7 to node_cidrs")
    # The public internet does not care.
    verdict = one(HOST, 443, names={HOST: ["203.0.113.1"]}, connect=dead, **outside)
    assert "node_cidrs" not in verdict["summary"]


def test_a_mistake_of_ours_is_one_verdict_not_a_traceback() -> None:
    def broken(_address: str) -> dict:
        raise KeyError("oops")

    verdict = one(LOOP, 443, route=broken)
    assert outcome(verdict) == ("fail", "route", "internal")
    assert "KeyError" in verdict["summary"]


def test_one_lookup_serves_all_endpoints_of_a_host() -> None:
    asked = []

    def route(address: str) -> dict:
        asked.append(address)
        return way()

    with tcp_server(lambda connection: None) as port:
        verdicts = servers.run([{"host": LOOP, "port": port, "protocol": "tcp"}] * 6, route=route)
    assert [verdict["status"] for verdict in verdicts] == ["pass"] * 6
    assert asked == [LOOP]


def test_nothing_from_afar_reaches_a_terminal_unescaped(authority: Authority) -> None:
    verdicts = [
        through(b"HTTP/1.1 500 \x1b[2J\r\n\r\n")[0],
        secure(authority, tls_handler(authority.server(HOST), b"\x1b[2J\r\n")),
        ask_time(time_server(stratum=0, reference=b"\x1b[2J")),
    ]
    assert [verdict["data"]["problem"] for verdict in verdicts] == ["proxy.status", "http.garbled", "ntp.kiss"]
    assert all("\x1b" not in verdict["summary"] and "x1b" in verdict["summary"] for verdict in verdicts)
