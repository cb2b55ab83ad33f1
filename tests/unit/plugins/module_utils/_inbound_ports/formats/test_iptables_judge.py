# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of others in tables as iptables lists them: what may drop what ours let in, and which firewall decides."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import iptables as xt
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import iptables_judge as judge
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import by_version, spread
from fakes.firewall import KUBELET, items_of

(ITEM,) = items_of(KUBELET)[:1]
RULES = xt.rules_of(ITEM, "iptables-nft", 4, dict(by_version(ITEM))[4])


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ("-A INPUT -s 192.168.7.0/24 -j DROP", "-A INPUT -s 192.168.7.0/24 -j DROP"),
        ("-A INPUT -s 10.0.0.0/8 -j DROP", None),
        ("-A INPUT ! -s 192.168.0.0/16 -j DROP", None),
        ("-A INPUT ! -s 192.168.1.0/24 -j DROP", "-A INPUT ! -s 192.168.1.0/24 -j DROP"),
        ("-A INPUT -p udp -j DROP", None),
        ("-A INPUT ! -p tcp -j DROP", None),
        ("-A INPUT -i lo -j DROP", None),
        ("-A INPUT ! -i lo -d 127.0.0.0/8 -j REJECT", None),
        ("-A INPUT -i eth0 -j DROP", "-A INPUT -i eth0 -j DROP"),
        ("-A INPUT -p tcp -m multiport --dports 1:10,10255 -j DROP", "-A INPUT -p tcp -m multiport --dports 1:10,10255 "
         "-j DROP"),
        ("-A INPUT -p tcp -m tcp ! --dport 22 -j DROP", "-A INPUT -p tcp -m tcp ! --dport 22 -j DROP"),
        ("-A INPUT -p tcp -m multiport ! --dports 22,10000:11000 -j DROP", None),
        ("-A INPUT -m conntrack --ctstate INVALID -j DROP", None),
        ("-A INPUT -m conntrack --ctstate INVALID,NEW -j DROP", "-A INPUT -m conntrack --ctstate INVALID,NEW -j DROP"),
        ("-A INPUT -m state ! --state RELATED,ESTABLISHED -j DROP", "-A INPUT -m state ! --state RELATED,ESTABLISHED "
         "-j DROP"),
        ("-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP",
         "-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP"),
        ("-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", None),
        ("-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP", None),
        ("-A INPUT -m pkttype --pkt-type broadcast -j DROP", None),
        ("-A INPUT -m addrtype --dst-type MULTICAST -j DROP", None),
        ("-A INPUT -j ACCEPT", None),
        ("-A INPUT -m comment --comment \"-j DROP isn't\"", None),
        ("-N S\n-A S -p tcp -j REJECT\n-A INPUT -j S", "-A S -p tcp -j REJECT"),
        ("-N S\n-A S -p tcp -j REJECT\n-A INPUT -s 10.0.0.0/8 -j S", None),
        ("-N S\n-A S -j RETURN\n-A INPUT -j S", None),
        ("-N S\n-A S -s 192.168.0.0/16 -j RETURN\n-A S -j DROP\n-A INPUT -j S", None),
        ("-N S\n-A S -m addrtype --dst-type LOCAL -j RETURN\n-A S -j DROP\n-A INPUT -j S", None),
        ("-N S\n-A S -p tcp -m multiport --dports 10000:11000 -j ACCEPT\n-A S -j DROP\n-A INPUT -j S", None),
        ("-N S\n-A S -p tcp -m tcp --dport 10250 -j RETURN\n-A S -j DROP\n-A INPUT -j S", "-A S -j DROP"),
        ("-N S\n-A S -s 192.168.1.0/24 -j RETURN\n-A S -j DROP\n-A INPUT -j S", "-A S -j DROP"),
        ("-N S\n-A S -i eth0 -j RETURN\n-A S -j DROP\n-A INPUT -j S", "-A S -j DROP"),
        ("-N S\n-A S -d 10.1.2.3/32 -j RETURN\n-A S -j DROP\n-A INPUT -j S", "-A S -j DROP"),
        ("-N S\n-A S -m mark --mark 0x1 -j RETURN\n-A S -j DROP\n-A INPUT -j S", "-A S -j DROP"),
        ("-N S\n-A S -s bad -j RETURN\n-A S -j DROP\n-A INPUT -j S", "-A S -j DROP"),
        ("-N S\n-A S ! -s 10.0.0.0/8 -j RETURN\n-A S -j DROP\n-A INPUT -j S", "-A S -j DROP"),
        ("-A INPUT -p tcp -j ACCEPT\n-A INPUT -j DROP", None),
        ("-A INPUT -j RETURN", "-A INPUT -j RETURN"),
        ("-N S\n-A INPUT -g S", "-A INPUT -g S"),
        ("-N S\n-N T\n-A S -j T\n-A T -j S\n-A T -j DROP\n-A INPUT -j S", "-A T -j DROP"),
        ("-N KUBE-FIREWALL\n-A KUBE-FIREWALL -j DROP\n-A INPUT -j KUBE-FIREWALL", None),
    ],
)  # fmt: skip
def test_what_stands_before_ours_and_may_drop_it_is_found(rules, found):
    table = xt.parse_listing("-P INPUT DROP\n" + rules + "\n")
    lines = table.chains["INPUT"]
    assert judge.first_drop(table, "INPUT", lines, RULES, returns=True) == found
    assert judge.first_drop(table, "INPUT", lines, spread(RULES), returns=True) == found


