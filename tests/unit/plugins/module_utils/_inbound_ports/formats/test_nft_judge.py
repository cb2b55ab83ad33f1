# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of others as nft lists them: which may drop what we let in. The real nft is asked in the integration tests."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.nft import Ruleset
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.nft_judge import blocking, can_drop
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Rule
from hypothesis import given
from hypothesis import strategies as st

PLACE = ("inet", "filter", "input")
OURS = Rule(PLACE, 4, "tcp", ((0xC0A80000, 0xC0A8FFFF),), ((10250, 10250),), "kubelet")
DROP = {"drop": None}


def match(left, right, op="=="):
    return {"match": {"op": op, "left": left, "right": right}}


SADDR = {"payload": {"protocol": "ip", "field": "saddr"}}
TCP_FLAGS = {"payload": {"protocol": "tcp", "field": "flags"}}


def payload(protocol, field, right, op="=="):
    return match({"payload": {"protocol": protocol, "field": field}}, right, op)


def judged(*expr, chains=()):
    rules = [{"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 1, "expr": list(expr)}}]
    others = [{"chain": {"family": "inet", "table": "filter", "name": name}} for name, _expr in chains]
    others += [{"rule": {"family": "inet", "table": "filter", "chain": name, "handle": 2, "expr": inner}}
               for name, inner in chains]  # fmt: skip
    base = {"chain": {"family": "inet", "table": "filter", "name": "input", "hook": "input", "type": "filter"}}
    ruleset = Ruleset({"nftables": [base, *others, *rules]})
    return blocking(ruleset, ruleset.chains[PLACE].rules, OURS) is not None


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ([DROP], True),
        ([{"accept": None}], False),
        ([payload("ip", "saddr", "192.168.3.4"), DROP], True),
        ([payload("ip", "saddr", "10.0.0.1"), DROP], False),
        ([payload("ip", "saddr", {"prefix": {"addr": "192.0.0.0", "len": 8}}), DROP], True),
        ([payload("ip", "saddr", {"range": ["10.0.0.1", "192.168.0.1"]}), DROP], True),
        ([payload("ip", "saddr", "10.0.0.1", "!="), DROP], True),
        # What a set holds that is not listed nobody knows.
        ([payload("ip", "saddr", "@blocklist"), DROP], True),
        ([payload("ip6", "saddr", "fd00::1"), DROP], False),
        ([payload("tcp", "dport", {"set": [22, {"range": [10000, 11000]}]}), DROP], True),
        ([payload("tcp", "dport", 22), DROP], False),
        ([payload("tcp", "flags", "syn"), DROP], True),
        ([payload("tcp", "flags", ["fin", "syn"], "in"), DROP], True),
        ([payload("tcp", "flags", {"|": ["fin", "syn"]}), DROP], False),
        ([payload("tcp", "flags", "syn", "!="), DROP], False),
        ([match({"&": [TCP_FLAGS, {"|": ["fin", "syn"]}]}, {"|": ["fin", "syn"]}), DROP], False),
        ([match({"&": [TCP_FLAGS, {"|": ["fin", "syn", "rst", "ack"]}]}, "syn"), DROP], True),
        ([match({"&": [TCP_FLAGS, {"|": ["fin", "syn", "rst", "ack"]}]}, "syn", "!="), DROP], False),
        ([match({"&": [TCP_FLAGS, ["fin", "psh", "urg"]]}, 0), DROP], True),
        ([match({"&": [{"payload": {"protocol": "ip", "field": "frag-off"}}, 8191]}, 0, "!="), DROP], False),
        ([payload("udp", "dport", 10250), DROP], False),
        ([payload("th", "dport", 10250), DROP], True),
        ([payload("ip", "protocol", 6), DROP], True),
        ([payload("ip", "protocol", "udp"), DROP], False),
        ([payload("ip", "protocol", "tcp", "!="), DROP], False),
        ([match({"meta": {"key": "l4proto"}}, {"set": ["tcp", "udp"]}), DROP], True),
        ([match({"ct": {"key": "state"}}, ["invalid"], "in"), DROP], False),
        ([match({"ct": {"key": "state"}}, ["established", "new"], "in"), DROP], True),
        ([match({"ct": {"key": "state"}}, "established", "!="), DROP], True),
        ([match({"meta": {"key": "mark"}}, 1), DROP], True),
        ([match({"&": [{"meta": {"key": "mark"}}, 255]}, 1), DROP], True),
        ([match({"meta": {"key": "oifname"}}, "eth0"), DROP], False),
        ([match({"meta": {"key": "pkttype"}}, {"set": ["broadcast", "multicast"]}), DROP], False),
        ([match({"ct": {"key": "mark"}}, 1), DROP], True),
        ([payload("ip", "ttl", 1), DROP], True),
        ([payload("ether", "saddr", "02:00:00:00:00:01"), DROP], True),
        ([payload("icmp", "type", "echo-request"), DROP], False),
        ([match({"exthdr": {"name": "rt"}}, True), DROP], False),
        ([match({"socket": {"key": "mark"}}, 1), DROP], True),
        ([{"limit": {"rate": 1}}, DROP], True),
        ([payload("tcp", "dport", 22), {"limit": {"rate": 1}}, DROP], False),
        ([{"ct count": {"val": 9, "inv": True}}, DROP], True),
        ([{"set": {"op": "add", "elem": {}, "set": "@flood"}}, DROP], True),
        ([{"xt": {"type": "match", "name": "recent"}}, DROP], True),
        ([{"xt": None}, DROP], True),
        ([{"queue": {"num": 0}}], True),
        ([{"other": "icmp"}, DROP], False),
        ([{"other": "osf"}, DROP], True),
        ([{"counter": {}}, {"log": None}, {"reject": {"type": "tcp reset"}}], True),
        ([match({"&": [{"payload": {}}, 3]}, 1), DROP], True),
        ([match({"&": [SADDR, "255.255.0.255"]}, "192.168.0.1"), DROP], True),
        ([match({"&": [{"payload": {"protocol": "ip6", "field": "saddr"}}, "ffff::"]}, "fd00::"), DROP], False),
        # Of ports above a value some of ours may be, and some not.
        ([payload("tcp", "dport", 20000, ">="), {"accept": None}], False),
        ([payload("tcp", "dport", 20000, ">="), DROP], True),
    ],
)
def test_what_may_drop(expr, expected):
    assert judged(*expr) is expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ([payload("ip", "saddr", "192.168.3.4"), DROP], True),
        ([payload("ip", "saddr", "@blocklist"), DROP], False),
        ([match({"meta": {"key": "mark"}}, 1), DROP], False),
        ([{"limit": {"rate": 1}}, DROP], False),
        ([{"queue": {"num": 0}}], False),
    ],
)
def test_what_nobody_can_judge_makes_no_firewall(expr, expected):
    base = {"chain": {"family": "inet", "table": "filter", "name": "input", "hook": "input", "type": "filter"}}
    rule = {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 1, "expr": expr}}
    ruleset = Ruleset({"nftables": [base, rule]})
    assert can_drop(ruleset, ruleset.chains[PLACE], OURS) is expected


