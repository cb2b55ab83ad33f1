# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each host is in one place of the path of its site, and that place is the one that an engineer would name."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.messages import PROBLEMS
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import terminal
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import STOPS, paths
from fakes.report import endpoint, run, verdict
from hypothesis import given
from hypothesis import strategies as st

GOOD = endpoint("oss", "100.103.0.1")
HOP = {"gateway": "10.0.0.1", "interface": "idc0", "source": "10.0.0.11"}


def broken(problem: str, name: str = "acr", status: str = "fail", **data: Any) -> dict[str, Any]:
    return endpoint(name, "100.103.0.2", problem, **data) | {"status": status}


def document(hosts: dict[str, Any], **places: dict[str, str]) -> dict[str, Any]:
    """Return a document; ``places`` are region, site and access mode of a host where they are others."""
    made = run(hosts=hosts)
    for name, where in places.items():
        made["hosts"][name] |= where
    return made


def only(found: dict[str, Any]) -> Any:
    (path,) = paths(found)
    return path


def test_where_the_hosts_of_a_site_end() -> None:
    dead = [broken("route.next_hop", name, via=HOP) for name in ("acr", "oss")]
    path = only(document({
        "a": [GOOD], "b": dead, "c": dead[:1], "d": [GOOD, broken("tcp.refused")], "e": "No route to host", "f": None,
        "g": [verdict("swap")], "h": [GOOD, broken("udp.silent", status="unproven")],
    }, e={"site": "idc1"}, f={"site": "idc1"}))  # fmt: skip
    assert (path.name, path.region, path.hosts) == ("idc1", "cn-beijing", 8)
    assert [(end.stop, end.place, end.why, end.checks, end.hosts) for end in path.ends] == [
        ("next_hop", "at the next hop 10.0.0.1", "it does not answer", ["acr", "oss"], ["b", "c"]),
        ("service", "at the service", "connections are refused", ["acr"], ["d"]),
    ]
    assert (path.through, path.unproven) == (["a"], ["h"])
    assert path.unknown == {"unreachable": ["e"], "not started": ["f"], "path not checked": ["g"]}
    assert [*path.stops] == ["host", "next_hop", "network", "service"]
    assert path.next_hops == {"10.99.0.253": 3, "10.0.0.1": 2}
    assert path.endpoints == 2


def lines(found: dict[str, Any]) -> list[str]:
    return terminal.as_lines(found, [], paths=paths(found))


@pytest.mark.parametrize(
    ("problem", "data", "where", "why"),
    [
        ("route.none", {"via": {}}, "at the host", "no route"),
        ("dns.nxdomain", {}, "at the host", "names do not resolve (nameserver 10.98.0.254)"),
        (
            "dns.timeout",
            {"dns": {"source": "", "servers": [{"server": "10.0.0.53"}]}},
            "at the host",
            "DNS does not answer (nameserver 10.0.0.53)",
        ),
        ("address.public", {}, "at the host", "names resolve to wrong addresses (nameserver 10.98.0.254)"),
        ("tcp.forbidden", {}, "at the host", "the host itself blocks the connection"),
        ("route.next_hop", {}, "at the next hop 10.99.0.253", "it does not answer"),
        ("route.next_hop", {"via": {"interface": "eth0"}}, "at the next hop 100.103.0.2", "it does not answer"),
        ("tcp.timeout", {}, "on the leased line behind 10.99.0.253", "connections time out"),
        ("tcp.timeout", {"via": {"gateway": ""}}, "on the leased line", "connections time out"),
        ("tls.mtu", {}, "on the leased line behind 10.99.0.253", "large packets are lost (MTU)"),
        ("ntp.silent", {}, "on the leased line behind 10.99.0.253", "time servers do not answer"),
        ("tcp.refused", {}, "at the service", "connections are refused"),
        ("tls.expired", {}, "at the service", "the certificate is not accepted"),
        ("tls.reset", {}, "at the service", "TLS handshakes fail"),
        ("http.timeout", {}, "at the service", "no usable HTTP answer"),
        ("ntp.kiss", {}, "at the service", "no usable time"),
        ("proxy.status", {"via": {"proxy": "p:3128"}}, "at the proxy p:3128", "it does not carry the connection"),
        ("tcp.refused", {"via": {"proxy": "p:3128"}}, "at the proxy p:3128", "connections are refused"),
        ("deadline", {"stage": "tls"}, "at the service", "the check did not finish"),
        ("deadline", {"stage": "tcp"}, "on the leased line behind 10.99.0.253", "the check did not finish"),
    ],
)
def test_each_kind_of_end(problem: str, data: dict[str, Any], where: str, why: str) -> None:
    (end,) = only(document({"a": [broken(problem, **data)]})).ends
    assert (end.place, end.why) == (where, why)


