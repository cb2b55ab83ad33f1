# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes that move everything are refused in whatever pieces they come, and names have a bounded number of routes."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import bounds, inputs, kernel, resolve, types
from fakes.kernel_routes import route
from fakes.routes import System, parameters, resolver, run


def pieces(text: str, *cut: str) -> list[str]:
    """Return the networks that are left of one when some are cut out."""
    left = [ipaddress.ip_network(text)]
    for hole in map(ipaddress.ip_network, cut):
        left = [
            part
            for one in left
            for part in (one.address_exclude(hole) if hole.subnet_of(one) else [one])
            if part != hole
        ]
    return [str(one) for one in left]


EVERYTHING = {
    "halves": ["0.0.0.0/1", "128.0.0.0/1"],
    "quarters": ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"],
    "without what nobody routes": pieces("0.0.0.0/0", "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"),
    "with a hole": pieces("0.0.0.0/0", "9.9.9.9/32"),
    "only public": pieces("0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "224.0.0.0/3"),
    "a half": ["0.0.0.0/1"],
    "the other half": ["128.0.0.0/1"],
    "with others beside": ["100.103.99.73/32", "0.0.0.0/1", "fd01::/64", "128.0.0.0/1"],
}
SIX = {"halves": ["::/1", "8000::/1"], "global unicast": ["2000::/3"], "quarters": ["2000::/4", "3000::/4"]}


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_default_route_in_pieces_is_refused(tmp_path, name):
    """The controller is on-link here: nothing that is looked after moves, and all else does."""
    system = System(tmp_path)
    before = system.everything()
    rows = [
        {"destination": text, "gateway": "fd00:99::1" if ":" in text else "10.99.0.253"} for text in EVERYTHING[name]
    ]
    with pytest.raises(NodeError, match=r"together they act as a default route; .* set force"):
        run(system, routes=rows, peers=["10.99.0.7"])
    assert system.everything() == before


@pytest.mark.parametrize("name", SIX)
def test_the_same_in_ipv6(tmp_path, name):
    with pytest.raises(NodeError, match="public IPv6 addresses"):
        run(System(tmp_path), routes=SIX[name], gateway="fd00:99::1")


def test_force_means_it(tmp_path):
    system = System(tmp_path)
    assert run(system, routes=EVERYTHING["halves"], gateway="10.99.0.253", force=True)["changed"] is True
    assert run(system, state="absent")["changed"] is True


def test_the_other_piece_in_another_set_or_by_hand_counts(tmp_path):
    system = System(tmp_path)
    system.kernel.append({"dst": "64.0.0.0/2", "gateway": "10.99.0.253", "dev": "idc0", "flags": []})
    with pytest.raises(NodeError, match="together they act as a default route"):
        run(system, routes=["128.0.0.0/2"], gateway="10.99.0.253")


def test_who_has_a_default_in_pieces_already_may_have_routes_of_the_cloud(tmp_path):
    """As OpenVPN leaves it."""
    system = System(tmp_path)
    for half in ("0.0.0.0/1", "128.0.0.0/1"):
        system.kernel.append({"dst": half, "gateway": "192.0.2.7", "dev": "eth0", "flags": []})
    assert run(system, routes=["100.64.0.0/10"], gateway="10.99.0.253")["changed"] is True


@pytest.mark.parametrize(
    "wanted", [["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"], ["30.0.0.0/8"], ["64.0.0.0/3"]]
)
def test_networks_are_no_default_route(wanted):
    assert bounds.everything([types.item(route(f"{text} via 10.99.0.253 dev idc0")) for text in wanted], []) == ""


@pytest.mark.parametrize("value", [0, 1, 5, 30, 3600])
def test_seconds_that_may_be(value):
    assert bounds.seconds(value) == ""


# Names.

MANY = [f"100.64.{number // 250}.{number % 250 + 1}" for number in range(4000)]


def named(system, answers, **given):
    return run(system, gateway="10.99.0.253", resolve=list(answers), answers=answers, **given)


def test_an_answer_with_too_many_addresses_adds_nothing_and_is_a_fail(tmp_path):
    system = System(tmp_path)
    result = named(system, {"bad.example": MANY, "good.example": ["100.64.200.1"]})
    assert [one["status"] for one in result["results"]] == ["fail", "pass"]
    assert result["results"][0]["summary"] == ("resolves to more than 64 addresses, so no route was added for it")
    assert system.routes() == ["100.64.200.1 via 10.99.0.253 dev idc0"]
    assert len(str(result)) < 10000


def test_exactly_as_many_as_a_name_may_have_are_taken(tmp_path):
    system = System(tmp_path)
    result = named(system, {"a.example": MANY[:64]})
    assert [one["status"] for one in result["results"]] == ["pass"]
    assert len(system.routes()) == 64


def test_all_names_together_have_a_bound(tmp_path):
    system = System(tmp_path)
    answers = {f"n{index}.example": MANY[index * 60 : index * 60 + 60] for index in range(6)}
    result = named(system, answers)
    assert [one["status"] for one in result["results"]] == ["pass"] * 4 + ["fail"] * 2
    assert "more than 256" in result["results"][5]["summary"]
    assert len(system.routes()) == 240


def test_what_earlier_runs_kept_has_the_same_bounds(tmp_path):
    """A server that answers with others each time, and a node that has thousands from an earlier version."""
    system = System(tmp_path)
    for start in range(0, 640, 64):
        named(system, {"a.example": MANY[start : start + 64]})
        assert len(system.routes()) <= 64
    assert system.routes() == sorted(f"{text} via 10.99.0.253 dev idc0" for text in MANY[576:640])
    owned = [
        types.item(route(f"{text}/32 via 10.99.0.253 dev idc0"), origin=types.RESOLVED, names=["a.example"])
        for text in MANY
    ]
    answer = resolve.resolve(["a.example"], 4, resolver({"a.example": [MANY[3999]]}))
    given = parameters(routes=[], resolve=["a.example"], gateway="10.99.0.253", live=True)
    wanted = inputs.want(given, kernel.observe(system.node()), owned, answer)
    addresses = [str(one.route.destination.network_address) for one in wanted.items]
    assert (len(addresses), MANY[3999] in addresses) == (64, True)


def test_a_bad_answer_takes_nothing_away_that_a_good_one_brought(tmp_path):
    system = System(tmp_path)
    named(system, {"a.example": ["100.64.200.1"]})
    for prune in (False, True):
        result = named(system, {"a.example": MANY}, prune=prune)
        assert (result["changed"], result["results"][0]["status"]) == (False, "fail")
        assert result["results"][0]["summary"].endswith("; routes to 100.64.200.1/32 of earlier runs stay")


@pytest.mark.parametrize("text", ["idc0\n", "idc0\n\n", "\nidc0"])
def test_an_interface_with_a_line_break_is_refused(tmp_path, text):
    given = {"live": False, "backend": "networkd", "gateway": "10.99.0.253", "routes": ["100.1.0.0/16"]}
    with pytest.raises(NodeError, match="give the name of one interface"):
        run(System(tmp_path), **given, interface=text)
