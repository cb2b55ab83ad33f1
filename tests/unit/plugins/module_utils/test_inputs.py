# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write, and what every mistake is answered with."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from hypothesis import given
from hypothesis import strategies as st


def wrong(read: Callable[..., Any], value: Any, **options: Any) -> str:
    with pytest.raises(ValueError) as caught:
        read(value, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.168.0.0/16", "192.168.0.0/16"),
        ("10.0.0.1/32", "10.0.0.1/32"),
        ("10.0.0.0/08", "10.0.0.0/8"),
        ("2001:DB8:0::/48", "2001:db8::/48"),
        ("::1/128", "::1/128"),
    ],
)
def test_networks(text: str, expected: str) -> None:
    assert _inputs.network(text) == _inputs.source(text) == ipaddress.ip_network(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.0.0.1/8", "the address has host bits set; the network is 10.0.0.0/8, the one address 10.0.0.1/32"),
        ("2001:db8::1/64", "the network is 2001:db8::/64, the one address 2001:db8::1/128"),
        ("10.0.0.0/255.0.0.0", "give the prefix length in place of the netmask; write 10.0.0.0/8"),
        ("10.0.0.1/255.255.255.0", "write 10.0.0.0/24"),
        ("10.0.0.0/255.0.255.0", _inputs.NETWORK),
        ("10.0.0.0/33", "the prefix length of an IPv4 network is at most 32"),
        ("::/129", "the prefix length of an IPv6 network is at most 128"),
        ("0.0.0.0/0", "this is every address there is; name the networks that are meant"),
        ("::/0", "this is every address there is; name the networks that are meant"),
        (" 10.0.0.0/8", f"{_inputs.NETWORK}, without blanks and line ends around it"),
        *((text, _inputs.NETWORK) for text in ("", "10.0.0/8", "010.0.0.0/8", "10.0.0.0/-1", "ten/8", "fe80::%1/64")),
        *((other, _inputs.NETWORK) for other in (None, 10, True, {"cidr": "10.0.0.0/8"}, "10.0.0.0/٨")),
    ],
)
def test_wrong_networks(value: Any, expected: str) -> None:
    assert expected in wrong(_inputs.network, value)
    assert expected in wrong(_inputs.source, value)


def test_an_address_is_a_source_and_no_network() -> None:
    assert wrong(_inputs.network, "10.0.0.0") == f"{_inputs.NETWORK}; one address is 10.0.0.0/32"
    assert wrong(_inputs.network, "fd00::1").endswith("; one address is fd00::1/128")
    assert _inputs.source("10.0.0.1") == ipaddress.ip_network("10.0.0.1/32")


def test_every_address_may_be_meant() -> None:
    assert _inputs.network("0.0.0.0/0", anywhere=True).prefixlen == 0
    assert wrong(_inputs.network, "::/0", anywhere="set x to true").endswith("that are meant, or set x to true")


@pytest.mark.parametrize(
    "value", ["", "10.0.0.256", "10.0.0.1/32", "010.0.0.1", "1.2.3", "fe80::1%eth0", "gw", 1, None]
)
def test_wrong_addresses(value: Any) -> None:
    assert wrong(_inputs.address, value) == _inputs.ADDRESS
    assert not _inputs.is_address(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("API.Example.com.", "api.example.com"), ("[2001:DB8::1]", "2001:db8::1"), ("10.0.0.1", "10.0.0.1"), ("1a", "1a")],
)
def test_hosts(text: str, expected: str) -> None:
    assert _inputs.host(text) == expected


@pytest.mark.parametrize(
    "value", ["", "a b", "-x", "a..b", "under_score", "x" * 64, "1.2.3", "10.0.0.256", "host:1", "https://x", 5, "é"]
)
def test_wrong_hosts(value: Any) -> None:
    assert wrong(_inputs.host, value) == _inputs.HOST


@given(st.ip_addresses())
def test_every_address_is_read_as_ipaddress_reads_it(address: Any) -> None:
    assert _inputs.address(str(address)) == address
    assert _inputs.is_address(str(address))


