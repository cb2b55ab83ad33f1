# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What old versions of nft list, from records of the real ones: judged as what today's lists."""

import json
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import nft, nft_judge, nft_listing
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Rule

DATA = Path(__file__).parents[4] / "data/nft"
INPUT = ("inet", "filter", "input")
PREFIX = "ack-edge "


def document(version, name):
    return json.loads((DATA / version / name).read_text())


def text(version, name="list.txt"):
    return nft_listing.from_text((DATA / version / name).read_text())


def listed(rules, chain="type filter hook input priority 0; policy accept;"):
    """Return the Ruleset of a chain input with these lines, each a rule."""
    lines = "".join(f"\t\t{rule} # handle {number}\n" for number, rule in enumerate(rules, 1))
    return nft.Ruleset(
        nft_listing.from_text(
            f"table inet filter {{\n\tchain input {{\n\t\t{chain}\n{lines}\t}}\n\n"
            "\tchain other {\n\t\tip6 saddr fd00::/8 reject with icmpv6 type admin-prohibited # handle 99\n\t}\n}\n"
        )
    )


def chain(ruleset):
    return next(chain for key, chain in ruleset.chains.items() if key == INPUT)


def judged(entries):
    """Return what matters of a listing: our rules, what drops and where it leads, for each rule."""
    ruleset = nft.Ruleset(entries)
    found = chain(ruleset)
    own = [nft.parse_rule(key, raw, PREFIX) for key, raw in ruleset.own_rules(PREFIX)]
    return own, found.base, found.policy, [raw["handle"] for raw in found.rules], ruleset.targets(found)


@pytest.mark.parametrize("version", ["0.9.3", "0.9.8"])
def test_text_is_judged_as_the_json_of_the_same_version(version):
    assert judged(text(version)) == judged(document(version, "list.json"))


