# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy routing: what ip says of its rules, and that the guard takes none of them for one that cannot match."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import lockout, policy_rules
from fakes.kernel_routes import RULES, live, route
from fakes.routes import System, run

LISTED = """\
0:	from all lookup local
100:	from all to 10.1.0.0/16 iif lo uidrange 10-20 lookup 77 suppress_ifgroup 3
101:	from 10.2.2.2 goto 32766
102:	from 10.2.2.2 blackhole
103:	not from all to 10.1.0.0/16 lookup vpn
32764:	from all lookup main suppress_prefixlength 0
32765:	not from all fwmark 0xca6c lookup 51820
32766:	from all lookup main
32767:	from all lookup default
"""
NAMES = {"main": 254, "local": 255, "default": 253}
WIREGUARD = LISTED.partition("32764")[1] + LISTED.partition("32764")[2]
DEFAULT = live(route("0.0.0.0/0 via 192.0.2.1 dev eth0"))
TUNNEL = live(route("0.0.0.0/0 via 192.0.2.1 dev wg0", table=51820)._replace(gateway=None))
PEER = lockout.Guarded(ipaddress.ip_address("198.51.100.9"), lockout.CONTROLLER)


def read(text, rc=0, err=""):
    return policy_rules.read(Node(lambda argv, **_named: Completed(argv, rc, text, err)), {4}, NAMES)


def moved(text, *replace, delete=(), before=(DEFAULT, TUNNEL)):
    later = lockout.after(list(before), replace, delete)
    return [(now, then) for _one, now, then in lockout.moved([PEER], list(before), later, read(text))]


def test_the_rules_of_ip_are_read():
    found = [(rule.table, rule.suppress, str(rule.to), bool(rule.text)) for rule in read(LISTED)]
    assert found == [
        (255, None, "None", False),
        (77, None, "10.1.0.0/16", True),
        (-1, None, "None", True),
        (254, 0, "None", True),
        (51820, None, "None", True),
        (254, None, "None", False),
        (253, None, "None", False),
    ]
    assert read(LISTED)[3].text == "32764: from all lookup main suppress_prefixlength 0"


def test_a_kernel_without_rules_has_none_and_one_that_does_not_say_them_is_an_error():
    assert read("", 2, "RTNETLINK answers: Operation not supported\nDump terminated\n") == []
    with pytest.raises(NodeError, match=r"'ip -4 rule show' ended with status 1 and said: Terminated"):
        read("", 1, "Terminated")


def test_a_route_that_main_answers_before_its_default_moves_who_goes_through_the_tunnel():
    """The same way as the default of main, which is not asked: without the rule nothing seems to move."""
    assert moved(WIREGUARD, route("198.51.100.0/24 via 192.0.2.1 dev eth0")) == [
        ("directly on wg0", "via 192.0.2.1 dev eth0 by the rule '32764: from all lookup main suppress_prefixlength 0'")
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "100: from all fwmark 0x1 lookup main suppress_prefixlength 0",
        "100: from all iif eth1 lookup main suppress_prefixlength 0",
        "100: from all oif eth0 lookup main suppress_prefixlength 8",
        "100: from all uidrange 0-0 lookup main suppress_prefixlength 0",
        "100: not from all fwmark 0x1 lookup main suppress_prefixlength 0",
        "100: from all to 198.51.100.0/25 lookup main suppress_prefixlength 0",
        "100: not from all to 198.51.100.0/25 lookup main suppress_prefixlength 0",
    ],
)
def test_a_rule_that_may_match_is_taken_as_one_that_does(rule):
    text = f"0: from all lookup local\n{rule}\n101: from 192.0.2.11 lookup 51820\n32766: from all lookup main\n"
    ((_now, then),) = moved(text, route("198.51.100.0/24 via 192.0.2.1 dev eth0"))
    assert then == f"via 192.0.2.1 dev eth0 by the rule '{rule}'"


