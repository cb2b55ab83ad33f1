# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single lines of ip: what cannot be read is said, what has no field is kept, and what is known can be said again."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._system import ip_text
from fakes import ip_text as fake


@pytest.mark.parametrize(
    ("shown", "there", "name"),
    [
        ("idc0@if5", [], "idc0"),
        ("idc0@NONE", ["idc0"], "idc0"),
        ("a@b", ["a@b"], "a@b"),
        ("a@b@if5", ["a@b", "a"], "a@b"),
        ("a@b@if5", [], "a@b"),
    ],
)
def test_a_name_with_what_it_hangs_on(shown: str, there: list[str], name: str) -> None:
    text = fake.address([{"ifname": shown, "addr_info": [{"local": "10.0.0.1"}]}])
    (link,) = ip_text.read_links(text, there.__contains__)
    assert (link.name, link.addresses[0].dev) == (name, name)


@pytest.mark.parametrize(
    ("text", "family", "line"),
    [
        ("nonsense", 4, "nonsense"),
        ("10.0.0.0/8", 6, "10.0.0.0/8"),
        ("10.0.0.0/8 dev a\n10.0.0.0/8 via", 4, "10.0.0.0/8 via"),
        ("10.0.0.0/8 via 10.0.0.300 dev a", 4, "10.0.0.0/8 via 10.0.0.300 dev a"),
        ("10.0.0.0/8 via mpls 3 dev a", 4, "10.0.0.0/8 via mpls 3 dev a"),
        ("10.0.0.0/8 via 10.0.0.1 dev a via 10.0.0.2", 4, "10.0.0.0/8 via 10.0.0.1 dev a via 10.0.0.2"),
        ("10.0.0.0/8 dev a metric x", 4, "10.0.0.0/8 dev a metric x"),
        ("10.0.0.0/8 encap mpls 100 table 5", 4, "10.0.0.0/8 encap mpls 100 table 5"),
        ("10.0.0.0/8 dev a mtu many", 4, "10.0.0.0/8 dev a mtu many"),
        ("10.0.0.0/8 dev a mtu lock", 4, "10.0.0.0/8 dev a mtu lock"),
        ("10.0.0.0/8\n\tnexthop via 10.0.0.1 dev a weight x", 4, "10.0.0.0/8 \tnexthop via 10.0.0.1 dev a weight x"),
        ("local", 4, "local"),
    ],
)
def test_a_route_that_cannot_be_read_is_never_guessed(text: str, family: int, line: str) -> None:
    with pytest.raises(ValueError) as error:
        ip_text.read_routes(text, family)
    assert str(error.value) == line


@pytest.mark.parametrize(
    "text",
    [
        "1: lo <UP> mtu 1500",
        "x: lo: <UP> mtu 1500",
        "1: lo: <UP> mtu many",
        "1: lo: <UP>\n    inet nonsense scope host lo",
        "1: lo: <UP>\n    inet fd00::1/64 scope global lo",
        "1: lo: <UP>\n    inet 10.0.0.1 peer",
        "    inet 10.0.0.1/8 scope global lo",
    ],
)
def test_an_interface_that_cannot_be_read_is_never_guessed(text: str) -> None:
    with pytest.raises(ValueError) as error:
        ip_text.read_links(text)
    assert str(error.value) == text.splitlines()[-1]


@pytest.mark.parametrize(
    "line", ["from all lookup main", "x: from all lookup main", "1:", "1: from all lookup", "1: from all to nowhere"]
)
def test_a_rule_that_cannot_be_read_is_never_guessed(line: str) -> None:
    with pytest.raises(ValueError) as error:
        ip_text.read_rules(line + "\n", 4)
    assert str(error.value) == line