@given(st.text(max_size=12))
def test_no_text_ends_in_another_error(text: str) -> None:
    for read in (_inputs.network, _inputs.source, _inputs.address, _inputs.host, _inputs.ports, _inputs.interface):
        _inputs.attempt([], "x", text, read)


@pytest.mark.parametrize(("value", "expected"), [(80, (80, 80)), ("80", (80, 80)), ("1-65535", (1, 65535))])
def test_ports(value: Any, expected: tuple[int, int]) -> None:
    assert _inputs.ports(value) == expected


@pytest.mark.parametrize(
    "value", [0, "0", 65536, "x", "", "-1", "80-", "1 2", "65535-65536", None, True, 80.0, "80\n90"]
)
def test_wrong_ports(value: Any) -> None:
    assert wrong(_inputs.ports, value) == _inputs.PORTS
    assert wrong(_inputs.port, value) == _inputs.PORT


def test_a_range_is_no_port_and_has_its_bounds() -> None:
    assert _inputs.port("443") == 443
    assert wrong(_inputs.port, "80-80") == wrong(_inputs.port, "80-81") == _inputs.PORT
    assert wrong(_inputs.ports, "90-80") == "the range is reversed; write 80-90"
    assert _inputs.ports("1-100", most=100) == (1, 100)
    assert wrong(_inputs.ports, "1-101", most=100) == "give a range of at most 100 ports, such as 1-100"


@pytest.mark.parametrize("name", ["eth0", "bond0.100", "enp3s0f1np1", "wg_0", "eth0:1", "网卡1"])
def test_interfaces(name: str) -> None:
    assert _inputs.interface(name) == name


@pytest.mark.parametrize(
    "value", ["", "eth0, eth1", "eth0,eth1", "a/b", "eth0\n", "-x", "{{x}}", "x" * 16, "a\x7f", 1, None]
)
def test_wrong_interfaces(value: Any) -> None:
    assert wrong(_inputs.interface, value) == _inputs.INTERFACE


def test_seconds_have_bounds() -> None:
    assert [_inputs.seconds(0), _inputs.seconds(600, most=600), _inputs.seconds(0.1, above=True)] == [0, 600, 0.1]
    assert wrong(_inputs.seconds, 0, least=1, most=600) == "give a number of seconds from 1 to 600"
    assert wrong(_inputs.seconds, 61, most=60, above=True) == "give a number of seconds above 0 and at most 60"
    assert (
        wrong(_inputs.seconds, 0, above=True, otherwise="x to wait") == "give a number of seconds above 0, or x to wait"
    )
    assert wrong(_inputs.seconds, float("nan"), above=True)


def test_all_mistakes_of_a_list_are_sentences_of_their_own() -> None:
    problems: list[str] = []
    found = _inputs.each(problems, "within", ["10.0.0.0/8", "x", "10.0.0.1"], _inputs.network)
    assert found == [ipaddress.ip_network("10.0.0.0/8")]
    assert problems == [
        f"within is 'x': {_inputs.NETWORK}",
        f"within is '10.0.0.1': {_inputs.NETWORK}; one address is 10.0.0.1/32",
    ]
    assert _inputs.each(problems, "within", None, _inputs.network) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("", []),
        (" ,;\n", []),
        ("a, b;c\nd\te", ["a", "b", "c", "d", "e"]),
        ("a\uff0cb\uff1bc\u3001d", ["a", "b", "c", "d"]),
        ("a , b", ["a", "b"]),
        ("[1, '2', \"3\"]", ["1", "2", "3"]),
        ("[2001:db8::1]", ["[2001:db8::1]"]),
        ("[2001:db8::1],[2001:db8::2]", ["[2001:db8::1]", "[2001:db8::2]"]),
        (["a b", None, "", 0], ["a b", 0]),
    ],
)
def test_items(value, expected):
    assert _inputs.items(value) == expected


@pytest.mark.parametrize(("value", "unset"), [(None, True), ("", True), (" \n", True), (0, False), (False, False)])
def test_unset(value, unset):
    assert _inputs.is_unset(value) is unset
