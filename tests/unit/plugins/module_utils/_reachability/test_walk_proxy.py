# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints behind a proxy on loopback that is well, or ill in one known way."""

from __future__ import annotations

import socket

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import proxy as _proxy
from fakes import servers
from fakes.servers import (
    HOST,
    LOOP,
    Authority,
    free_port,
    one,
    outcome,
    through,
    tls_handler,
)


def test_a_proxy_carries_tcp_and_tls(authority: Authority) -> None:
    verdict, asked = through(b"HTTP/1.1 200 Connection established\r\n\r\n")
    assert outcome(verdict) == ("pass", "proxy", "")
    assert asked.startswith(b"CONNECT registry.test:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic dXNlcjpwQHNz\r\n" in asked
    assert verdict["data"]["via"]["proxy"].startswith(LOOP)
    verdict, _asked = through(
        b"HTTP/1.0 200 OK\r\nVia: x\r\n\r\n", "https", tls_handler(authority.server(HOST)), ca=authority.path
    )
    assert outcome(verdict) == ("pass", "http", "")


def test_the_word_of_a_proxy_is_read() -> None:
    verdict, _asked = through(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    assert outcome(verdict) == ("fail", "proxy", "proxy.status")
    assert "answered 407 Proxy Authentication Required to CONNECT registry.test:443" in verdict["summary"]
    assert "p@ss" not in str(verdict) and "p%40ss" not in str(verdict)
    assert outcome(through(b"SSH-2.0\r\n\r\n")[0])[2] == "proxy.garbled"
    assert outcome(through(b"")[0])[2] == "proxy.closed"
    assert outcome(through(b"", after=servers.keep_silent, timeout=0.2)[0])[2] == "proxy.timeout"


def test_a_dead_proxy_is_what_failed() -> None:
    proxy = _proxy.read_proxy(f"http://{LOOP}:{free_port()}")
    verdict = one(HOST, 443, proxy_for=lambda endpoint: proxy)
    assert outcome(verdict) == ("fail", "tcp", "tcp.refused")
    assert proxy.label in verdict["summary"]


def test_a_proxy_proves_nothing_about_the_leased_line() -> None:
    verdict, _asked = through(b"HTTP/1.1 200 OK\r\n\r\n", expect_private=True)
    assert verdict["status"] == "warn"
    assert "proves nothing about the leased line" in verdict["summary"]


def test_time_never_goes_through_a_proxy() -> None:
    proxy = _proxy.read_proxy("proxy.test:3128")
    verdict = one(LOOP, free_port(socket.SOCK_DGRAM), "ntp", proxy_for=lambda endpoint: proxy)
    assert outcome(verdict) == ("fail", "ntp", "ntp.refused")