@pytest.mark.parametrize(
    "problem", [one for one in PROBLEMS if one not in ("deadline", "internal", "ntp.far", "ntp.unsure")]
)
def test_every_problem_has_an_end_of_its_own(problem: str) -> None:
    (end,) = only(document({"a": [broken(problem)]})).ends
    assert end.stop in STOPS
    assert end.why != "the check did not finish"


@pytest.mark.parametrize("problem", ["ntp.far", "ntp.unsure"])
def test_a_wrong_clock_is_no_end_of_a_path(problem: str) -> None:
    assert only(document({"a": [broken(problem)]})).through == ["a"]


def test_what_a_host_does_not_need_ends_nothing() -> None:
    item = broken("tcp.timeout")
    item["data"]["required"] = False
    assert only(document({"a": [item]})).through == ["a"]


def test_a_host_ends_where_most_of_its_endpoints_do_and_else_nearest() -> None:
    refused, timeout = broken("tcp.refused", "one"), broken("tcp.timeout", "two")
    assert only(document({"a": [refused, timeout]})).ends[0].stop == "network"
    assert only(document({"a": [refused, timeout, broken("tcp.refused", "three")]})).ends[0].stop == "service"


@pytest.mark.parametrize("problem", ["route.none", "route.next_hop", "tcp.timeout"])
def test_dns_behind_a_dead_line_is_not_the_end(problem: str) -> None:
    names = [broken("dns.timeout", f"name{number}") for number in range(5)]
    (end,) = only(document({"a": [*names, broken(problem)]})).ends
    assert not end.why.startswith("DNS")
    assert end.checks == ["acr"]
    (end,) = only(document({"a": [*names, broken("tcp.refused")]})).ends
    assert end.why.startswith("DNS does not answer")


def test_the_internet_shows_a_next_hop_only_where_the_path_ends_there() -> None:
    mode = {"access_mode": "internet"}
    path = only(document({"a": [GOOD]}, a=mode))
    assert path.stops == {"host": "Host", "network": "Internet", "service": "Service"}
    path = only(document({"a": [broken("tcp.timeout")]}, a=mode))
    assert path.ends[0].place == "on the internet behind 10.99.0.253"
    path = only(document({"a": [broken("route.next_hop")]}, a=mode))
    assert [*path.stops] == ["host", "next_hop", "network", "service"]
    path = only(document({"a": [endpoint("x", "1.2.3.4", via={"proxy": "p:3128"})]}, a=mode))
    assert [*path.stops] == ["host", "proxy", "network", "service"]


def test_each_site_has_its_path_worst_first_and_names_differ() -> None:
    bad = [broken("tcp.timeout")]
    west, cloud = {"site": "west"}, {"site": "west", "access_mode": "internet"}
    found = paths(document({"a": [GOOD], "b": bad, "c": bad, "d": [GOOD], "e": [GOOD]}, b=west, c=west, d=cloud))
    assert [(path.name, path.hosts) for path in found] == [
        ("west (cn-beijing, leased line)", 2), ("idc1", 2), ("west (cn-beijing, internet)", 1),
    ]  # fmt: skip


def test_a_host_that_was_not_reached_is_on_the_path_of_its_site() -> None:
    known = {"site": "idc1", "region": "", "access_mode": ""}
    found = paths(document({"a": [GOOD], "b": "no route to host", "c": None}, b=known, c=known))
    assert [path.hosts for path in found] == [3]
    # Which of two paths would be a guess.
    other = {"access_mode": "internet"}
    found = paths(document({"a": [GOOD], "b": "no route to host", "d": [GOOD]}, b=known, d=other))
    assert sorted(path.hosts for path in found) == [1, 1, 1]


