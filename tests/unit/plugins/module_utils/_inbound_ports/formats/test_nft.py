# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nft prints, typed: shapes as nft 1.0.6 writes them."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import nft
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Rule, merge
from fakes.nft import DROPPING, FakeNft, expressions
from hypothesis import given
from hypothesis import strategies as st

PREFIX = "ack-edge ack-edge "
DPORT = {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}
SADDR = {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "10.0.0.1"}}
ACCEPT, DROP = {"accept": None}, {"drop": None}


def ranges(last, size):
    pairs = st.tuples(st.integers(0, last), st.integers(0, size)).map(lambda pair: (pair[0], min(sum(pair), last)))
    return st.lists(pairs, min_size=1, max_size=4).map(merge)


@given(st.sampled_from([4, 6]), st.sampled_from(["tcp", "udp"]), ranges(2**32 - 1, 2**12), ranges(65535, 100))
def test_a_rule_that_was_written_reads_back_as_itself(version, protocol, sources, ports):
    rule = Rule(DROPPING, version, protocol, sources, ports, "kubelet")
    raw = {"expr": expressions(nft.insert_text(rule, PREFIX)), "comment": PREFIX + "kubelet"}
    assert nft.parse_rule(DROPPING, raw, PREFIX) == rule


def test_ranges_that_nft_made_of_our_networks_read_back_the_same():
    source = {"set": [{"range": ["10.0.0.0", "10.0.2.255"]}, "10.3.0.1"]}
    port = {"set": [{"range": [77, 78]}, 80]}
    expr = [
        dict(SADDR, match=dict(SADDR["match"], right=source)),
        dict(DPORT, match=dict(DPORT["match"], right=port)),
        ACCEPT,
    ]
    rule = nft.parse_rule(DROPPING, {"expr": expr, "comment": PREFIX + "x"}, PREFIX)
    assert nft.rule_text(rule, PREFIX) == (
        'ip saddr { 10.0.0.0/23, 10.0.2.0/24, 10.3.0.1 } tcp dport { 77-78, 80 } accept comment "ack-edge ack-edge x"'
    )


@pytest.mark.parametrize(
    "expr",
    [
        [SADDR, DPORT, DROP],
        [SADDR, DPORT],
        [DPORT, SADDR, ACCEPT],
        [SADDR, DPORT, {"counter": {"packets": 0, "bytes": 0}}, ACCEPT],
        [{"match": dict(SADDR["match"], op="!=")}, DPORT, ACCEPT],
        [{"match": dict(SADDR["match"], right="@set")}, DPORT, ACCEPT],
        [SADDR, {"match": dict(DPORT["match"], right={"set": ["ssh"]})}, ACCEPT],
        [DPORT, DPORT, ACCEPT],
        [ACCEPT, ACCEPT, ACCEPT],
    ],
)
def test_another_form_is_no_rule_of_ours(expr):
    assert nft.parse_rule(DROPPING, {"expr": expr, "comment": PREFIX + "x"}, PREFIX) is None


def drops(fake, key=DROPPING):
    ruleset = nft.Ruleset(fake.document())
    return ruleset.can_drop(ruleset.chains[key])


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ([DPORT, DROP], True),
        ([DPORT, {"reject": {"type": "icmp", "expr": "port-unreachable"}}], True),
        ([DPORT, ACCEPT], False),
        ([{"xt": {"type": "target", "name": "REJECT"}}], True),
        ([{"xt": {"type": "match", "name": "conntrack"}}, ACCEPT], False),
        ([{"xt": None}, ACCEPT], False),
        ([{"vmap": {"key": DPORT["match"]["left"], "data": {"set": [[80, ACCEPT], [81, DROP]]}}}], True),
        ([{"jump": {"target": "blocked"}}], True),
        ([{"goto": {"target": "blocked"}}], True),
        ([{"vmap": {"key": DPORT["match"]["left"], "data": {"set": [[81, {"jump": {"target": "blocked"}}]]}}}], True),
        ([{"jump": {"target": "KUBE-FIREWALL"}}], False),
        ([{"jump": {"target": "f2b-sshd"}}], False),
        ([{"jump": {"target": "around"}}], False),
    ],
)
def test_what_can_drop(expr, expected):
    fake = FakeNft(DROPPING, policy="accept")
    for name in ("blocked", "KUBE-FIREWALL", "f2b-sshd", "around"):
        fake.add_chain(("inet", "filter", name), hook=None)
    fake.add_rule(("inet", "filter", "blocked"), DROP)
    fake.add_rule(("inet", "filter", "KUBE-FIREWALL"), DROP)
    fake.add_rule(("inet", "filter", "f2b-sshd"), DROP)
    fake.add_rule(("inet", "filter", "around"), {"jump": {"target": "around"}})
    fake.add_rule(DROPPING, *expr)
    assert drops(fake) is expected


def test_a_named_verdict_map_is_followed():
    fake = FakeNft(DROPPING, policy="accept")
    fake.add_rule(DROPPING, {"vmap": {"key": DPORT["match"]["left"], "data": "@m"}})
    document = fake.document()
    document["nftables"].append({"map": {"family": "inet", "table": "filter", "name": "m", "elem": [[23, DROP]]}})
    ruleset = nft.Ruleset(document)
    assert ruleset.can_drop(ruleset.chains[DROPPING])
    assert not drops(fake)


def test_policy_drop_can_drop():
    assert drops(FakeNft(DROPPING))


def test_input_chains_are_those_that_people_made():
    fake = FakeNft(
        DROPPING,
        ("ip", "mine", "in"),
        ("inet", "firewalld", "filter_INPUT"),
        ("ip", "kube-proxy", "in"),
        ("ip", "filter", "INPUT"),
        ("bridge", "filter", "input"),
    )
    fake.add_chain(("inet", "filter", "forward"), hook="forward")
    fake.add_chain(("inet", "filter", "plain"), hook=None)
    ruleset = nft.Ruleset(fake.document())
    assert [chain.key for chain in ruleset.input_chains()] == [DROPPING, ("ip", "mine", "in")]
    assert [chain.key for chain in ruleset.input_chains(iptables=True)] == [("ip", "filter", "INPUT")]


def test_nothing_loaded_is_an_empty_ruleset():
    assert nft.Ruleset(None).input_chains() == []