# Conditions that the rule itself does not answer: a rate, a set, what a program says.
UNKNOWN = [
    "-m mark --mark 0x1",
    "-p tcp -m tcp --dport 10250 -m connlimit --connlimit-above 16 --connlimit-mask 32",
    "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m hashlimit --hashlimit-above 9/sec --hashlimit-name syn",
    "-m set --match-set crowdsec-blacklists src",
    "-m set ! --match-set allowed src",
    "-m recent --update --seconds 60 --hitcount 4 --name DEFAULT --mask 255.255.255.255 --rsource",
    "-m geoip ! --source-country CN",
    "-m iprange --src-range 192.168.0.1-192.168.9.9",
    "-m mac --mac-source 02:00:00:00:00:01",
    "-p tcp -m tcp --sport 1:1023",
    "-m time --timestart 22:00:00 --timestop 06:00:00",
    "-m statistic --mode random --probability 0.01",
]


def judged(listing):
    """Return (what may drop ours by a table's INPUT, whether INPUT counts as a firewall that drops it)."""
    table = xt.parse_listing("-P INPUT ACCEPT\n" + listing + "\n")
    drop = judge.first_drop(table, "INPUT", table.chains["INPUT"], RULES, returns=False)
    assert judge.chain_drop(table, "INPUT", RULES) == drop
    return drop, judge.input_may_drop(table, RULES)


@pytest.mark.parametrize("condition", UNKNOWN)
def test_a_drop_on_a_condition_that_nobody_can_judge_may_be_of_ours_but_makes_no_firewall(condition):
    rule = f"-A INPUT {condition} -j DROP"
    assert judged(rule) == (rule, False)
    inner = f"-N S\n-A S -p tcp -j REJECT\n-A INPUT {condition} -j S"
    assert judged(inner) == ("-A S -p tcp -j REJECT", False)
    # Of other ports or sources it is none of ours.
    for other in ("-p tcp -m tcp --dport 22", "-s 10.0.0.0/8", "-i lo"):
        assert judged(f"-A INPUT {other} {condition} -j DROP") == (None, False)


@pytest.mark.parametrize(
    "condition", ["-m rt --rt-type 0", "-f", "-p icmp -m icmp --icmp-type 8", "-m pkttype --pkt-type multicast"]
)
def test_what_a_packet_of_ours_never_has_is_about_others(condition):
    assert judged(f"-A INPUT {condition} -j DROP") == (None, False)


def test_a_program_that_packets_are_handed_to_may_drop_them():
    rule = "-A INPUT -p tcp -j NFQUEUE --queue-num 0 --queue-bypass"
    assert judged(rule) == (rule, False)
    assert judged("-A INPUT -p udp -j NFQUEUE --queue-num 0") == (None, False)


def test_software_knows_what_it_drops_by_a_mark_of_its_own():
    marked = "-N KUBE-FIREWALL\n-A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP\n-A INPUT -j KUBE-FIREWALL"
    assert judged(marked) == (None, False)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("-s 192.168.0.0/16 -j DROP", True),
        ("-p tcp -m multiport --dports ssh,smtps -m set --match-set f2b-sshd src -j REJECT", True),
        ("-p tcp -m multiport --dports http,https -m set --match-set f2b-web src -j REJECT", False),
        ("-p tcp --dport 22 -m set --match-set f2b-sshd src -j REJECT", False),
        ("-m set --match-set blocked src -j DROP", True),
        ("-p tcp -j NFQUEUE", True),
        ("-p tcp -j ACCEPT", False),
    ],
)
def test_a_direct_rule_of_firewalld(words, found):
    (rule,) = RULES[:1]
    assert judge.direct_may_drop(f"ipv4 filter INPUT 0 {words}".split(), rule) is found
    assert judge.direct_may_drop(f"ipv4 filter FORWARD 0 {words}".split(), rule) is False


def test_a_line_that_no_shell_would_take_is_read_all_the_same():
    table = xt.parse_listing("-P INPUT ACCEPT\n-A INPUT -m comment --comment it's -j DROP\n")
    assert judge.input_drops(table)
