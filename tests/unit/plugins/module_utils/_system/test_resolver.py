# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""resolv.conf and hosts as the C library reads them."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node
from ansible_collections.ack_edge.node.plugins.module_utils._system import resolver
from hypothesis import given
from hypothesis import strategies as st


def test_resolv_conf_is_read_as_the_c_library_does() -> None:
    text = (
        "# nameserver 1.1.1.1\nsearch a b\nnameserver 10.0.0.1\nnameserver\t10.0.0.2 # x\nnameserver\n"
        "nameserver fe80::1%eth0\nnameserver 10.0.0.4\n"
    )
    found = resolver.parse(text)
    assert (found.nameservers, found.search) == (["10.0.0.1", "10.0.0.2", "fe80::1%eth0"], ["a", "b"])
    assert resolver.parse(None) == resolver.ResolvConf([], [])


@pytest.mark.parametrize(
    ("line", "servers"),
    [
        ("    nameserver 10.0.0.1", []),
        ("\tnameserver 10.0.0.1", []),
        ("nameserver\t 10.0.0.1 10.0.0.2", ["10.0.0.1"]),
        ("Nameserver 10.0.0.1", []),
        ("nameserver 10.0.0.1#53", []),
        ("nameserver dns.site", []),
        ("nameserver 10.1", ["10.1"]),
        ("nameserver 10.0.0.1%eth0", []),
        ("; nameserver 10.0.0.1", []),
        ("nameserver ::1", ["::1"]),
        # Files of Windows, and what only Python takes for white space: the C library asks 127.0.0.1.
        ("nameserver 10.0.0.1\r", []),
        ("nameserver 10.1\x0b", []),
        ("# site\x85nameserver 10.0.0.1", []),
    ],
)
def test_lines_with_a_nameserver_and_without(line: str, servers: list[str]) -> None:
    assert resolver.parse(line + "\n").nameservers == servers


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("search a b\ndomain c d\n", ["c"]),
        ("domain c\nsearch a b\n", ["a", "b"]),
        ("search a\nsearch b c\n", ["b", "c"]),
        (" search a\n", []),
        ("search . a. b..c d\u00e9 " + "e" * 64 + " f_g-h\n", ["a.", "f_g-h"]),
        ("domain .\n", []),
        ("search\n", []),
    ],
)
def test_the_last_of_search_and_domain_counts(text: str, search: list[str]) -> None:
    assert resolver.parse(text).search == search


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("ndots:5 timeout:1", {"ndots": 5, "timeout": 1}),
        ("ndots:99 timeout:99 attempts:99", {"ndots": 15, "timeout": 30, "attempts": 5}),
        ("ndots:x attempts:3x", {"ndots": 0, "attempts": 3}),
        ("rotate use-vc edns0", {"rotate": True, "use_vc": True}),
        ("ndots", {"ndots": 0}),
    ],
)
def test_options_have_bounds(options: str, found: dict) -> None:
    assert resolver.parse(f"options {options}\n") == resolver.ResolvConf([], [])._replace(**found)


@given(st.text(alphabet="nameservr options:.%#;0123456789 \t\n", max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert len(resolver.parse(text).nameservers) <= 3


def test_behind_a_resolver_of_the_node_stand_those_that_it_asks(tmp_path) -> None:
    for path, text in {
        "etc/resolv.conf": "nameserver 127.0.0.53\nnameserver 10.0.0.1\n",
        "run/systemd/resolve/resolv.conf": "".join(f"nameserver 10.0.1.{number}\n" for number in range(1, 6)),
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    node = Node(root=str(tmp_path))
    asked = [f"10.0.1.{number}" for number in range(1, 6)]
    assert resolver.all_nameservers(node) == ["127.0.0.53", "10.0.0.1", *asked]
    (tmp_path / "etc/resolv.conf").write_text("nameserver 10.0.0.1\n")
    assert resolver.all_nameservers(node) == ["10.0.0.1"]


def test_behind_dnsmasq_of_networkmanager_stand_those_that_it_asks(tmp_path) -> None:
    for path, text in {
        "etc/resolv.conf": "nameserver 127.0.1.1\n",
        "run/NetworkManager/no-stub-resolv.conf": "nameserver 10.0.1.1\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    assert resolver.all_nameservers(Node(root=str(tmp_path))) == ["127.0.1.1", "10.0.1.1"]


@pytest.mark.parametrize(
    ("server", "loopback"),
    [
        ("127.0.0.53", True),
        ("127.1", True),
        ("0.0.0.0", True),
        ("0", True),
        ("::", True),
        ("::ffff:127.0.0.1", True),
        ("10.1", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("dns.site", False),
    ],
)
def test_which_servers_are_the_node_itself(server: str, loopback: bool) -> None:
    assert resolver.is_loopback(server) is loopback


def test_hosts_may_be_indented_and_have_comments(tmp_path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hosts").write_text("  10.0.0.1 a b # c\n# 10.0.0.2 d\n10.0.0.3\nbroken line\n")
    assert resolver.hosts(Node(root=str(tmp_path))) == [("10.0.0.1", ["a", "b"]), ("broken", ["line"])]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (
            "passwd: files\nhosts:      files mdns4_minimal [NOTFOUND=return] dns\n",
            "files mdns4_minimal [NOTFOUND=return] dns",
        ),
        ("# hosts: nis\n  hosts:\tdns files # the site\n", "dns files"),
        ("hosts: files\nhosts: files dns\n", "files dns"),
        ("hosts:\nhostsfile: x\n", ""),
        ("hosts:files resolve [!UNAVAIL=return] dns\n", "files resolve [!UNAVAIL=return] dns"),
        (None, ""),
    ],
)
def test_whom_the_c_library_asks(tmp_path, text: str | None, order: str) -> None:
    (tmp_path / "etc").mkdir()
    if text is not None:
        (tmp_path / "etc/nsswitch.conf").write_text(text)
    assert resolver.order(Node(root=str(tmp_path))) == order


def test_servers_are_told_in_full(tmp_path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/resolv.conf").write_text("nameserver 10.1\nnameserver ::ffff:10.0.0.2\nnameserver fe80::1%eth0\n")
    assert resolver.all_nameservers(Node(root=str(tmp_path))) == ["10.0.0.1", "10.0.0.2", "fe80::1%eth0"]
