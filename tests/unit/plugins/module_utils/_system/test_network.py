# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks ip, with which words, and who is lenient with what it answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import network
from fakes import ip_text as fake


def node(rc: int, out: str, err: str = "", log: list | None = None, root: str = "/nowhere") -> Node:
    def runner(argv: list[str], stdin: str | None, timeout: int) -> Completed:
        (log if log is not None else []).append(" ".join(argv))
        return Completed(argv, rc, out, err)

    return Node(runner, root)


def test_each_is_asked_once_and_without_an_option_that_old_versions_lack() -> None:
    log: list[str] = []
    one = node(0, "", log=log)
    assert (network.links(one), network.links(one, "idc0"), network.routes(one, 6), network.rules(one, 4)) == (
        {},
        {},
        [],
        [],
    )
    assert network.default_routes(one) == []
    assert network.path_to(one.run, "10.0.0.1") == network.Path(None, "")
    assert network.matching(one.run, "fd00::1") == []
    assert not network.is_silent(one.run, "10.0.0.1", "idc0")
    assert log == [
        "ip address show",
        "ip address show dev idc0",
        "ip -6 route show table all",
        "ip -4 rule show",
        "ip route show default",
        "ip route get 10.0.0.1",
        "ip -6 route show to match fd00::1",
        "ip neigh show to 10.0.0.1 dev idc0",
    ]


def test_who_is_lenient_with_an_ip_that_refuses() -> None:
    silent = node(2, "", "RTNETLINK answers: Network is unreachable\n")
    for ask in (network.links, lambda one: network.routes(one, 4), lambda one: network.rules(one, 4)):
        with pytest.raises(NodeError, match=r"'ip .* show.*' ended with status 2 and said: RTNETLINK answers"):
            ask(silent)
    assert network.links(silent, optional=True) == {}
    assert network.routes(silent, 6, optional=True) == []
    assert network.default_routes(silent) == network.matching(silent.run, "10.0.0.1") == []
    assert network.path_to(silent.run, "10.0.0.1") == network.Path(None, "Network is unreachable")
    assert network.rules(node(2, "", "RTNETLINK answers: Operation not supported\nDump terminated\n"), 6) == []


def test_nobody_is_lenient_with_a_line_that_cannot_be_read() -> None:
    strange = node(0, "a line of another program\n")
    for ask in (
        lambda one: network.links(one, optional=True),
        lambda one: network.routes(one, 6, optional=True),
        network.default_routes,
        lambda one: network.rules(one, 4),
        lambda one: network.path_to(one.run, "10.0.0.1"),
        lambda one: network.matching(one.run, "10.0.0.1"),
    ):
        with pytest.raises(NodeError, match=r"printed the line 'a line of another program', which cannot be parsed"):
            ask(strange)


def test_sysfs_decides_about_a_name_that_can_be_read_twice(tmp_path: Path) -> None:
    shown = fake.address([{"ifname": "a@b"}])
    assert list(network.links(node(0, shown, root=str(tmp_path)))) == ["a"]
    (tmp_path / "sys/class/net/a@b").mkdir(parents=True)
    assert list(network.links(node(0, shown, root=str(tmp_path)))) == ["a@b"]


def test_names_of_tables_wherever_they_are_given(tmp_path: Path) -> None:
    for path, text in (
        ("usr/share/iproute2/rt_tables", "254 main\n100 distribution\n"),
        ("usr/share/iproute2/rt_tables.d/one.conf", "101\tone\n"),
        ("etc/iproute2/rt_tables", "#\n0x66 two # comment\n100 site\n"),
        ("etc/iproute2/rt_tables.d/three.conf", "  103 three\n"),
        ("etc/iproute2/rt_tables.d/ignored", "104 ignored\n"),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    names = network.table_names(Node(root=str(tmp_path)))
    found = [
        network.table_number(text, names) for text in ("main", "local", "one", "two", "three", "site", "7", "ignored")
    ]
    assert found == [254, 255, 101, 102, 103, 100, 7, -1]


def test_nobody_else_reads_ip() -> None:
    plugins = Path(network.__file__).parents[2]
    asking = {
        str(path.relative_to(plugins / "module_utils"))
        for path in plugins.rglob("*.py")
        if re.search(r'\["ip", (?!.*-batch|.*line[.]split)', path.read_text())
        and "module" in str(path.relative_to(plugins))
    }
    assert asking == {"_system/network.py"}
