# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every mistake in the input is found, named by its variable, and answered with what is right."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import inputs, types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel as _kernel
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.resolve import Answer
from fakes.kernel_routes import route
from fakes.routes import System, parameters


@pytest.fixture
def kernel(tmp_path):
    return _kernel.observe(System(tmp_path).node())


def want(kernel, *rows, owned=(), answers=None, **given):
    found = {
        name: Answer(tuple(map(ipaddress.ip_address, text.split())), "" if text else "no such name")
        for name, text in (answers or {}).items()
    }
    given.setdefault("gateway", "10.99.0.253")
    return inputs.want(parameters(routes=list(rows), resolve=list(found), **given), kernel, list(owned), found)


def problem(kernel, *rows, **given):
    wanted = want(kernel, *rows, **given)
    assert len(wanted.problems) == 1, wanted.problems
    return wanted.problems[0][1]


def resolved(text, *names):
    return types.item(route(f"{text}/32 via 10.99.0.253 dev idc0"), origin=types.RESOLVED, names=names)


def test_defaults_and_derivation(kernel):
    wanted = want(kernel, "100.1.0.0/16", {"destination": "fd01::/64", "gateway": "fd00:99::1", "metric": 5})
    assert [one.route for one in wanted.items] == [
        route("100.1.0.0/16 via 10.99.0.253 dev idc0"),
        route("fd01::/64 via fd00:99::1 dev idc0", metric=5),
    ]
    assert [one.metric_given for one in wanted.rows] == [False, True]
    assert wanted.problems == []


def test_all_attributes(kernel):
    wanted = want(
        kernel,
        {
            "destination": "100.1.0.0/16",
            "interface": "eth0",
            "gateway": "10.0.0.1",
            "onlink": True,
            "table": 7,
            "metric": 0,
            "mtu": 1400,
            "source": "192.0.2.11",
            "comment": " registry ",
        },
    )
    assert wanted.rows[0].route == route(
        "100.1.0.0/16 via 10.0.0.1 dev eth0", onlink=True, table=7, mtu=1400, source=ipaddress.ip_address("192.0.2.11")
    )
    assert wanted.rows[0].comment == "registry"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "100.103.99.73/24",
            "routes[0].destination is '100.103.99.73/24': the address has host bits set; the network is "
            "100.103.99.0/24, the one address 100.103.99.73/32",
        ),
        ("100.1.0.0/33", "routes[0].destination is '100.1.0.0/33': the prefix length of an IPv4 network is at most 32"),
        ("", "routes[0].destination is '': give a network with its prefix length"),
        ("127.0.0.0/8", "never routed through a gateway"),
        ("239.0.0.0/8", "never routed through a gateway"),
        ("0.0.0.0/0", "name the networks that are meant, or set force: true if the default route is intended"),
        ("172.20.4.0/24", "overlaps the Pod or Service CIDR 172.20.0.0/16"),
        ("172.0.0.0/8", "overlaps the Pod or Service CIDR 172.20.0.0/16"),
        ("fd01::/64", "gateway is 10.99.0.253, which is IPv4, but routes[0].destination fd01::/64 is IPv6"),
        ({"gateway": "10.99.0.300"}, "routes[0].gateway is '10.99.0.300': give an address"),
        (
            {"gateway": "10.88.0.1"},
            "is not on-link on any interface; the networks of this node are: eth0 192.0.2.0/24; idc0",
        ),
        (
            {"gateway": "10.88.0.1", "interface": "idc0"},
            "is not on-link on idc0, whose networks are: 10.99.0.0/24, fd00:99::/64",
        ),
        ({"gateway": "10.99.0.11"}, "routes[0].gateway is 10.99.0.11, an address of this node itself (idc0)"),
        (
            {"interface": "idc9"},
            "routes[0].interface is 'idc9', which is not an interface of this node; it has eth0, idc0, lo",
        ),
        ({"metric": -1}, "routes[0].metric is -1, expected a number from 0"),
        ({"table": 255}, "routes[0].table is 255, which belongs to the kernel"),
        ({"mtu": 60}, "routes[0].mtu is 60, expected a number from 68"),
        ({"source": "10.99.0.77"}, "routes[0].source is 10.99.0.77, expected an IPv4 address of this node"),
        ({"source": "here"}, "routes[0].source is 'here': give an address"),
        ({"comment": "one\ntwo"}, "routes[0].comment is 'one\\ntwo', expected one line"),
        ({"comment": "joins the next line \\"}, "without backslash"),
        ({"comment": "two\u2028lines"}, "expected one line"),
    ],
)
def test_one_wrong_value_is_one_problem(kernel, row, said):
    row = row if isinstance(row, str) else {"destination": "100.1.0.0/16", **row}
    text = problem(kernel, row, "100.2.0.0/16", forbidden=["172.20.0.0/16"])
    assert said in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"gateway": "10.88.0.1"}, "gateway is 10.88.0.1, which is not on-link on any interface"),
        ({"gateway": "10.88.0.1", "interface": "idc0"}, "gateway is 10.88.0.1, which is not on-link on idc0"),
        ({"gateway": "gw"}, "gateway is 'gw': give an address"),
        ({"interface": "idc9"}, "interface is 'idc9', which is not an interface of this node"),
        (
            {"resolve_within": "100.64.0.1/10"},
            "resolve_within is '100.64.0.1/10': the address has host bits set; the network is 100.64.0.0/10",
        ),
        ({"forbidden": ["172.20.0.1/16"]}, "forbidden[0] is '172.20.0.1/16': the address has host bits"),
    ],
)
def test_a_wrong_default_is_said_once_however_many_routes_use_it(kernel, given, said):
    assert said in problem(kernel, *[f"100.{number}.0.0/16" for number in range(64, 100)], **given)


