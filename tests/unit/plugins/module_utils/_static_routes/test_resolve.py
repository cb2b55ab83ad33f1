# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names are asked for all at once, and their answers do not depend on the order a server gives."""

from __future__ import annotations

import ipaddress
import socket
import threading

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import resolve
from fakes.routes import resolver


def test_answers_are_sorted_and_each_address_is_there_once():
    found = resolve.resolve(["b.example"], 4, resolver({"b.example": ["100.64.0.9", "100.64.0.2", "100.64.0.9"]}))
    assert found == {"b.example": (tuple(map(ipaddress.ip_address, ("100.64.0.2", "100.64.0.9"))), "")}


def test_an_error_is_kept_with_its_name():
    found = resolve.resolve(
        ["gone.example"], 4, resolver({"gone.example": socket.gaierror(-2, "Name or service not known")})
    )
    assert found["gone.example"] == ((), "Name or service not known")


def test_a_name_that_no_resolver_takes_is_an_error_too():
    def getaddrinfo(*_):
        raise UnicodeError("label too long")

    assert resolve.resolve(["x" * 70], 4, getaddrinfo)["x" * 70].error == "label too long"


def test_an_empty_answer_is_an_error():
    assert resolve.resolve(["empty.example"], 4, resolver({"empty.example": []}))["empty.example"].error == "no address"


def test_only_the_wanted_family_is_asked_for():
    asked = []

    def getaddrinfo(name, _port, family, kind):
        asked.append((name, family))
        return [(family, kind, 6, "", ("fd00::1", 0, 0, 0))]

    resolve.resolve(["six.example", "six.example"], 6, getaddrinfo)
    assert asked == [("six.example", socket.AF_INET6)]


def test_all_names_wait_at_the_same_time():
    together = threading.Barrier(3, timeout=10)

    def getaddrinfo(_name, _port, family, kind):
        together.wait()
        return [(family, kind, 6, "", ("100.64.0.1", 0))]

    assert len(resolve.resolve(["a.example", "b.example", "c.example"], 4, getaddrinfo)) == 3


def test_no_names_ask_nobody():
    assert resolve.resolve([], 4, None) == {}
