# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Name resolution against nameservers on loopback: each way in which DNS fails is told apart."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import dns
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import resolve as _resolve
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from ansible_collections.ack_edge.node.plugins.module_utils._system.resolver import parse, parse_hosts
from fakes import servers

ZONE = {
    "a.test": ["192.0.2.1", "2001:db8::1"],
    "v4.test": ["192.0.2.4"],
    "alias.test": ["cdn.test."],
    "cdn.test": ["203.0.113.9"],
    "no-address.test": [],
}


def zone(query: bytes) -> bytes:
    name = servers.dns_question(query)[1]
    return servers.dns_reply(query, ZONE, rcode=0 if name in ZONE else dns.NXDOMAIN)


def failing(rcode: int):
    return lambda query: servers.dns_reply(query, rcode=rcode)


def silent(_query: bytes) -> None:
    return None


def over_tcp(connection: socket.socket) -> None:
    size = struct.unpack("!H", connection.recv(2))[0]
    reply = zone(connection.recv(size))
    connection.sendall(struct.pack("!H", len(reply)))
    connection.sendall(reply)


def resolve(
    host: str, *answers, hosts: dict | None = None, timeout: float = 0.3, conf: str = ""
) -> _resolve.Resolution:
    """Resolve with one loopback nameserver per answer function; a number stands for a port itself."""
    with contextlib.ExitStack() as stack:
        ports = [item if isinstance(item, int) else stack.enter_context(servers.udp_server(item)) for item in answers]
        asked = [(servers.LOOP, port) for port in ports]
        return _resolve.Resolver(parse(conf), hosts or {}, timeout, asked).resolve(host)


def problem(host: str, *answers, **more) -> tuple[str, list[str]]:
    with pytest.raises(Stop) as caught:
        resolve(host, *answers, **more)
    return caught.value.problem, [item["outcome"] for item in caught.value.facts["servers"]]


def outcomes(found: _resolve.Resolution) -> list[str]:
    return [item["outcome"] for item in found.servers]


def test_addresses_of_both_families_come_back() -> None:
    found = resolve("a.test", zone)
    assert (found.addresses, found.source) == (["192.0.2.1", "2001:db8::1"], servers.LOOP)
    assert outcomes(found) == ["answer"]
    assert found.servers[0]["ms"] >= 0


def test_aliases_are_kept_for_the_message() -> None:
    found = resolve("alias.test", zone)
    assert (found.cnames, found.addresses) == (["cdn.test"], ["203.0.113.9"])


def test_a_literal_and_a_hosts_entry_ask_nobody() -> None:
    assert resolve("192.0.2.7", silent).source == "literal"
    found = resolve("a.test", silent, hosts={"a.test": ["10.1.1.1"]})
    assert (found.addresses, found.source) == (["10.1.1.1"], "/etc/hosts")


def test_no_answer_nxdomain_servfail_and_the_rest_are_told_apart() -> None:
    assert problem("a.test", silent) == ("dns.timeout", ["silent"])
    assert problem("gone.test", zone) == ("dns.nxdomain", ["nxdomain"])
    assert problem("a.test", failing(dns.SERVFAIL)) == ("dns.servfail", ["SERVFAIL"])
    assert problem("a.test", failing(dns.REFUSED)) == ("dns.unusable", ["REFUSED"])
    assert problem("a.test", failing(11)) == ("dns.unusable", ["rcode 11"])
    assert problem("no-address.test", zone) == ("dns.empty", ["empty"])
    assert problem("a.test", servers.free_port(socket.SOCK_DGRAM)) == ("dns.unusable", ["nothing listens"])


def test_garbled_answers_are_named() -> None:
    assert problem("a.test", lambda query: query[:2] + b"\x81\x80 nonsense") == ("dns.unusable", ["garbled"])
    # Not an answer to us at all: may be forged, so it counts for nothing.
    assert problem("a.test", lambda query: b"??") == ("dns.timeout", ["silent"])