def test_all_problems_are_found_together(kernel):
    wanted = want(
        kernel, "100.1.0.1/16", "100.2.0.0/16", {"destination": "100.3.0.0/16", "gateway": "x"}, interface="idc9"
    )
    assert [row for row, _text in wanted.problems] == [None, 0, 2]
    assert wanted.rows == [None, None, None]


@pytest.mark.parametrize("empty", [None, ""])
def test_no_gateway_at_all(kernel, empty):
    text = problem(kernel, "100.1.0.0/16", gateway=empty)
    assert text.startswith("routes[0].gateway is not set, and the default gateway is not set either")


def test_two_interfaces_with_the_gateways_network(tmp_path):
    system = System(tmp_path)
    system.kernel.append({"dst": "10.99.0.0/24", "dev": "eth0"})
    kernel = _kernel.observe(system.node())
    assert "is on-link on eth0 and idc0; set interface to the right one" in problem(kernel, "100.1.0.0/16")
    assert want(kernel, "100.1.0.0/16", interface="idc0").items[0].route.interface == "idc0"


def test_force_allows_a_default_route(kernel):
    assert want(kernel, "0.0.0.0/0", force=True).problems == []


def test_the_same_route_twice_is_one_and_two_different_ones_contradict(kernel):
    wanted = want(kernel, "100.100.0.18/32", "100.100.0.18/32")
    assert (len(wanted.rows), len(wanted.items), wanted.problems) == (2, 1, [])
    other = {"destination": "100.100.0.18/32", "gateway": "10.99.0.9"}
    assert "routes[1] (100.100.0.18/32 via 10.99.0.9 dev idc0) conflicts with routes[0]" in problem(
        kernel, "100.100.0.18/32", other
    )
    assert want(kernel, "100.100.0.18/32", {**other, "metric": 9}).problems == []


def test_protect_takes_addresses():
    problems = []
    assert inputs.addresses(["198.51.100.9", "jump.example"], "protect", problems) == [
        ipaddress.ip_address("198.51.100.9")
    ]
    assert problems == [
        (None, "protect[1] is 'jump.example': give an address such as 10.0.0.1, without a prefix length")
    ]


def routes_of(wanted):
    return sorted(str(one.route.destination) for one in wanted.items)


def test_resolved_addresses_become_host_routes(kernel):
    wanted = want(
        kernel, "100.103.0.0/16", answers={"a.example": "100.64.0.9 100.103.1.1 203.0.113.1", "b.example": "100.64.0.9"}
    )
    assert routes_of(wanted) == ["100.103.0.0/16", "100.64.0.9/32"]
    one = wanted.items[-1]
    assert (one.origin, one.names, one.comment) == (
        "resolved",
        ("a.example", "b.example"),
        "resolved from a.example, b.example",
    )
    name = wanted.names[0]
    assert (list(map(str, name.covered)), list(map(str, name.outside))) == (["100.103.1.1"], ["203.0.113.1"])
    assert name.routes == (one.route,)


def test_an_answer_in_a_forbidden_network_is_not_routed(kernel):
    wanted = want(kernel, answers={"a.example": "100.64.0.9"}, forbidden=["100.64.0.0/16"])
    assert (wanted.items, wanted.problems) == ([], [])
    assert [str(address) for address in wanted.names[0].outside] == ["100.64.0.9"]


def test_earlier_addresses_stay_until_prune(kernel):
    old = resolved("100.64.0.1", "a.example")
    new = {"answers": {"a.example": "100.64.0.2"}, "owned": [old]}
    assert routes_of(want(kernel, **new)) == ["100.64.0.1/32", "100.64.0.2/32"]
    assert routes_of(want(kernel, **new, prune=True)) == ["100.64.0.2/32"]


