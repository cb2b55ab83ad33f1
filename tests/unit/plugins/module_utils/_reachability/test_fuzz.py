# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten thousand servers and ten thousand DNS answers that say anything: always a verdict, never a traceback, in time.

Answers are good ones with bytes changed, cut or put in, and plain noise. The seeds are fixed, so that a failure comes
again.
"""

from __future__ import annotations

import contextlib
import random
import socket
import time
from collections.abc import Callable

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import (
    dns,
    ntp,
    resolve,
)
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import (
    proxy as _proxy,
)
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from ansible_collections.ack_edge.node.plugins.module_utils._system.resolver import parse
from fakes import servers

NUMBER = 10_000
TIMEOUT = 0.05
NAME = "registry.test"
# What a server of TLS 1.2 says first, as far as a client reads without a key: ServerHello, and what may follow.
SERVER_HELLO = (
    bytes.fromhex("160303003d0200003903035f") + bytes(31) + bytes.fromhex("00c02f000011ff01000100000b0004030001020017")
)
SERVER_HELLO += bytes.fromhex("0000160303000a0b00000600000300000016030300040e000000")
GOOD = {
    "tls": SERVER_HELLO,
    "proxy": b"HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n",
    "http": servers.HTTP_OK,
}


def mutated(good: bytes, chance: random.Random) -> bytes:
    """Return noise, or a good answer with some bytes changed, cut off or put in."""
    if chance.random() < 0.3:
        return chance.randbytes(chance.choice((0, 1, 5, 48, 300, 3000)))
    data = bytearray(good)
    for _change in range(chance.randrange(1, 6)):
        place = chance.randrange(len(data)) if data else 0
        kind = chance.randrange(3)
        if kind == 0 and data:
            data[place] = chance.randrange(256)
        elif kind == 1:
            del data[place : place + chance.randrange(1, 20)]
        else:
            data[place:place] = chance.randbytes(chance.randrange(1, 40))
    return bytes(data)


def fuzzing(good: bytes, seed: int) -> Callable[[socket.socket], None]:
    """Return a handler that reads once, then says anything and hangs up, resets, or now and then goes on waiting."""
    chance = random.Random(seed)

    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(mutated(good, chance))
        if chance.random() < 0.02:
            servers.keep_silent(connection)

    return handle


def many(port: int, number: int, protocol: str, **more: object) -> list[dict]:
    endpoint = {"host": servers.LOOP, "port": port, "protocol": protocol}
    settings = {"timeout": TIMEOUT, "deadline": 120.0, "threads": 16, "verify": False}
    return servers.run([endpoint] * number, **(settings | more))


def check(verdicts: list[dict], number: int, stages: set[str]) -> None:
    """See that each has a verdict of its own, none of them about a mistake of ours, and what it says is printable."""
    assert len(verdicts) == number
    problems = {verdict["data"]["problem"] for verdict in verdicts}
    assert not problems & {"internal", "deadline"}
    assert {problem.partition(".")[0] for problem in problems if problem} <= stages
    assert len(problems) > 2, "such noise reaches more than one or two problems"
    assert all(verdict["summary"].isprintable() for verdict in verdicts)


@pytest.mark.parametrize("stage", GOOD)
def test_servers_that_say_anything(stage: str) -> None:
    number = NUMBER // 4
    with servers.tcp_server(fuzzing(GOOD[stage], 7)) as port:
        if stage == "proxy":
            proxy = _proxy.read_proxy(f"http://{servers.LOOP}:{port}")
            verdicts = many(443, number, "tcp", proxy_for=lambda endpoint: proxy)
        elif stage == "tls":
            verdicts = many(port, number, "tls")
        else:
            verdicts = answers_over_http(port, number)
    check(verdicts, number, {stage, "tcp"})


def answers_over_http(port: int, number: int) -> list[dict]:
    """The answer of a web server is read from a socket; whether TLS is under it makes no difference to the reader."""
    from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import tcp

    verdicts = []
    for _index in range(number):
        with contextlib.closing(tcp.connect(servers.LOOP, port, TIMEOUT)) as sock:
            try:
                status = tcp.http_status(sock, "a:1", TIMEOUT, time.monotonic)
                verdicts.append({"data": {"problem": ""}, "summary": f"{status}"})
            except Stop as stop:
                said = stop.facts.get("said", "") + stop.facts.get("error", "")
                verdicts.append({"data": {"problem": stop.problem}, "summary": said})
    return verdicts


def test_time_servers_that_say_anything() -> None:
    chance = random.Random(7)

    def answer(request: bytes) -> bytes | None:
        now = ntp.pack_time(time.time())
        good = bytes([0x24, 2, 0, 0]) + bytes(8) + b"\x0a\0\0\1" + now + request[40:48] + now + now
        return None if chance.random() < 0.02 else mutated(good, chance)

    number = NUMBER // 4
    with servers.udp_server(answer) as port:
        verdicts = many(port, number, "ntp", timeout=0.02)
    check(verdicts, number, {"ntp"})


def test_nameservers_that_say_anything() -> None:
    """No answer makes the resolver raise anything but a Stop, nor wait longer than it may."""
    chance = random.Random(7)
    records = {NAME: ["cdn.test."], "cdn.test": ["100.103.1.1", "fd00::1"]}
    ended = set()
    with servers.udp_server(lambda query: mutated(servers.dns_reply(query, records), chance)) as port:
        resolver = resolve.Resolver(parse(None), {}, 0.002, servers=[(servers.LOOP, port)])
        for _index in range(NUMBER // 4):
            start = time.monotonic()
            try:
                found = resolver.resolve(NAME)
                ended.add("answer")
                assert all(address.isprintable() for address in found.addresses + found.cnames)
            except Stop as stop:
                ended.add(stop.problem)
            assert time.monotonic() - start < 2
    assert (
        {"answer", "dns.unusable"}
        <= ended
        <= {"answer", "dns.unusable", "dns.timeout", "dns.nxdomain", "dns.empty", "dns.servfail"}
    )


def test_dns_answers_are_parsed_or_refused() -> None:
    chance = random.Random(8)
    query = dns.build_query(NAME, dns.A, 4711)
    good = servers.dns_reply(query, {NAME: ["cdn.test."], "cdn.test": ["100.103.1.1"]})
    outcomes = set()
    for _index in range(NUMBER):
        data = mutated(good, chance)
        try:
            reply = dns.parse_reply(data, NAME, dns.A, 4711)
            outcomes.add("parsed")
            assert all(isinstance(address, str) for address in reply.addresses)
        except dns.DnsFormatError:
            outcomes.add("refused")
        dns.reply_identity(data)
    assert outcomes == {"parsed", "refused"}