def test_the_first_server_that_answers_decides() -> None:
    assert problem("gone.test", zone, lambda query: servers.dns_reply(query, {"gone.test": ["192.0.2.5"]}))[0] == (
        "dns.nxdomain"
    )
    found = resolve("v4.test", failing(dns.SERVFAIL), zone)
    assert (found.addresses, outcomes(found)) == (["192.0.2.4"], ["SERVFAIL", "answer"])
    assert resolve("v4.test", zone, silent).servers[1]["outcome"] == "not awaited"


def test_a_silent_first_server_is_seen_though_the_second_answers() -> None:
    found = resolve("v4.test", silent, zone)
    assert (found.addresses, outcomes(found)) == (["192.0.2.4"], ["silent", "answer"])


def test_a_server_that_never_answers_to_aaaa_is_good_enough() -> None:
    def only_a(query: bytes) -> bytes | None:
        return zone(query) if servers.dns_question(query)[2] == dns.A else None

    assert resolve("v4.test", only_a).addresses == ["192.0.2.4"]


def test_a_truncated_answer_is_asked_for_again_over_tcp() -> None:
    def cut(query: bytes) -> bytes:
        return servers.dns_reply(query, truncated=True)

    with servers.tcp_server(over_tcp) as port, servers.udp_server(cut, port):
        assert resolve("a.test", port, timeout=2).addresses == ["192.0.2.1", "2001:db8::1"]
    assert problem("a.test", cut) == ("dns.unusable", ["no answer over TCP"])


def test_a_question_that_got_lost_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_resolve, "_REPEAT", 0.05)
    seen: set[int] = set()

    def second_time(query: bytes) -> bytes | None:
        qtype = servers.dns_question(query)[2]
        if qtype in seen:
            return zone(query)
        seen.add(qtype)
        return None

    assert resolve("a.test", second_time, timeout=2).addresses == ["192.0.2.1", "2001:db8::1"]