def test_a_run_that_did_not_look_at_paths_has_none() -> None:
    assert paths(document({"a": [verdict("swap")], "b": None})) == []
    skipped = broken("", status="skipped")
    assert paths(document({"a": [skipped]})) == []


def test_the_next_hop_that_was_asked_for_is_named_where_nothing_was_sent() -> None:
    asked = verdict("leased_line", data={"gateway": "10.0.0.9"})
    assert only(document({"a": [asked, broken("route.none", via={})]})).next_hops == {"10.0.0.9": 1}


def test_the_terminal_says_where_paths_end_in_a_line_of_each_site() -> None:
    dead = [broken("route.next_hop", via=HOP)]
    hosts = {f"a{number}": dead for number in range(12)} | {"b": [broken("tcp.refused")]}
    hosts |= {f"c{number}": [GOOD] for number in range(27)}
    found = document(hosts)
    assert lines(found)[-1] == (
        "  path idc1: 12 of 40 hosts end at the next hop 10.0.0.1: it does not answer; "
        "1 at the service: connections are refused"
    )
    assert lines(document({"a": [GOOD]}))[1:] == []
    alone = document({"b": [broken("tcp.refused")]}, b={"site": "", "region": ""})
    assert lines(alone)[1:] == ["  path: 1 of 1 host ends at the service: connections are refused"]
    many = document(
        {f"a{number}": dead for number in range(7)}, **{f"a{number}": {"site": f"s{number}"} for number in range(7)}
    )
    assert lines(many)[-1] == "  and 2 more paths that end, which the report has"


def test_the_terminal_leaves_out_what_a_run_fixes() -> None:
    item = broken("route.none", via={}, fixed_by="prepare_edge")
    found = document({"a": [item]})
    assert only(found).ends[0].fixed_by == "prepare_edge"
    assert [line for line in lines(found) if "path" in line] == []


PROBLEM = st.sampled_from(["", *PROBLEMS, "new.one"])
VIA = st.fixed_dictionaries(
    {}, optional={"gateway": st.sampled_from(["", "10.0.0.1", "10.0.0.2", 7]), "proxy": st.text()}
)
ITEM = st.builds(
    lambda problem, status, required, **data: broken(problem, status=status, **data) | {
        "data": broken(problem, **data)["data"] | {"required": required}},
    PROBLEM, st.sampled_from(["pass", "warn", "fail", "unproven", "skipped"]), st.booleans(),
    via=VIA | st.text(), stage=st.sampled_from(["", "dns", "tcp", "tls", "new"]),
    dns=st.none() | st.fixed_dictionaries({"source": st.just(""), "servers": st.lists(st.text(), max_size=1)}),
)  # fmt: skip
HOST = st.lists(ITEM, max_size=4) | st.just("no route to host") | st.none()
PLACE = st.fixed_dictionaries({
    "site": st.sampled_from(["", "a", "b"]), "region": st.sampled_from(["", "cn-beijing"]),
    "access_mode": st.sampled_from(["", "leased_line", "internet"]),
})  # fmt: skip


@given(st.dictionaries(st.text(max_size=3), st.tuples(HOST, PLACE), min_size=1, max_size=6))
def test_the_numbers_of_the_paths_add_up_to_the_hosts(fleet: dict[str, Any]) -> None:
    made = run(hosts={name: host for name, (host, _place) in fleet.items()})
    for name, (_host, where) in fleet.items():
        made["hosts"][name] |= where
    found = paths(made)
    if not found:
        return
    placed = [
        name
        for path in found
        for names in (*(end.hosts for end in path.ends), path.through, path.unproven, *path.unknown.values())
        for name in names
    ]
    assert sorted(placed) == sorted(fleet)
    assert sum(path.hosts for path in found) == len(fleet)
    for path in found:
        assert {end.stop for end in path.ends} <= set(path.stops)
        assert all(end.hosts and end.checks for end in path.ends)
        assert [*path.stops] == [stop for stop in STOPS if stop in path.stops]
        assert sum(path.next_hops.values()) <= path.hosts
