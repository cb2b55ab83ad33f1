# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel's way to an address, from what iproute2 prints and from what it says when it has none."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import route
from hypothesis import given
from hypothesis import strategies as st

TEXT = "100.103.1.1 via 10.0.0.1 dev eth1 src 10.0.0.5 uid 0 \n    cache \n"
NO_WAY = "RTNETLINK answers: Network is unreachable\n"


def lookup(answers: dict[str, tuple[int, str, str] | None]) -> dict:
    """Look up with an ip command that answers by the first matching beginning of its arguments; None hangs."""

    def run(argv: list[str], timeout: float) -> Completed:
        assert timeout == 3
        text = " ".join(argv[1:])
        answer = next(value for key, value in answers.items() if text.startswith(key))
        if answer is None:
            raise NodeError("did not end")
        return Completed(argv, *answer)

    return route.Router(run, 3).lookup("100.103.1.1")


def answer(text: str, address: str = "10.1.1.1") -> dict:
    """Look up where ``ip route get`` prints this, and nothing else is known."""

    def run(argv: list[str], timeout: float) -> Completed:
        return Completed(argv, 0, text if "get" in argv else "", "")

    return route.Router(run, 3).lookup(address)


def test_the_way_through_a_gateway() -> None:
    matching = "default via 10.0.0.1 dev eth1\n100.64.0.0/10 via 10.0.0.1\n"
    assert lookup({"route get": (0, TEXT, ""), "-4 route show to match": (0, matching, "")}) == {
        "gateway": "10.0.0.1",
        "interface": "eth1",
        "source": "10.0.0.5",
        "default": False,
        "error": None,
    }


@pytest.mark.parametrize(
    ("matching", "default"),
    [
        ((0, "default via 10.0.0.1 dev eth1\n", ""), True),
        ((0, "default \n\tnexthop via 10.0.0.1 dev eth1\n\tnexthop via 10.0.0.2 dev eth2\n", ""), True),
        ((0, "", ""), None),
        ((1, "", "no"), None),
        (None, None),
    ],
)
def test_whether_only_the_default_route_leads_there(matching: tuple | None, default: bool | None) -> None:
    found = lookup({"route get": (0, TEXT, ""), "-4 route show to match": matching})
    assert found["default"] is default


def test_the_text_of_an_old_iproute2() -> None:
    found = lookup(
        {
            "route get": (0, "100.103.1.1 via 10.0.0.1 dev eth1  src 10.0.0.5 \n    cache \n", ""),
            "-4 route show": (0, "default via 10.0.0.1 dev eth1  metric 100 \n", ""),
        }
    )
    assert found == {"gateway": "10.0.0.1", "interface": "eth1", "source": "10.0.0.5", "default": True, "error": None}


def test_no_way_is_the_word_of_the_kernel() -> None:
    assert lookup({"route get": (2, "", NO_WAY)}) == route.unknown("Network is unreachable")
    assert lookup({"route get": (2, "", "Error: Nexthop is gone.\n")}) == route.unknown("Nexthop is gone.")


@pytest.mark.parametrize(
    "answers",
    [
        {"route get": (127, "", "ip: not found")},
        {"route get": None},
        {"route get": (0, "not a route\n", "")},
        {"route get": (0, "", "")},
    ],
)
def test_what_cannot_be_found_out_is_unknown(answers: dict) -> None:
    assert lookup(answers) == route.unknown()


@pytest.mark.parametrize("kind", ["unreachable", "blackhole", "prohibit", "throw"])
def test_a_dead_route_is_no_way(kind: str) -> None:
    text = f"{kind} 2001:db8::1 dev lo table unspec src ::1 metric 4294967295 error -101 pref medium"
    assert answer(text, "2001:db8::1")["error"].endswith(kind)


def test_other_forms() -> None:
    assert answer("local 127.0.0.1 dev lo src 127.0.0.1 uid 0") == route.unknown() | {
        "interface": "lo",
        "source": "127.0.0.1",
    }
    assert answer("10.1.1.1 via inet6 fe80::1 dev eth0 src 10.0.0.5")["gateway"] == "fe80::1"
    text = "fd00::1 from :: via fe80::1 dev eth0 src fd00::5 metric 1024 pref medium"
    assert answer(text, "fd00::1")["gateway"] == "fe80::1"


@pytest.mark.parametrize(
    ("out", "silent"),
    [
        ("10.0.0.1 FAILED \n", True),
        ("10.0.0.1 dev eth1  INCOMPLETE\n", True),  # iproute2 before 4
        ("fe80::1 router FAILED\n", True),
        ("10.0.0.1 lladdr 02:00:00:00:00:01 REACHABLE \n", False),
        ("10.0.0.1 lladdr 02:00:00:00:00:01 PROBE \n", False),
        ("10.0.0.1 NOARP\n", False),
        ("", False),
    ],
)
def test_a_next_hop_that_never_said_where_it_is(out: str, silent: bool) -> None:
    def run(argv: list[str], timeout: float) -> Completed:
        assert argv == ["ip", "neigh", "show", "to", "10.0.0.1", "dev", "eth1"]
        return Completed(argv, 0, out, "")

    assert route.Router(run, 3).is_silent("10.0.0.1", "eth1") is silent


def test_a_next_hop_of_which_nothing_is_known_is_not_blamed() -> None:
    def hangs(argv: list[str], timeout: float) -> Completed:
        raise NodeError("did not end")

    assert not route.Router(hangs, 3).is_silent("10.0.0.1", "eth1")
    assert not route.Router(lambda argv, timeout: Completed(argv, 1, "FAILED", ""), 3).is_silent("10.0.0.1", "eth1")


@given(st.text())
def test_any_output_is_read_without_error(text: str) -> None:
    assert set(answer(text)) == set(route.unknown())