@pytest.mark.parametrize(
    ("operator", "port", "hidden"), [(">=", 20000, False), ("<", 1024, False), ("==", 10250, True)]
)
def test_only_an_accept_of_all_of_ours_hides_a_drop_behind_it(operator, port, hidden):
    base = {"chain": {"family": "inet", "table": "filter", "name": "input", "hook": "input", "type": "filter"}}
    rules = [[payload("tcp", "dport", port, operator), {"accept": None}], [DROP]]
    listed = [
        {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": number, "expr": expr}}
        for number, expr in enumerate(rules, 1)
    ]
    ruleset = Ruleset({"nftables": [base, *listed]})
    assert (blocking(ruleset, ruleset.chains[PLACE].rules, OURS) is None) is hidden


def test_software_knows_what_it_drops_by_a_mark_of_its_own():
    marked = [match({"meta": {"key": "mark"}}, 32768), DROP]
    assert judged({"jump": {"target": "KUBE-FIREWALL"}}, chains=[("KUBE-FIREWALL", marked)]) is False
    assert judged({"jump": {"target": "site"}}, chains=[("site", marked)]) is True


@pytest.mark.parametrize(("inner", "expected"), [([DROP], True), ([{"jump": {"target": "a"}}], False), ([], False)])
def test_a_jump_counts_for_what_is_behind_it(inner, expected):
    assert judged({"jump": {"target": "a"}}, chains=[("a", inner)]) is expected
    assert judged({"goto": {"target": "nowhere"}}) is False


VALUE = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["set", "range", "prefix", "addr", "len"]), inner)
    ),
    max_leaves=5,
)


@given(
    st.lists(
        st.one_of(
            st.just(DROP),
            st.builds(payload, st.sampled_from(["ip", "ip6", "tcp", "th"]), st.sampled_from(["saddr", "dport"]), VALUE),
            st.builds(match, st.just({"meta": {"key": "l4proto"}}), VALUE, st.sampled_from(["==", "!=", "in"])),
            st.builds(match, st.just({"ct": {"key": "state"}}), VALUE, st.sampled_from(["==", "!=", "in"])),
        ),
        max_size=4,
    )
)
def test_no_rule_makes_it_stumble(expr):
    assert judged(*expr) in (True, False)
