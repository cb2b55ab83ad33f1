# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as iptables lists them, and our rules there and back."""

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import iptables as xt
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Item,
    by_version,
    merge,
    spread,
)
from fakes.firewall import KUBELET, items_of
from hypothesis import given
from hypothesis import strategies as st

PREFIX = "ack-edge set "
CHAIN = "ACK-EDGE-SET"


def rules_of(item, version=4):
    return [
        rule
        for family, intervals in by_version(item)
        if family == version
        for rule in xt.rules_of(item, "iptables-nft", version, intervals)
    ]


def networks(version):
    kind, bits = (ipaddress.IPv4Network, 32) if version == 4 else (ipaddress.IPv6Network, 128)
    return st.builds(
        lambda address, length: kind((address, length), strict=False), st.integers(0, 2**bits - 1), st.integers(0, bits)
    )


PORTS = st.lists(st.tuples(st.integers(1, 65535), st.integers(0, 500)), min_size=1, max_size=40).map(
    lambda pairs: merge((first, min(first + more, 65535)) for first, more in pairs)
)
ITEMS = st.sampled_from((4, 6)).flatmap(
    lambda version: st.builds(
        lambda protocol, ports, sources: (version, Item("a b:/+", protocol, ports, tuple(sources), "")),
        st.sampled_from(("tcp", "udp")),
        PORTS,
        st.lists(networks(version), min_size=1, max_size=4),
    )
)


@given(ITEMS)
def test_a_rule_survives_its_text_and_all_rules_open_the_item_and_no_more(pair):
    version, item = pair
    rules = rules_of(item, version)
    table = xt.parse_listing("".join(xt.rule_text(rule, CHAIN, PREFIX) + "\n" for rule in rules))
    parsed = [xt.parse_rule(line.words, "iptables-nft", version, PREFIX) for line in table.chains[CHAIN]]
    assert parsed == rules
    assert all(sum(1 if first == last else 2 for first, last in rule.ports) <= 15 for rule in rules)
    by_source = {}
    for rule in rules:
        by_source.setdefault(rule.sources, []).extend(rule.ports)
    assert all(merge(ports) == item.ports for ports in by_source.values())
    assert merge(pair for sources in by_source for pair in sources) == dict(by_version(item))[version]


@pytest.mark.parametrize(
    ("ports", "match"),
    [
        (["10250"], "-m tcp --dport 10250"),
        (["30000-32767"], "-m tcp --dport 30000:32767"),
        (["10250", "10255-10256"], "-m multiport --dports 10250,10255:10256"),
    ],
)
def test_the_text_is_what_iptables_prints(ports, match):
    (item,) = items_of(dict(KUBELET, ports=ports))
    assert [xt.rule_text(rule, CHAIN, PREFIX) for rule in rules_of(item)] == [
        f'-A {CHAIN} -s 192.168.0.0/16 -p tcp {match} -m comment --comment "{PREFIX}kubelet" -j ACCEPT'
    ]


def test_any_source_has_no_source_in_its_text_as_iptables_prints_it():
    item = Item("open", "udp", ((53, 53),), (ipaddress.ip_network("::/0"),), "")
    (rule,) = rules_of(item, 6)
    text = xt.rule_text(rule, CHAIN, PREFIX)
    assert text.startswith(f"-A {CHAIN} -p udp ")
    assert xt.parse_rule(xt.parse_listing(text).chains[CHAIN][0].words, "iptables-nft", 6, PREFIX) == rule


@pytest.mark.parametrize(
    "words",
    [
        "-s 10.0.0.0/8 -p tcp -m tcp --dport 1 -j ACCEPT",
        '-s 10.0.0.0/8 -p tcp -m tcp --dport 1 -m comment --comment "ack-edge other x" -j ACCEPT',
        '-s 10.0.0.0/8 -p tcp -m tcp --dport 1 -m comment --comment "ack-edge set x" -j DROP',
        '! -s 10.0.0.0/8 -p tcp -m tcp --dport 1 -m comment --comment "ack-edge set x" -j ACCEPT',
        '-s 10.0.0.0/8 -i eth0 -p tcp -m tcp --dport 1 -m comment --comment "ack-edge set x" -j ACCEPT',
        '-s 10.0.0.0/8 -p tcp -m comment --comment "ack-edge set x" -j ACCEPT',
        '-s 10.0.0.0/8 -p icmp -m tcp --dport 1 -m comment --comment "ack-edge set x" -j ACCEPT',
        '-s 10.0.0.0/8 -p tcp -m tcp --dport http -m comment --comment "ack-edge set x" -j ACCEPT',
        '-s fd00::/8 -p tcp -m tcp --dport 1 -m comment --comment "ack-edge set x" -j ACCEPT',
        '-s 10.0.0.0/8 -p tcp -m limit --dport 1 -m comment --comment "ack-edge set x" -j ACCEPT',
        "",
    ],
)
def test_another_form_is_no_rule_of_ours(words):
    line = xt.parse_listing(f"-N {CHAIN}\n-A {CHAIN} {words}\n").chains[CHAIN][0]
    assert xt.parse_rule(line.words, "iptables-nft", 4, PREFIX) is None


@given(st.from_regex(r"\A[a-z0-9][a-z0-9_.-]{0,62}\Z"), st.from_regex(r"\A[a-z0-9][a-z0-9_.-]{0,62}\Z"))
def test_the_name_of_the_chain_fits_the_kernel_and_tells_sets_apart(one, two):
    assert len(xt.chain_name(one)) <= 28
    assert (xt.chain_name(one) == xt.chain_name(two)) == (one == two)


def test_long_names_that_begin_alike_have_chains_of_their_own():
    assert xt.chain_name("a" * 62 + "b") != xt.chain_name("a" * 62 + "c")
    assert xt.chain_name("ack-edge") == "ACK-EDGE-ACK-EDGE"


@given(ITEMS)
def test_few_rules_cover_all(pair):
    version, item = pair
    rules = rules_of(item, version)
    (one,) = spread(rules)
    assert one.ports == item.ports
    assert one.sources == dict(by_version(item))[version]
