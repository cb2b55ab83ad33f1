# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS and HTTP against loopback servers that are well, or ill in one known way."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from fakes import servers
from fakes.servers import (
    DAY,
    HOST,
    LOOP,
    NAMES,
    NOW,
    Authority,
    one,
    outcome,
    secure,
    tcp_server,
    through,
    tls_handler,
    way,
)


def test_https_passes_with_any_status(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST), b"HTTP/1.1 403 Forbidden\r\n\r\n"))
    assert outcome(verdict) == ("pass", "http", "")
    assert verdict["data"]["http_status"] == 403
    assert "HTTP 403 over TLSv1.3" in verdict["summary"]
    assert verdict["data"]["tls"]["names"] == [HOST]
    assert verdict["data"]["tls"]["issuer"] == "Lab CA"


def test_tls_passes_without_http(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST)), "tls")
    assert outcome(verdict) == ("pass", "tls", "")


def test_a_literal_is_checked_against_the_addresses_in_the_certificate(authority: Authority) -> None:
    with tcp_server(tls_handler(authority.server(LOOP))) as port:
        assert one(LOOP, port, "tls", ca=authority.path, timeout=2)["status"] == "pass"
    with tcp_server(tls_handler(authority.server("127.0.0.9"))) as port:
        assert outcome(one(LOOP, port, "tls", ca=authority.path, timeout=2)) == ("fail", "tls", "tls.name")


def test_wrong_name(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server("other.test")))
    assert outcome(verdict) == ("fail", "tls", "tls.name")
    assert f"is not for {HOST} but for other.test" in verdict["summary"]
    assert f"-servername {HOST}" in verdict["reproduce"]


def test_expired_names_the_day_and_the_clock_of_the_node(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST, start=NOW - 9 * DAY, end=NOW - DAY)))
    assert outcome(verdict) == ("fail", "tls", "tls.expired")
    assert str((NOW - DAY).year) in verdict["summary"]
    assert f"the node's clock says {time.gmtime().tm_year}" in verdict["remedy"]


def test_not_yet_valid(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST, start=NOW + DAY)))
    assert outcome(verdict) == ("fail", "tls", "tls.not_yet_valid")


def test_self_signed_and_unknown_ca_are_told_apart(authority: Authority, stranger: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST, self_signed=True)))
    assert outcome(verdict) == ("fail", "tls", "tls.self_signed")
    verdict = secure(authority, tls_handler(stranger.server("other.test")))
    assert outcome(verdict) == ("fail", "tls", "tls.unknown_ca")
    assert "is issued by 'Inspection CA', a CA this node does not trust" in verdict["summary"]


def test_a_device_that_opens_connections_is_told_from_a_ca_of_the_site(
    authority: Authority, stranger: Authority
) -> None:
    verdict = secure(authority, tls_handler(stranger.server(HOST)))
    assert outcome(verdict) == ("fail", "tls", "tls.intercepted")
    assert "is issued by 'Inspection CA'" in verdict["summary"] and "exempt registry.test" in verdict["remedy"]
    verdict = secure(authority, tls_handler(stranger.server("*.test.example", HOST)))
    assert outcome(verdict)[2] == "tls.intercepted"
    verdict = secure(authority, tls_handler(stranger.server(HOST)), confidence="user")
    assert outcome(verdict)[2] == "tls.unknown_ca"


def test_a_stalled_handshake_is_a_matter_of_packet_sizes_where_small_ones_pass(authority: Authority) -> None:
    asked = []

    def measure(*arguments: object) -> dict:
        asked.append(arguments)
        return found

    found = {"interface": 1500, "passed": [576, 1280], "stalled": [1400], "echo": []}
    route = way(interface="idc0")
    with tcp_server(servers.keep_silent) as port:
        more = {"names": NAMES, "timeout": 0.2, "route": lambda address: route, "measure": measure}
        verdict = one(HOST, port, "tls", **more)
        found = {"interface": 0, "passed": [], "stalled": [576, 1280], "echo": [{"size": 576, "outcome": "silent"}]}
        other = one(HOST, port, "tls", **more)
    assert asked == [(LOOP, port, HOST, "idc0", 0.2)] * 2
    assert outcome(verdict) == ("fail", "tls", "tls.mtu")
    assert "succeeds with packets of up to 1280 bytes" in verdict["summary"]
    assert "ip link set dev idc0 mtu 1280" in verdict["remedy"]
    assert {"tls", "mtu"} <= set(verdict["data"]["timings"])
    assert outcome(other) == ("fail", "tls", "tls.timeout")
    assert "packets of 576 bytes stall too, so the MTU is not the cause" in other["summary"]