@pytest.mark.parametrize(
    ("line", "extras"),
    [
        ("nhid 5 via 10.0.0.1 dev a", (("nhid", "5"),)),
        ("encap mpls  100/200 via 10.0.0.1 dev a", (("encap", "mpls 100/200"),)),
        (
            "encap ip id 1 src 0.0.0.0 dst 10.9.9.9 ttl 0 tos 0 via 10.0.0.1 dev a",
            (("encap", "ip id 1 src 0.0.0.0 dst 10.9.9.9 ttl 0 tos 0"),),
        ),
        ("from 10.1.0.0/16 tos 0x10 via 10.0.0.1 dev a", (("from", "10.1.0.0/16"), ("tos", "0x10"))),
        ("via 10.0.0.1 dev a realm cosmos", (("realm", "cosmos"),)),
        ("via 10.0.0.1 dev a something new", (("something", ""), ("new", ""))),
        # Old ip, new kernel: the numbers of metrics that it does not know.
        ("via 10.0.0.1 dev a metric 17 1", (("metric 17", "1"),)),
        ("via 10.0.0.1 dev a mtu 1400 metric 17 lock 1", (("metric 17", "lock 1"),)),
        ("via 10.0.0.1 dev a metric 9 error 5", (("error", "5"),)),
    ],
)
def test_what_has_no_field_is_kept_and_not_said_again(line: str, extras: tuple) -> None:
    (route,) = ip_text.read_routes(f"10.0.0.0/8 {line} \n", 4)
    assert (route.extras, str(route.gateway), route.interface) == (extras, "10.0.0.1", "a")
    assert ip_text.say_route(route, 254) == ""


@pytest.mark.parametrize(
    ("line", "family", "words"),
    [
        (
            "10.0.0.0/8 via inet6 fe80::1 dev a",
            4,
            "10.0.0.0/8 via inet6 fe80::1 dev a proto boot scope global metric 0",
        ),
        ("10.0.0.0/8 dev a linkdown", 4, "10.0.0.0/8 dev a proto boot scope global metric 0"),
        ("0/1 dev a", 4, "0.0.0.0/1 dev a proto boot scope global metric 0"),
        ("unreachable ::ffff:0.0.0.0/96 dev lo metric 7", 6, "unreachable ::ffff:0:0/96 proto boot metric 7"),
        (
            "blackhole fd00::/8 dev lo metric 7 error 4294967274 pref medium",
            6,
            "blackhole fd00::/8 proto boot metric 7",
        ),
        ("10.0.0.0/8 dev a metric 9 metric 17 1", 4, ""),
        ("10.0.0.0/8 dev a features ecn 0x3", 4, ""),
        ("10.0.0.0/8 dev a features 0x2", 4, ""),
        ("10.0.0.0/8\n\tnexthop via 10.0.0.1 dev a weight 1 realm 7", 4, ""),
        ("default dev ppp0 scope link", 4, "0.0.0.0/0 dev ppp0 proto boot scope link metric 0"),
        ("fd00::/8 via fe80::1 dev a pref medium", 6, "fd00::/8 via fe80::1 dev a proto boot metric 1024"),
        ("fd00::/8 via fe80::1 dev a pref high", 6, ""),
        ("10.0.0.0/8 dev a unresolved", 4, ""),
        ("10.0.0.0/8\n\tnexthop encap mpls 9 via 10.0.0.1 dev a weight 1", 4, ""),
    ],
)
def test_a_route_in_the_words_that_make_it(line: str, family: int, words: str) -> None:
    (route,) = ip_text.read_routes(line, family)
    assert ip_text.say_route(route, 77) == (f"{words} table 77" if words else "")
    assert ip_text.say_route(route, -1) == ""


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ("mtu 1400 features ecn rto_min lock 200ms", "mtu 1400 features ecn rto_min 200ms"),
        ("rtt 1.5s rttvar 5ms congctl lock cubic", "rtt 1.5s rttvar 5ms congctl lock cubic"),
    ],
)
def test_metrics_in_the_words_that_make_them(metrics: str, words: str) -> None:
    (route,) = ip_text.read_routes(f"10.0.0.0/8 dev a metric 5 {metrics} \n", 4)
    assert ip_text.say_route(route, 254) == f"10.0.0.0/8 dev a proto boot scope global metric 5 table 254 {words}"


