# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with real redirects before its accepts: of the site, of containers and of a cluster."""

import re

import helpers_iptables
import helpers_nftables
import pytest
from helpers_packets import ALLOWED

pytestmark = helpers_iptables.NEEDS

PUBLISHED = (
    ":DOCKER - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER -i docker0 -j RETURN\n"
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport {} -j DNAT --to-destination 172.17.0.2:10250"
)
SERVICES = (
    ":KUBE-SERVICES - [0:0]\n:KUBE-SVC-1 - [0:0]\n-A PREROUTING -j KUBE-SERVICES\n"
    "-A KUBE-SERVICES -d 10.96.0.9/32 -p tcp -m tcp --dport 10250 -j KUBE-SVC-1\n"
    "-A KUBE-SVC-1 -p tcp -m tcp -j DNAT --to-destination 10.0.0.1:10250"
)


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        ("-A PREROUTING -p tcp -m tcp --dport 10250 -j REDIRECT --to-ports 4", True),
        ("-A PREROUTING -p tcp -m multiport --dports 80,10240:10260 -j DNAT --to-destination 10.0.0.1:4", True),
        ("-A PREROUTING -p tcp -m multiport --dports 80,1024:10249 -j DNAT --to-destination 10.0.0.1:4", False),
        (PUBLISHED.format(10250), True),
        (PUBLISHED.format(8080), False),
        (SERVICES, False),
    ],
)
def test_a_redirect_of_iptables(iptables_lab, rules, named):
    iptables_lab.load_site(helpers_iptables.POLICY)
    iptables_lab.load(f"*nat\n{rules}\nCOMMIT\n")
    saved = iptables_lab.save()
    kubelet, vxlan = iptables_lab.ensure().verdicts
    assert (kubelet["status"], vxlan["status"]) == ("warn" if named else "pass", "pass")
    if named:
        program = f"iptables-{iptables_lab.variant}"
        last = rules.splitlines()[-1]
        expected = f"a rule before ours may redirect some of it: table nat of {program}, chain PREROUTING: {last}"
        assert expected in kubelet["summary"]
    assert iptables_lab.reaches(ALLOWED) is not named
    # What the site has saved is what the reboot brings, whether it is loaded now or not.
    iptables_lab.load("*nat\n:PREROUTING ACCEPT\nCOMMIT\n")
    (iptables_lab.root / "etc/iptables/rules.v4").write_text(saved)
    kubelet, vxlan = iptables_lab.ensure().verdicts
    assert (kubelet["status"], vxlan["status"]) == ("warn" if named else "pass", "pass")
    assert not named or "after a reboot, /etc/iptables/rules.v4 loads a rule that may redirect" in kubelet["summary"]


@pytest.mark.parametrize("named", [True, False])
def test_a_drop_of_a_saved_table_that_is_not_loaded(iptables_lab, named):
    iptables_lab.load_site(helpers_iptables.POLICY)
    iptables_lab.load(f"*raw\n-A PREROUTING -p tcp -m tcp --dport {10255 if named else 22} -j DROP\nCOMMIT\n")
    saved = iptables_lab.save()
    iptables_lab.load("*raw\n:PREROUTING ACCEPT\nCOMMIT\n")
    (iptables_lab.root / "etc/iptables/rules.v4").write_text(saved)
    kubelet, vxlan = iptables_lab.ensure().verdicts
    assert (kubelet["status"], vxlan["status"]) == ("warn" if named else "pass", "pass")
    assert not named or "loads a rule that may drop some of it: table raw, chain PREROUTING" in kubelet["summary"]


NAT = "table ip site {\n%s\n\tchain early {\n\t\ttype nat hook prerouting priority dstnat;\n\t\t%s\n\t}\n}\n"
MAP = "\tmap ports {\n\t\ttype inet_service : ipv4_addr;\n\t\telements = { %d : 10.0.0.1 }\n\t}"
AWAY = "\tchain away {\n\t\tmeta l4proto tcp redirect to :4\n\t}"


@pytest.mark.parametrize(
    ("before", "rule", "named"),
    [
        ("", "tcp dport 10000-10260 redirect to :4", True),
        ("", "fib daddr type local tcp dport { 80, 10250 } dnat to 10.0.0.1:4", True),
        ("", "tcp dport != { 10250, 10255 } redirect to :4", False),
        (MAP % 10250, "dnat to tcp dport map @ports", True),
        (MAP % 8080, "dnat to tcp dport map @ports", False),
        (AWAY, "tcp dport vmap { 22 : accept, 10250 : jump away }", True),
        (AWAY, "tcp dport vmap { 22 : accept, 8080 : jump away }", False),
    ],
)
def test_a_redirect_of_nftables(nft_lab, before, rule, named):
    config = (nft_lab.root / "etc/nftables.conf").read_text()
    nft_lab.start_with(helpers_nftables.CONFIG + "\n" + NAT % (before, rule))
    kubelet, vxlan = nft_lab.ensure().verdicts
    assert (kubelet["status"], vxlan["status"]) == ("warn" if named else "pass", "pass")
    assert not named or re.search(r"a rule before ours may \w+ some of it: ip site early: ", kubelet["summary"])
    assert nft_lab.reaches(ALLOWED) is not named
    # In the file, and not loaded.
    nft_lab.nft("delete", "table", "ip", "site")
    assert nft_lab.reaches(ALLOWED)
    kubelet, vxlan = nft_lab.ensure().verdicts
    # The map is gone with its table, and nobody knows what is in it.
    named = named or "@" in rule
    assert (kubelet["status"], vxlan["status"]) == ("warn" if named else "pass", "pass")
    assert not named or kubelet["summary"].endswith("may drop or redirect it: ip site early")
    assert config in (nft_lab.root / "etc/nftables.conf").read_text()