def test_what_no_table_answers_otherwise_moves_nothing():
    elsewhere = "100: from all to 203.0.113.0/24 lookup main suppress_prefixlength 0\n32766: from all lookup main\n"
    assert moved(elsewhere, route("198.51.100.0/24 via 192.0.2.1 dev eth0")) == []
    assert moved(WIREGUARD, route("100.64.0.0/10 via 10.99.0.253 dev idc0")) == []
    assert moved(RULES, route("198.51.100.9/32 via 192.0.2.1 dev eth0"), before=(DEFAULT,)) == []


def test_taking_out_what_keeps_the_controller_out_of_the_tunnel_is_found():
    host = live(route("198.51.100.9/32 via 192.0.2.1 dev eth0"))
    ((now, then),) = moved(WIREGUARD, delete=[host.route], before=(DEFAULT, TUNNEL, host))
    assert (now, then.partition(" by ")[0]) == ("via 192.0.2.1 dev eth0", "directly on wg0")


def test_a_throw_route_is_no_answer():
    throw = live(route("198.51.100.9/32 via 192.0.2.1 dev wg0", table=51820))._replace(way="throw")
    assert moved("1: from all lookup 51820\n2: from all lookup main\n", before=(DEFAULT, TUNNEL, throw)) == []
    assert moved(
        "1: from all lookup 51820\n2: from all lookup main\n",
        route("198.51.100.0/24 via 10.99.0.253 dev idc0"),
        before=(DEFAULT, TUNNEL, throw),
    ) == [("via 192.0.2.1 dev eth0", "via 10.99.0.253 dev idc0")]


def test_the_module_refuses_with_the_rule_in_its_message_unless_forced(tmp_path):
    system = System(tmp_path)
    system.rules = {4: WIREGUARD}
    system.links["wg0"] = (9, ["10.8.0.2/32"])
    system.kernel.append({"dst": "default", "dev": "wg0", "table": "51820", "scope": "link", "flags": []})
    given = {"gateway": "192.0.2.1", "backend": "ifupdown", "routes": ["198.51.100.0/24"], "peers": ["198.51.100.9"]}
    with pytest.raises(NodeError, match=r"32764: from all lookup main suppress_prefixlength 0.*set force"):
        run(system, **given)
    assert run(system, **given, force=True)["changed"] is True


# Network case 28: the controller comes by Tailscale, whose table 52 is asked before the main one.
MARKED = "5210:\tfrom all fwmark 0x80000/0xff0000 lookup main\n"
TAILSCALE = "0:\tfrom all lookup local\n%s5270:\tfrom all lookup 52\n" + LISTED[LISTED.index("32766:") :]
CONTROLLER = lockout.Guarded(ipaddress.ip_address("100.101.1.2"), lockout.CONTROLLER)


def by_tailscale(rules):
    peer = live(route("100.101.1.2/32 via 10.0.0.1 dev tailscale0", table=52)._replace(gateway=None))
    supernet = route("100.64.0.0/10 via 10.99.0.253 dev idc0")
    later = lockout.after([DEFAULT, peer], [supernet], ())
    return lockout.moved([CONTROLLER], [DEFAULT, peer], later, read(rules))


def test_behind_a_rule_for_every_packet_that_has_an_answer_nothing_is_asked():
    assert by_tailscale(TAILSCALE % "") == []
    assert by_tailscale((TAILSCALE % "").replace("from all lookup 52", "from all fwmark 0x1 lookup 52"))


def test_the_way_is_told_truly_where_a_rule_before_may_match():
    ((_one, now, then),) = by_tailscale(TAILSCALE % MARKED)
    rule = f"by the rule '{' '.join(MARKED.split())}'"
    assert now == f"directly on tailscale0, and via 192.0.2.1 dev eth0 {rule},"
    assert then == f"via 10.99.0.253 dev idc0 {rule}"