@pytest.mark.parametrize(
    "name",
    [
        *("mtu", "window", "rtt", "rttvar", "ssthresh", "cwnd", "advmss", "reordering", "hoplimit", "initcwnd"),
        *("features", "rto_min", "initrwnd", "quickack", "congctl", "fastopen_no_cookie"),
    ],
)
def test_every_metric_of_the_kernel_is_known(name: str) -> None:
    (route,) = ip_text.read_routes(f"10.0.0.0/8 dev a {name} 5 {'mtu' if name != 'mtu' else 'advmss'} 1400 \n", 4)
    assert (dict(route.metrics)[name], len(route.metrics), route.extras) == ("5", 2, ())


@pytest.mark.parametrize(
    "name",
    [
        *("dead", "onlink", "pervasive", "offload", "trap", "notify", "linkdown", "unresolved"),
        *("rt_offload", "rt_trap", "rt_offload_failed", "cache"),
    ],
)
def test_every_flag_is_known(name: str) -> None:
    (route,) = ip_text.read_routes(f"10.0.0.0/8 via 10.0.0.1 dev a {name} mtu 1400 \n", 4)
    assert (route.flags, route.mtu, route.extras) == ((name,), 1400, ())
    passing = name in ("dead", "pervasive", "offload", "trap", "linkdown", "rt_offload", "rt_trap")
    words = "10.0.0.0/8 via 10.0.0.1 dev a proto boot scope global metric 0 table 254 mtu 1400"
    assert ip_text.say_route(route, 254) == (f"{words} onlink" if name == "onlink" else words if passing else "")


@pytest.mark.parametrize(
    "word", ["tos", "nhid", "realm", "realms", "mark", "uid", "iif", "oif", "expires", "users", "age", "ttl-propagate"]
)
def test_a_value_behind_any_word_is_no_word_of_its_own(word: str) -> None:
    (route,) = ip_text.read_routes(f"10.0.0.0/8 dev a {word} table metric 7 \n", 4)
    assert (route.extras, route.table, route.metric) == (((word, "table"),), "main", 7)


@pytest.mark.parametrize(
    "word",
    [
        *("tos", "dsfield", "dscp", "flowlabel", "fwmark", "iif", "oif", "uidrange", "ipproto", "sport", "dport"),
        *("tun_id", "suppress_ifgroup", "realms", "goto", "map-to", "proto"),
    ],
)
def test_a_value_behind_any_word_of_a_rule_is_no_word_of_its_own(word: str) -> None:
    (rule,) = ip_text.read_rules(f"9:\tfrom all {word} not lookup 77 \n", 4)
    assert (rule.negated, rule.table, rule.source) == (False, "77", "all")
    assert ip_text.read_rules(f"9:\t{word} 1 lookup 77\n", 4)[0].source == "all"


def test_old_versions_forget_a_blank_behind_nexthop() -> None:
    (route,) = ip_text.read_routes("10.0.0.0/8 \n\tnexthopvia inet6 fe80::1  dev a weight 1\n", 4)
    assert route.hops == (ip_text.Hop(ipaddress.ip_address("fe80::1"), "a", 1, (), ()),)


def test_a_rule_for_an_interface_that_is_called_like_a_word() -> None:
    (rule,) = ip_text.read_rules("9:\tnot from all iif lookup [detached] oif to lookup 77 realms a/b \n", 4)
    assert (rule.table, rule.to, rule.negated) == ("77", None, True)


def test_old_versions_say_the_preference_behind_the_hops() -> None:
    text = "fd00::/8 metric 9 \n\tnexthop via fd01::1 dev a weight 1\n\tnexthop via fd01::2 dev b weight 1 pref high\n"
    (route,) = ip_text.read_routes(text, 6)
    assert (route.pref, [hop.interface for hop in route.hops]) == ("high", ["a", "b"])