def test_short_names_and_nodes_without_nameserver_use_the_c_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(host: str, *_rest: object, **_more: object) -> list:
        if host != "master":
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET6, 1, 6, "", ("fd00::1", 0, 0, 0)), (socket.AF_INET, 1, 6, "", ("10.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    found = _resolve.Resolver(parse("nameserver 127.0.0.1\n"), {}, 0.1).resolve("master")
    assert (found.addresses, found.source) == (["10.0.0.1", "fd00::1"], "getaddrinfo")
    with pytest.raises(Stop) as caught:
        _resolve.Resolver(parse(""), {}, 0.1).resolve("a.test")
    assert (caught.value.problem, caught.value.facts["error"]) == ("dns.getaddrinfo", "Name or service not known")


def test_hosts_are_found_by_name() -> None:
    text = "127.0.0.1 localhost Node1 # old\n::1 localhost\n10.0.0.1 a.test a\n# 10.0.0.9 b\nbroken line\n"
    assert _resolve.by_name(parse_hosts(text)) == {
        "localhost": ["127.0.0.1", "::1"],
        "node1": ["127.0.0.1"],
        "a.test": ["10.0.0.1"],
        "a": ["10.0.0.1"],
    }


# --- what resolv.conf wants ------------------------------------------------------------------------------------------

WILDCARD = "search Corp.Example other.test\noptions ndots:3\n"


def wildcard(query: bytes) -> bytes:
    """A zone of the site that answers for every name in it."""
    name = servers.dns_question(query)[1]
    return servers.dns_reply(query, {name: ["10.231.7.64"]}) if name.endswith(".corp.example") else zone(query)


def test_a_search_domain_that_answers_in_the_place_of_the_name_is_named() -> None:
    with pytest.raises(Stop) as caught:
        resolve("v4.test", wildcard, conf=WILDCARD)
    assert caught.value.problem == "dns.search"
    facts = {key: caught.value.facts[key] for key in ("searched", "domain", "ndots", "outside", "source")}
    assert facts == {
        "searched": "v4.test.corp.example",
        "domain": "Corp.Example",
        "ndots": 3,
        "outside": ["10.231.7.64"],
        "source": servers.LOOP,
    }


def test_a_name_with_dots_enough_is_looked_for_as_it_is() -> None:
    assert resolve("v4.test", wildcard, conf="search corp.example\n").addresses == ["192.0.2.4"]
    assert resolve("v4.test", zone, conf=WILDCARD).addresses == ["192.0.2.4"]


def test_a_name_that_only_a_search_domain_has_is_what_programs_get() -> None:
    assert resolve("registry.dc1", wildcard, conf=WILDCARD).addresses == ["10.231.7.64"]


def test_a_name_that_no_domain_can_make_longer_is_looked_for_as_it_is() -> None:
    domain = ".".join(["d" * 60] * 4)
    assert resolve("v4.test", wildcard, conf=f"search {domain}\noptions ndots:3\n").addresses == ["192.0.2.4"]


def test_a_search_domain_that_says_the_same_is_right() -> None:
    def same(query: bytes) -> bytes:
        return servers.dns_reply(query, {servers.dns_question(query)[1]: ["192.0.2.4"]})

    assert resolve("v4.test", same, conf=WILDCARD).addresses == ["192.0.2.4"]


def test_use_vc_asks_over_tcp_alone() -> None:
    with servers.tcp_server(over_tcp) as port:
        found = resolve("a.test", port, timeout=2, conf="options use-vc\n")
        assert (found.addresses, outcomes(found)) == (["192.0.2.1", "2001:db8::1"], ["answer"])
        assert problem("gone.test", port, timeout=2, conf="options use-vc\n")[0] == "dns.nxdomain"


@pytest.mark.parametrize(("handler", "outcome"), [(servers.keep_silent, "silent"), (servers.reset, "unreachable")])
def test_what_fails_over_tcp_is_told_apart(handler, outcome: str) -> None:
    with servers.tcp_server(handler) as port:
        assert problem("a.test", port, conf="options use-vc\n")[1] == [outcome]
    assert problem("a.test", servers.free_port(), conf="options use-vc\n") == ("dns.unusable", ["nothing listens"])


def elsewhere(*addresses: str):
    """Return a server that knows v4.test by other addresses, or not at all."""
    return lambda query: servers.dns_reply(query, {"v4.test": list(addresses)}, rcode=0 if addresses else dns.NXDOMAIN)


def test_with_rotate_each_server_has_a_say() -> None:
    found = resolve("v4.test", zone, elsewhere("203.0.113.1"), conf="options rotate\n", timeout=2)
    assert found.addresses == ["192.0.2.4", "203.0.113.1"]
    assert (found.source, found.rotate) == (f"{servers.LOOP} and {servers.LOOP}", True)
    assert resolve("v4.test", zone, elsewhere("203.0.113.1")).addresses == ["192.0.2.4"]
    found = resolve("v4.test", zone, zone, conf="options rotate\n", timeout=2)
    assert (found.addresses, found.source, outcomes(found)) == (["192.0.2.4"], servers.LOOP, ["answer", "answer"])


@pytest.mark.parametrize("order", [(zone, elsewhere()), (elsewhere(), zone)])
def test_with_rotate_servers_that_disagree_are_named(order: tuple) -> None:
    assert problem("v4.test", *order, conf="options rotate\n", timeout=2)[0] == "dns.rotate"
    assert problem("gone.test", *order, conf="options rotate\n", timeout=2)[0] == "dns.nxdomain"


def test_with_rotate_a_silent_server_is_seen_wherever_it_stands() -> None:
    found = resolve("v4.test", zone, silent, conf="options rotate timeout:7\n", timeout=0.3)
    assert (found.addresses, outcomes(found), found.wait) == (["192.0.2.4"], ["answer", "silent"], 7)


def test_with_rotate_over_tcp_too() -> None:
    def other(connection: socket.socket) -> None:
        query = connection.recv(struct.unpack("!H", connection.recv(2))[0])
        reply = elsewhere("203.0.113.1")(query)
        connection.sendall(struct.pack("!H", len(reply)) + reply)

    with servers.tcp_server(over_tcp) as one, servers.tcp_server(other) as two:
        found = resolve("v4.test", one, two, conf="options rotate use-vc\n", timeout=2)
    assert found.addresses == ["192.0.2.4", "203.0.113.1"]


# --- what programs get -----------------------------------------------------------------------------------------------


class Library:
    """What getaddrinfo() says in the place of that of this machine, with a nameserver that its own port 53 is not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[str]], late: float = 0.0) -> None:
        self._real, self._answers, self._late = socket.getaddrinfo, answers, late
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: str, *rest: object, **more: object) -> list:
        if host == servers.LOOP:
            return self._real(host, *rest, **more)
        threading.Event().wait(self._late)
        if host not in self._answers:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, 0)) for one in self._answers[host]]


def as_programs_get(host: str, *answers, conf: str = "", hosts: dict | None = None, timeout: float = 1.0):
    """Resolve with the C library beside; the servers are those of conf, at ports of their own."""
    with contextlib.ExitStack() as stack:
        asked = [(servers.LOOP, stack.enter_context(servers.udp_server(one))) for one in answers]
        made = _resolve.Resolver(parse(conf), hosts or {}, timeout, order="files dns")
        made._servers = asked
        return made.resolve(host)


def test_a_name_is_right_where_programs_get_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    Library(monkeypatch, {"a.test": ["2001:db8::1", "192.0.2.1"]})
    found = as_programs_get("a.test", zone)
    assert (found.addresses, found.source) == (["192.0.2.1", "2001:db8::1"], servers.LOOP)
    # Some records of many, as a server hands them out in turn.
    Library(monkeypatch, {"a.test": ["192.0.2.1", "192.0.2.9"]})
    found = as_programs_get("a.test", zone)
    assert (found.addresses, found.source) == (["192.0.2.1", "192.0.2.9"], servers.LOOP)


def test_where_servers_take_turns_one_answer_of_the_library_is_not_all(monkeypatch: pytest.MonkeyPatch) -> None:
    Library(monkeypatch, {"v4.test": ["192.0.2.4"]})
    found = as_programs_get("v4.test", zone, elsewhere("203.0.113.1"), conf="options rotate\n")
    assert found.addresses == ["192.0.2.4", "203.0.113.1"]


def test_what_programs_get_is_judged_where_it_is_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    Library(monkeypatch, {"alias.test": ["10.231.7.64"]})
    found = as_programs_get("alias.test", zone)
    assert (found.addresses, found.cnames) == (["10.231.7.64"], [])
    assert found.source == "the C library ('hosts: files dns' in /etc/nsswitch.conf)"
    found = as_programs_get("alias.test", zone, hosts={"alias.test": ["203.0.113.9"]})
    assert found.addresses == ["10.231.7.64"]


def test_a_name_that_programs_do_not_get(monkeypatch: pytest.MonkeyPatch) -> None:
    Library(monkeypatch, {})
    for hosts in ({}, {"v4.test": ["192.0.2.4"]}):
        with pytest.raises(Stop) as caught:
            as_programs_get("v4.test", zone, hosts=hosts)
        assert caught.value.problem == "dns.library"
        assert caught.value.facts["addresses"] == ["192.0.2.4"]
        assert (caught.value.facts["error"], caught.value.facts["order"]) == ("Name or service not known", "files dns")


def test_a_library_that_takes_long_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    Library(monkeypatch, {"v4.test": ["192.0.2.4"]}, late=2.0)
    conf = "options timeout:3 attempts:2\n"
    with pytest.raises(Stop) as caught:
        as_programs_get("v4.test", zone, conf=conf, timeout=0.3)
    assert caught.value.facts["error"] == "no answer within 0.3 s (it may take up to 6 s)"
    # It waits for the first server, which is warned of.
    found = as_programs_get("v4.test", silent, zone, conf=conf, timeout=0.3)
    assert (found.addresses, outcomes(found)) == (["192.0.2.4"], ["silent", "answer"])
    with pytest.raises(Stop) as caught:
        as_programs_get("master", zone, timeout=0.3)
    assert (caught.value.problem, caught.value.facts["error"]) == ("dns.getaddrinfo", "no answer within 0.3 s")
