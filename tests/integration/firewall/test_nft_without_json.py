# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real nft with what 0.8.2 lacks taken from it: no option -j, and no standard input by the name '-'.

Needs root, iproute2 and nft.
"""

import os
import shutil

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import nft, nft_judge, nft_listing
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.loaded import LoadedRules
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Rule
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, run_command
from helpers_packets import sh

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("ip"), reason="needs root, iproute2 and nft"
)

INPUT = ("inet", "filter", "input")
ITEM = {"name": "kubelet", "protocol": "tcp", "ports": ["10250", "10255"], "sources": ["10.99.0.0/24", "fd13::/64"]}
CONFIG = """flush ruleset
table inet filter {
    set blocked { type ipv4_addr; flags interval; elements = { 10.1.0.0/16, 10.2.0.1-10.2.0.9, 192.168.1.1 }; }
    map verdicts { type inet_service : verdict; elements = { 22 : accept, 23 : drop, 24 : jump other }; }
    chain other {
        ip6 saddr fd00::/8 reject with icmpv6 type admin-prohibited
    }
    chain input {
        type filter hook input priority -5; policy drop;
        ct state established,related accept
        ct state invalid drop
        ct state != new accept
        iifname { "eth0", "eth1" } tcp dport != 22 drop
        meta l4proto { tcp, ipv6-icmp } drop
        meta nfproto ipv4 udp dport 53 log prefix "a drop b " level warn counter drop
        tcp dport ssh ct state new limit rate 5/second burst 7 packets accept
        ip saddr 10.99.0.1-10.99.0.9 counter packets 0 bytes 0 drop
        ip saddr @blocked drop
        ip protocol tcp reject with tcp reset
        tcp flags & (fin|syn|rst|ack) == syn drop
        tcp dport vmap @verdicts
        tcp dport vmap { 80 : accept, 443 : goto other }
        th dport 10250 drop
        ip daddr 1.2.3.4 tcp sport 5 drop
        ip saddr . tcp dport { 10.99.0.1 . 10250 } accept
        meta mark 0x1 drop
        fib daddr type local drop
        ip saddr 10.99.0.0/24 tcp dport { http, 10250, 30000-32767 } jump other
    }
}
"""


class Site:
    """A network namespace with an nft of old."""

    def __init__(self, root, name):
        self.root, self.name = root, name

    def run(self, argv, stdin=None, timeout=60):
        if argv[0] == "systemctl":
            start = "UnitFileState=enabled\nExecStart={ argv[]=/usr/sbin/nft -f /etc/nftables.conf ; }\n"
            return Completed(argv, 0, start, "")
        if argv[0] != "nft":
            return Completed(argv, 127, "", "not found")
        if "-j" in argv:
            return Completed(argv, 1, "", "nft: invalid option -- 'j'\n")
        assert argv[-1] != "-"
        return run_command(["ip", "netns", "exec", self.name, *argv], stdin, timeout)

    def node(self):
        return Node(self.run, str(self.root))

    def listed(self):
        return sh("ip", "netns", "exec", self.name, "nft", "list", "ruleset")


@pytest.fixture
def site(tmp_path):
    name = f"ack-nft-{os.getpid()}"
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/nftables.conf").write_text(CONFIG)
    sh("ip", "netns", "add", name)
    sh("ip", "netns", "exec", name, "nft", "-f", str(tmp_path / "etc/nftables.conf"))
    yield Site(tmp_path, name)
    sh("ip", "netns", "delete", name)


def test_each_rule_is_judged_from_its_text_as_from_json(site):
    def judged(ruleset):
        ours = Rule(INPUT, 4, "tcp", ((0x0A630000, 0x0A6300FF),), ((10250, 10250),), "kubelet")
        chain = ruleset.chains[INPUT]
        drops = [nft_judge.blocking(ruleset, [raw], ours) is not None for raw in chain.rules]
        return [raw["handle"] for raw in chain.rules], drops, ruleset.targets(chain), ruleset.droppers(chain)

    def real(argv, stdin=None, timeout=60):
        return run_command(["ip", "netns", "exec", site.name, *argv], stdin, timeout)

    from_json = judged(LoadedRules(Node(real, str(site.root))).ruleset())
    assert True in from_json[1]
    assert False in from_json[1]
    assert judged(LoadedRules(site.node()).ruleset()) == from_json
    plain = nft_listing.from_text(sh("ip", "netns", "exec", site.name, "nft", "-a", "list", "ruleset"))
    assert judged(nft.Ruleset(plain)) == from_json


def test_a_set_lives_and_goes_without_json(site):
    def ensure(present=True):
        items, problems = parse_items([ITEM])
        assert not problems
        return InboundPorts(site.node(), "ack-edge").ensure(items, present, carry_out)

    before = site.listed()
    done = ensure()
    assert [(item["status"], item["data"]["runtime"], item["data"]["boot"]) for item in done.verdicts] == [
        ("pass", "ok", "ok")
    ]
    assert site.listed() != before
    assert not ensure().changed
    assert ensure(present=False).changed
    assert site.listed() == before
    assert (site.root / "etc/nftables.conf").read_text() == CONFIG