def test_nobody_measures_packets_through_a_proxy_or_of_another_failure(authority: Authority) -> None:
    def measure(*_arguments: object) -> dict:
        raise AssertionError("measured")

    more = {"after": servers.keep_silent, "timeout": 0.2, "measure": measure}
    assert outcome(through(b"HTTP/1.1 200 OK\r\n\r\n", "tls", **more)[0]) == ("fail", "tls", "tls.timeout")
    assert outcome(secure(authority, servers.reset, measure=measure))[2] == "tls.reset"


def test_a_name_that_fits_is_found_among_hundreds(authority: Authority, stranger: Authority) -> None:
    many = [f"service-{number}.test" for number in range(300)]
    assert secure(authority, tls_handler(authority.server(*many, HOST)))["data"]["tls"]["names"][0] == HOST
    verdict = secure(authority, tls_handler(stranger.server(*many, HOST)))
    assert outcome(verdict)[2] == "tls.intercepted"
    assert len(verdict["data"]["tls"]["names"]) == 20


def test_verification_can_be_switched_off_and_the_result_says_so(authority: Authority, stranger: Authority) -> None:
    verdict = secure(authority, tls_handler(stranger.server("other.test")), verify=False)
    assert outcome(verdict) == ("pass", "http", "")
    assert "certificate not verified" in verdict["summary"]
    verdict = secure(authority, tls_handler(stranger.server("other.test")), "tls", verify=False)
    assert "good certificate" not in verdict["summary"]


def test_a_ca_directory_works_too(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "lab.crt").write_bytes(authority.path.read_bytes())
    (tmp_path / "readme.txt").write_text("no certificate")
    assert secure(authority, tls_handler(authority.server(HOST)), ca=tmp_path)["status"] == "pass"


def test_plain_http_on_the_tls_port(authority: Authority) -> None:
    def plain(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    verdict = secure(authority, plain)
    assert outcome(verdict) == ("fail", "tls", "tls.plaintext")
    assert "does not speak TLS" in verdict["summary"]


@pytest.mark.parametrize("handler", [servers.reset, lambda connection: connection.recv(1024)], ids=["reset", "close"])
def test_a_connection_that_is_cut_in_the_handshake(authority: Authority, handler) -> None:
    assert outcome(secure(authority, handler)) == ("fail", "tls", "tls.reset")


def test_a_handshake_that_stalls(authority: Authority) -> None:
    verdict = secure(authority, servers.keep_silent, timeout=0.2)
    assert outcome(verdict) == ("fail", "tls", "tls.timeout")
    assert "MTU" in verdict["remedy"]


@pytest.mark.parametrize(
    ("said", "problem"),
    [(b"SSH-2.0-OpenSSH_9\r\n", "http.garbled"), (b"", "http.closed"), (b"x" * 40000, "http.garbled")],
)
def test_what_is_no_http_answer(authority: Authority, said: bytes, problem: str) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST), said))
    assert outcome(verdict) == ("fail", "http", problem)


def test_an_http_answer_that_does_not_come_or_drips(authority: Authority) -> None:
    context = authority.server(HOST)

    def drip(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            tls.recv(4096)
            while True:
                tls.sendall(b"x")
                time.sleep(0.02)  # the drip itself is under test

    def mute(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            servers.keep_silent(tls)

    for handler in (drip, mute):
        assert outcome(secure(authority, handler, timeout=0.3)) == ("fail", "http", "http.timeout")