def test_prune_keeps_what_a_dead_resolver_cannot_answer(kernel):
    old = [resolved("100.64.0.1", "a.example"), resolved("100.64.0.2", "left.example")]
    wanted = want(kernel, answers={"a.example": ""}, owned=old, prune=True)
    assert routes_of(wanted) == ["100.64.0.1/32"]
    assert wanted.names[0].error == "no such name"
    assert len(wanted.names[0].routes) == 1


def test_a_kept_address_follows_the_gateway_and_gives_way_to_a_declared_route(kernel):
    old = resolved("100.64.0.1", "a.example")
    kept = {"answers": {"a.example": ""}, "owned": [old]}
    assert [str(one.route.gateway) for one in want(kernel, **kept, gateway="10.99.0.9").items] == ["10.99.0.9"]
    assert routes_of(want(kernel, "100.64.0.0/16", **kept)) == ["100.64.0.0/16"]


def test_nothing_is_kept_where_no_names_are_asked_for_any_more(kernel):
    """A machine that has moved to the Internet has no gateway and no names; its set is empty then."""
    assert want(kernel, owned=[resolved("100.64.0.1", "a.example")], gateway=None).items == []


def test_declared_routes_of_the_manifest_are_not_kept(kernel):
    assert want(kernel, owned=[types.item(route("100.9.0.0/16 via 10.99.0.253 dev idc0"))]).items == []


def test_resolve_needs_a_gateway_of_its_family(kernel):
    assert "gateway is not set, but the addresses of resolve" in problem(
        kernel, answers={"a.example": "100.64.0.1"}, gateway=None
    )
    assert "is of the other address family" in problem(
        kernel, answers={"a.example": "100.64.0.1"}, gateway="fd00:99::1"
    )


def test_names_of_an_address_only_grow(kernel):
    first = want(kernel, answers={"a.example": "100.64.0.1"}).items
    second = want(kernel, answers={"b.example": "100.64.0.1"}, owned=first).items
    assert second[0].names == ("a.example", "b.example")
    third = want(kernel, answers={"a.example": "100.64.0.1"}, owned=second).items
    assert third == second


def test_resolved_routes_take_the_named_interface(tmp_path):
    system = System(tmp_path)
    system.kernel.append({"dst": "10.99.0.0/24", "dev": "eth0"})
    kernel = _kernel.observe(system.node())
    given = {"answers": {"a.example": "100.64.0.1"}}
    assert "is on-link on eth0 and idc0" in problem(kernel, **given)
    assert [one.route.interface for one in want(kernel, **given, interface="eth0").items] == ["eth0"]
    assert "interface is 'idc9'" in problem(kernel, **given, interface="idc9")


def test_the_longest_prefix_says_where_a_gateway_is(tmp_path):
    system = System(tmp_path)
    system.kernel.append({"dst": "10.99.0.0/16", "dev": "eth0"})
    kernel = _kernel.observe(system.node())
    assert want(kernel, "100.1.0.0/16").items[0].route.interface == "idc0"
    assert want(kernel, "100.1.0.0/16", interface="eth0").items[0].route.interface == "eth0"


# Network case 14: the network is in one table only, as that of a VRF.
@pytest.fixture
def in_table(tmp_path):
    system = System(tmp_path)
    system.kernel = [entry for entry in system.kernel if entry["dst"] != "10.99.0.0/24"]
    system.kernel.append({"dst": "10.99.0.0/24", "dev": "idc0", "table": "100", "scope": "link"})
    return _kernel.observe(system.node())


@pytest.mark.parametrize("interface", [None, "idc0"])
def test_a_gateway_is_looked_for_in_the_table_of_the_route(in_table, interface):
    (one,) = want(in_table, {"destination": "100.1.0.0/16", "table": 100}, interface=interface).items
    assert (one.route.interface, one.route.table) == ("idc0", 100)
    assert "is on-link in table 100 only; set table of the route to it" in problem(
        in_table, "100.1.0.0/16", interface=interface
    )


# Network case 16: a card with a /32, and a gateway that is reached on-link.
def test_a_gateway_that_nothing_uses_is_not_judged(kernel):
    row = {"destination": "100.1.0.0/16", "interface": "idc0", "onlink": True}
    assert want(kernel, row, gateway="172.31.0.1").problems == []
    assert want(kernel, dict(row, gateway="10.99.0.253"), gateway="172.31.0.1").problems == []
    assert want(kernel, gateway="172.31.0.1").problems == []
    both = want(kernel, row, gateway="172.31.0.1", answers={"a.example": "100.64.0.1"})
    assert both.problems == []
    assert [(one.route.interface, one.route.onlink) for one in both.items] == [("idc0", True)] * 2
    assert "is not on-link" in problem(kernel, gateway="172.31.0.1", answers={"a.example": "100.64.0.1"})
