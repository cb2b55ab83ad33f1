# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What leads packets to one of our ports elsewhere, as iptables and nft list it, and whose redirects are quiet."""

import json

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import (
    iptables,
    iptables_judge,
    nft_judge,
    nft_listing,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.nft import Ruleset
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Rule, may_take

OURS = Rule((), 4, "tcp", ((0xC0A80000, 0xC0A8FFFF),), ((9100, 9100),), "exporter")
TO = "-p tcp -m tcp --dport {} -j DNAT --to-destination 10.88.0.2:9100"
DOCKER = (
    "-N DOCKER\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER -i docker0 -j RETURN\n-A DOCKER {} "
    "! -i docker0 " + TO
)
# What podman, kubelet and kube-proxy make: (chain that PREROUTING leads to, chain with the redirect).
TWO = "-N {0}\n-N {1}\n-A PREROUTING -m addrtype --dst-type LOCAL -j {0}\n-A {0} -p tcp -m tcp --dport {2} -j {1}\n"


@pytest.mark.parametrize(
    ("listing", "named"),
    [
        ("-A PREROUTING " + TO.format(9100), True),
        ("-A PREROUTING " + TO.format(8080), False),
        ("-A PREROUTING -p tcp -m tcp --dport 9000:9200 -j REDIRECT --to-ports 80", True),
        ("-A PREROUTING -p tcp -m multiport --dports 80,9000:9099 -j REDIRECT --to-ports 80", False),
        ("-A PREROUTING -p tcp -m multiport ! --dports 22,9100 -j REDIRECT --to-ports 80", False),
        ("-A PREROUTING ! -s 192.168.0.0/16 -p tcp -j REDIRECT --to-ports 80", False),
        ("-A PREROUTING -m set --match-set site dst -p tcp -j REDIRECT --to-ports 80", True),
        ("-A PREROUTING -m addrtype ! --dst-type LOCAL " + TO.format(9100), False),
        ("-A PREROUTING -m addrtype --src-type LOCAL " + TO.format(9100), False),
        ("-A PREROUTING -i eth1 " + TO.format(9100), True),
        ("-A PREROUTING -i cni0 " + TO.format(9100), False),
        ("-A PREROUTING -s 192.168.0.0/16 -p tcp -j ACCEPT\n-A PREROUTING " + TO.format(9100), False),
        ("-A PREROUTING -s 192.168.1.0/24 -p tcp -j ACCEPT\n-A PREROUTING " + TO.format(9100), True),
        ("-N SITE\n-A PREROUTING -j SITE\n-A SITE " + TO.format(9100), True),
        ("-A PREROUTING -d 192.0.2.7/32 -p tcp -j NETMAP --to 10.0.0.7/32", True),
        ("-A PREROUTING -p tcp -j CONNMARK --restore-mark", False),
        (DOCKER.format("", 9100), True),
        (DOCKER.format("", 8080), False),
        (DOCKER.format("-d 127.0.0.1/32", 9100), False),
        (TWO.format("NETAVARK-HOSTPORT-DNAT", "NETAVARK-DN-1", 9100) + "-A NETAVARK-DN-1 " + TO.format(9100), True),
        (TWO.format("NETAVARK-HOSTPORT-DNAT", "NETAVARK-DN-1", 8080) + "-A NETAVARK-DN-1 " + TO.format(8080), False),
        # A cluster leads there what it runs on the node.
        (TWO.format("CNI-HOSTPORT-DNAT", "CNI-DN-1", 9100) + "-A CNI-DN-1 " + TO.format(9100), False),
        (TWO.format("KUBE-SERVICES", "KUBE-SVC-1", 9100) + "-A KUBE-SVC-1 -p tcp -j DNAT --to-destination 1.2.3.4:1",
         False),
        (TWO.format("cali-PREROUTING", "cali-fip-dnat", 9100) + "-A cali-fip-dnat " + TO.format(9100), False),
        ("-A PREROUTING -p tcp -m tcp --dport 9100 -j TPROXY --on-port 15001 --tproxy-mark 0x1/0x1", True),
        ("-N CILIUM_PRE_mangle\n-A PREROUTING -j CILIUM_PRE_mangle\n-A CILIUM_PRE_mangle -p tcp -m mark --mark 0x200 "
         "-j TPROXY --on-port 33333", False),
    ],
)  # fmt: skip
def test_a_redirect_in_the_words_of_iptables(listing, named):
    table = iptables.parse_listing("-P PREROUTING ACCEPT\n" + listing + "\n")
    found = iptables_judge.chain_drop(table, "PREROUTING", [OURS])
    assert found == (listing.rpartition("\n")[2] if named else None)
    assert not named or "redirect" in may_take(found)


PORT = {"payload": {"protocol": "tcp", "field": "dport"}}
BOTH = {"concat": [{"meta": {"key": "l4proto"}}, {"payload": {"protocol": "th", "field": "dport"}}]}


def dport(right):
    return {"match": {"op": "==", "left": PORT, "right": right}}


def looked_up(keys, key=None):
    """Return what 'dnat to tcp dport map { 9100 : 10.0.0.1 }' is."""
    data = keys if isinstance(keys, str) else {"set": [[one, "10.0.0.1"] for one in keys]}
    return {"dnat": {"addr": {"map": {"key": key or PORT, "data": data}}}}


def judged(*expr, table="site", chain="early", jump=""):
    place = {"family": "ip", "table": table}
    base = {"chain": {**place, "name": "early", "type": "nat", "hook": "prerouting"}}
    rules = [{"rule": {**place, "chain": chain, "handle": 2, "expr": list(expr)}}]
    if chain != "early":
        to = {"jump": {"target": chain}}
        rules = [{"chain": {**place, "name": chain}}, *rules]
        rules += [{"rule": {**place, "chain": "early", "handle": 1, "expr": [to]}}]
    maps = [{"map": {**place, "name": "ports", "elem": [[9100, "10.0.0.1"]]}}]
    ruleset = Ruleset({"nftables": [base, *maps, *rules]})
    return nft_judge.first_drop(ruleset, ruleset.chains[("ip", table, "early")], OURS)[0] is not None


@pytest.mark.parametrize(
    ("expr", "named"),
    [
        ([dport(9100), {"dnat": {"addr": "10.0.0.1", "port": 80}}], True),
        ([dport(80), {"dnat": {"addr": "10.0.0.1", "port": 9100}}], False),
        ([dport({"set": [80, {"range": [9000, 9200]}]}), {"redirect": None}], True),
        ([looked_up([80, 9100])], True),
        ([looked_up([80, 8080])], False),
        ([looked_up("@ports")], True),
        # Of a map that is in a file alone nobody knows the elements.
        ([looked_up("@gone")], True),
        ([looked_up("@gone", {"payload": {"protocol": "udp", "field": "dport"}})], False),
        ([{"vmap": {"key": PORT, "data": "@gone"}}], True),
        ([looked_up([{"concat": ["udp", 9100]}], BOTH)], False),
        ([looked_up([{"concat": ["tcp", 9100]}], BOTH)], True),
        ([looked_up([0, 1], {"numgen": {"mode": "inc", "mod": 2}})], True),
        ([dport(9100), {"counter": {}}, {"xt": {"type": "target", "name": "DNAT"}}], True),
        ([dport(9100), {"counter": {}}, {"xt": {"type": "target", "name": "MARK"}}], False),
        ([dport(80), {"counter": {}}, {"xt": {"type": "target", "name": "REDIRECT"}}], False),
        # Older ones do not say which target it is.
        ([dport(9100), {"counter": {}}, {"xt": None}], True),
        ([{"xt": None}, {"counter": {}}, {"accept": None}], False),
    ],
)
def test_a_redirect_as_nft_lists_it(expr, named):
    assert judged(*expr) is named
    ruleset = Ruleset({"nftables": [{"chain": {"family": "ip", "table": "t", "name": "in", "hook": "input"}}]})
    ruleset.chains[("ip", "t", "in")].rules.append({"family": "ip", "table": "t", "chain": "in", "expr": expr})
    assert nft_judge.can_drop(ruleset, ruleset.chains[("ip", "t", "in")], OURS) is False


@pytest.mark.parametrize(
    ("table", "chain", "named"),
    [
        ("kube-proxy", "services", False),
        ("cni_hostport", "hostports", False),
        ("nat", "KUBE-SEP-1", False),
        ("docker-bridges", "nat-prerouting-and-output", True),
        ("netavark", "NETAVARK-HOSTPORT-DNAT", True),
        ("incus", "prert", True),
        ("kube-proxy-site", "pre", True),
    ],
)
def test_a_cluster_leads_packets_to_what_it_runs_and_nobody_else_may(table, chain, named):
    assert judged(dport(9100), {"dnat": {"addr": "10.0.0.1"}}, table=table, chain=chain) is named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("tcp dport 9100 dnat to 10.0.0.1:80", True),
        ("tcp dport 80 dnat to 10.0.0.1:9100", False),
        ("tcp dport { 80, 9100 } counter packets 0 bytes 0 redirect to :80", True),
        ("tcp dport 9100 redirect", True),
        ("tcp dport 9100 tproxy to :15001", True),
        ("tcp dport 9100 queue num 1", True),
        ("icmp type redirect accept", False),
        ("ct status dnat accept", False),
        ("tcp dport vmap @ports", True),
        ("udp dport vmap @ports", False),
        ("meta l4proto . th dport vmap @both", True),
    ],
)
def test_a_redirect_in_the_text_of_nft(text, named):
    listing = (
        "table ip nat { # handle 1\n\tmap ports {\n\t\ttype inet_service : verdict\n\t\telements = { 22 : accept,\n"
        "\t\t\t     9000-9200 : jump away }\n\t}\n\tmap both {\n\t\ttype inet_proto . inet_service : verdict\n"
        "\t\telements = { udp . 9100 : accept, tcp . 9100 : drop }\n\t}\n\tchain away { # handle 2\n"
        "\t\tmeta l4proto tcp redirect to :80 # handle 3\n\t}\n\tchain early { # handle 4\n"
        f"\t\ttype nat hook prerouting priority -100; policy accept;\n\t\t{text} # handle 5\n\t}}\n}}\n"
    )
    document = nft_listing.from_text(listing)
    ruleset = Ruleset(json.loads(json.dumps(document)))
    found = nft_judge.first_drop(ruleset, ruleset.chains[("ip", "nat", "early")], OURS)[0]
    assert (found is not None) is named


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("-A X -j DNAT --to 1.2.3.4", "redirect"),
        ("tcp dport 80 redirect to :1", "redirect"),
        ("rule forward-port port=1", "redirect"),
        ("port=1:proto=tcp:toport=2:toaddr=", "redirect"),
        ("-A X -s 10.0.0.0/8 -j DROP", "drop"),
        ("ct mark 1 jump dnat_site drop", "drop"),
    ],
)
def test_what_a_rule_may_do_is_said(text, word):
    assert may_take(text) == f"may {word} some of it"