def test_the_json_of_0_9_0_is_judged_as_that_of_today():
    old = nft_listing.modern(document("0.9.0", "list-nn.json"))
    assert [rule for rule in judged(old)[0] if rule is None] == []
    assert judged(old)[0] == judged(document("0.9.3", "list.json"))[0]
    assert judged(old)[4] == ["other"]
    today = {entry["rule"]["handle"]: entry["rule"]["expr"] for entry in old["nftables"] if "rule" in entry}
    assert today[11] == [
        {"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "lo"}},
        {"accept": None},
    ]


def test_an_empty_ruleset_of_0_9_0_has_no_chains():
    assert nft.Ruleset(nft_listing.modern(document("0.9.0", "empty.json"))).chains == {}


def test_the_text_of_0_8_2_says_what_drops():
    ruleset = nft.Ruleset(text("0.8.2"))
    assert ruleset.tables == {("inet", "filter")}
    assert ruleset.can_drop(chain(ruleset))
    assert [raw["handle"] for raw in chain(ruleset).rules] == [4, 5, 7, 8, 9]


OURS = Rule(INPUT, 4, "tcp", ((0xC0A80000, 0xC0A8FFFF),), ((10250, 10250),), "kubelet")


@pytest.mark.parametrize(
    ("rule", "blocks"),
    [
        ("drop", True),
        ("counter packets 0 bytes 0 drop", True),
        ('counter name "c1" reject with tcp reset', True),
        ('log prefix "a accept b " level warn flags tcp sequence,options drop', True),
        ("ip saddr 192.168.3.4 drop", True),
        ("ip saddr 192.168.3.1-192.168.3.9 drop", True),
        ("ip saddr { 10.0.0.0/8, 192.168.3.0/24 } tcp dport { 80, 10000-11000 } drop", True),
        ("ip saddr { 10.0.0.0/8, 172.16.0.0/12 } drop", False),
        ("ip saddr != 10.0.0.0/8 drop", True),
        ("ip6 saddr fd00::/8 drop", False),
        ("tcp dport 80-90 drop", False),
        ("th dport 10250 drop", True),
        ("udp dport 10250 drop", False),
        ("meta l4proto { 6, 17 } drop", True),
        ("meta l4proto udp drop", False),
        ("ip protocol 6 drop", True),
        ("ct state invalid drop", False),
        ("ct state 0x1 drop", False),
        ("ct state 0x8,0x40 drop", True),
        ("ct state invalid,new drop", True),
        ("ct state != new accept", False),
        ('iifname { "eth0", "eth1" } drop', True),
        ("iifname @edge drop", True),
        ("jump other", False),
        ("tcp dport 10250 accept", False),
        ("ip saddr . tcp dport { 192.168.3.4 . 10250 } drop", True),
        ("ip saddr . tcp dport { 192.168.3.4 . 10251, 10.0.0.1 . 10250 } drop", False),
        ("fib daddr type local drop", True),
        ("fib daddr type { broadcast, multicast } drop", False),
        ("tcp flags & (fin | syn) == syn drop", True),
        ("tcp flags & (fin | syn) == (fin | syn) drop", False),
        ("tcp flags & (fin | syn) == fin | syn counter packets 0 bytes 0 drop", False),
        ("tcp flags & (fin | syn | rst | psh | ack | urg) == 0x0 drop", False),
        ("tcp flags & (fin | syn | rst | ack) != syn ct state new drop", False),
        ("tcp flags syn / fin,syn drop", True),
        ("tcp flags 0x2 / 0x2,0x10 drop", True),
        ("tcp flags 0x3 / 0x3 drop", False),
        ("tcp flags fin,psh,urg drop", False),
        ("ip saddr & 255.255.0.255 == 192.168.0.1 drop", True),
        ("ip frag-off & 0x1fff != 0x0 drop", False),
        ("tcp dport vmap { 10250 : drop }", True),
        ("tcp dport vmap { 22 : drop, 80 : accept }", False),
        ("ct state vmap { 0x1 : drop, 0x2 : accept, 0x4 : accept }", False),
        ("ct state vmap { 0x8 : drop }", True),
        ("icmp type 8 drop", False),
        ("rt type 0 drop", False),
        # What cannot be judged may be about ours, as in JSON.
        ("limit rate over 5/second burst 5 packets drop", True),
        ("tcp dport 22 limit rate over 5/second burst 5 packets drop", False),
        ("meta mark 0x00000001 drop", True),
        ("meta mark & 0x000000ff == 0x00000001 drop", True),
    ],
)
def test_a_rule_is_judged_from_its_text(rule, blocks):
    ruleset = listed([rule])
    assert (nft_judge.blocking(ruleset, chain(ruleset).rules, OURS) is not None) == blocks


@pytest.mark.parametrize(
    ("rule", "drops"),
    [
        ("accept", False),
        ("jump other", True),
        ("goto nowhere", False),
        ("meta mark 0x00000001 drop", True),
        ("fib daddr type local jump other", True),
        ("ct state vmap { invalid : drop, established : accept }", True),
        ("ct state vmap { established : accept, new : jump other }", True),
        ("ct state vmap { established : accept, related : accept }", False),
        ('tcp dport 22 accept comment "drop"', False),
        ('log prefix "drop "', False),
        ("tcp dport 22 jump {\n\t\t\tip saddr 10.0.0.1 drop # handle 7\n\t\t}", True),
    ],
)
def test_whether_a_chain_can_drop_is_told_by_every_verdict_in_the_text(rule, drops):
    ruleset = listed([rule])
    assert ruleset.can_drop(chain(ruleset)) == drops


def test_the_verdicts_of_a_named_map_count_and_its_rows_are_put_together():
    ruleset = nft.Ruleset(
        nft_listing.from_text(
            "table inet filter { # handle 1\n"
            "\tcounter seen {\n\t\tpackets 1 bytes 2\n\t}\n"
            "\tmap ports {\n\t\ttype inet_service : verdict\n"
            "\t\telements = { 22 : accept,\n\t\t\t     23 : drop }\n\t}\n"
            '\tchain input { # handle 2\n\t\tcomment "drop { all"\n\t\ttype filter hook input priority -5;\n'
            "\t\ttcp dport vmap @ports # handle 3\n\t}\n}\n"
            "table bridge b {\n\tchain c {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n"
        )
    )
    assert set(ruleset.chains) == {INPUT, ("bridge", "b", "c")}
    # A bridge is on the way to the node, and no firewall that ours could be written to.
    assert [(each.base, each.early) for each in ruleset.chains.values()] == [(True, False), (False, True)]
    assert (chain(ruleset).base, chain(ruleset).policy) == (True, "accept")
    assert ruleset.can_drop(chain(ruleset))


@pytest.mark.parametrize("said", ["xt match recent counter packets 0 bytes 0", "counter packets 0 bytes 0 # xt_REJECT"])
def test_what_only_iptables_can_say_is_marked_as_in_json(said):
    ruleset = listed([said])
    assert ruleset.is_half_told(chain(ruleset))


def test_a_comment_that_looks_like_a_handle_stays_a_comment():
    raw = chain(listed(['ip saddr 10.0.0.1 tcp dport 22 accept comment "ack-edge a # handle 9"'])).rules[0]
    assert (raw["handle"], raw["comment"]) == (1, "ack-edge a # handle 9")
    assert nft.rule_text(nft.parse_rule(INPUT, raw, PREFIX), PREFIX) == (
        'ip saddr 10.0.0.1 tcp dport 22 accept comment "ack-edge a # handle 9"'
    )
