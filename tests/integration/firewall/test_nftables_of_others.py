# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real nft beside what others load: translated rules, their tables, units that load files."""

import pytest
from helpers_nftables import CONFIG, ITEMS, NEEDS
from helpers_packets import ALLOWED, OTHER, sh

pytestmark = NEEDS


# Network case 01: what iptables-restore-translate makes of the rules of iptables, and what of it iptables still reads.
TRANSLATED = """flush ruleset
add table ip filter
add chain ip filter INPUT { type filter hook input priority 0; policy drop; }
add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }
add rule ip filter INPUT iifname "lo" counter accept
add rule ip filter INPUT ip protocol icmp counter accept
add rule ip filter INPUT %s counter accept
"""
V4 = [dict(ITEMS[0], sources=ITEMS[0]["sources"][:2]), ITEMS[1]]


@pytest.mark.parametrize(
    ("rule", "backend"),
    [
        ("ct state related,established", "auto"),
        ("udp dport { 161, 162 }", "nftables"),
        ("tcp dport 22", "auto"),
    ],
)
def test_native_rules_in_a_table_of_iptables_are_nftables(nft_lab, rule, backend):
    nft_lab.start_with(TRANSLATED % rule)
    files, ruleset = nft_lab.files(), nft_lab.ruleset()
    assert not nft_lab.ensure(V4, present=False).changed
    done = nft_lab.ensure(V4, backend=backend)
    assert (done.backend, [item["status"] for item in done.verdicts]) == ("nftables", ["pass", "pass"])
    assert (nft_lab.reaches(ALLOWED), nft_lab.reaches(OTHER)) == (True, False)
    # iptables loses the sets of a rule that it reads, so there are none.
    assert "{ 10250" not in nft_lab.ruleset()
    nft_lab.boot()
    assert not nft_lab.ensure(V4, backend=backend).changed
    assert nft_lab.ensure(V4, present=False).changed
    assert (nft_lab.files(), nft_lab.ruleset()) == (files, ruleset)


def test_a_firewall_of_iptables_is_not_forgotten_by_the_backend_nftables(nft_lab):
    nft_lab.nft("flush", "ruleset")
    (nft_lab.root / "etc/nftables.conf").write_text("flush ruleset\n")
    inside = ("ip", "netns", "exec", nft_lab.node_ns, "iptables-nft")
    sh(*inside, "-A", "INPUT", "-p", "tcp", "-m", "multiport", "--dports", "22,10250", "-j", "REJECT")
    done = nft_lab.ensure(V4, backend="nftables")
    assert [item["status"] for item in done.verdicts] == ["warn", "pass"]
    assert "table filter of iptables-nft, chain INPUT: -A INPUT -p tcp" in done.verdicts[0]["summary"]


@pytest.mark.parametrize(
    "table", ["kubernetes_node", "docker_host", "cni_guard", "kubernetes", "docker-block", "kubelab"]
)
def test_a_table_of_the_site_named_like_software_is_a_firewall(nft_lab, table):
    chain = "type filter hook input priority filter; policy drop; ct state established,related accept"
    nft_lab.start_with(f"flush ruleset\ntable inet {table} {{\n\tchain incoming {{\n\t\t{chain}\n\t}}\n}}\n")
    done = nft_lab.ensure()
    assert (done.backend, [item["status"] for item in done.verdicts]) == ("nftables", ["pass", "pass"])
    nft_lab.boot()
    assert nft_lab.reaches(ALLOWED)
    assert not nft_lab.reaches(OTHER)


@pytest.mark.parametrize(
    ("table", "chain"),
    [
        ("inet kube-proxy", "type filter hook input priority 0; policy drop"),
        ("inet docker-block", "type filter hook prerouting priority -300"),
        ("netdev early", "type filter hook ingress device eth0 priority 0"),
        ("ip raw", "type filter hook prerouting priority raw"),
        ("ip mangle", "type filter hook prerouting priority mangle"),
        # The kernel asks them where connections are tracked, which a rule about states brings about.
        ("inet guard", "type nat hook prerouting priority dstnat; ct state established accept"),
        ("inet guard", "type nat hook input priority 100; ct state established accept"),
    ],
)
def test_no_firewall_is_never_said_where_a_packet_may_be_dropped(nft_lab, table, chain):
    name = "PREROUTING" if table.startswith("ip ") else "early"
    nft_lab.start_with("flush ruleset\n")
    nft_lab.nft(
        "-f", "-", stdin=f"table {table} {{\n\tchain {name} {{\n\t\t{chain};\n\t\ttcp dport 10250 drop\n\t}}\n}}\n"
    )
    assert not nft_lab.reaches(ALLOWED)
    done = nft_lab.ensure(ITEMS)
    expected = ["warn", "pass" if "policy" not in chain else "warn"]
    assert (done.backend, [item["status"] for item in done.verdicts]) == ("none", expected)
    assert "no active firewall was found, but a rule may drop some of it: " in done.verdicts[0]["summary"]
    assert "10250" in done.verdicts[0]["summary"].rpartition("drop some")[2]


def test_the_chain_of_a_watcher_that_drops_others_gets_no_rule(nft_lab):
    nft_lab.start_with(
        "flush ruleset\ntable ip blocklist {\n\tset bad { type ipv4_addr; elements = { 203.0.113.7 }; }\n"
        "\tchain in {\n\t\ttype filter hook input priority 0;\n\t\tip saddr @bad drop\n\t}\n}\n"
    )
    before = nft_lab.ruleset()
    done = nft_lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["pass", "pass"]
    assert nft_lab.ruleset() == before
    nft_lab.nft("add", "element", "ip", "blocklist", "bad", "{ 10.213.1.2 }")
    assert not nft_lab.reaches(ALLOWED)
    assert nft_lab.ensure().backend == "nftables"
    assert nft_lab.reaches(ALLOWED)


# Network case 26: how nftables.service can name what it loads.
@pytest.mark.parametrize("form", ["relative include", "relative file", "searched include", "whole path"])
def test_what_nftables_service_loads_is_told_as_the_unit_says_it(nft_lab, form):
    # What nft itself opens lies in the real tree, and the node's files below a root of their own: a link joins them.
    etc = str(nft_lab.root / "etc")
    (nft_lab.root / etc.lstrip("/")).parent.mkdir(parents=True)
    (nft_lab.root / etc.lstrip("/")).symlink_to(nft_lab.root / "etc")
    (nft_lab.root / "etc/nftables.d").mkdir()
    rules = nft_lab.root / "etc/nftables.d/fw.nft"
    rules.write_text(CONFIG + "\n")
    main = nft_lab.root / "etc/nftables.conf"
    main.write_text(
        {"relative include": 'include "./nftables.d/*.nft"\n', "searched include": 'include "fw.nft"\n'}.get(
            form, CONFIG
        )
    )
    if form == "relative include":
        nft_lab.directory = etc
    elif form == "relative file":
        nft_lab.command, nft_lab.directory = f"/usr/sbin/nft -I {etc}/nftables.d -f nftables.conf", etc
    elif form == "searched include":
        nft_lab.command = f"/usr/sbin/nft -I {etc}/nftables.d -f /etc/nftables.conf"
    files = nft_lab.files()
    done = nft_lab.ensure()
    assert [(item["status"], item["data"]["boot"]) for item in done.verdicts] == [("pass", "ok")] * 2
    assert rules.read_text() == CONFIG + "\n"
    assert not nft_lab.ensure().changed
    nft_lab.nft("flush", "ruleset")
    nft_lab.ensure(present=False)
    assert nft_lab.files() == files
    if form != "relative file":  # the path in the include is one of the node
        assert [item["status"] for item in nft_lab.ensure(check=True).verdicts] == [
            "warn",
            "warn",
        ]  # asleep, for a restart


def test_a_file_that_the_unit_cannot_open_is_named(nft_lab):
    nft_lab.command = "/usr/sbin/nft -I /etc -f nftables.conf"
    done = nft_lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["warn", "warn"]
    assert "runs 'nft -f nftables.conf' in /, which does not have this file" in done.verdicts[0]["summary"]
    assert "write the full path, /etc/nftables.conf" in done.verdicts[0]["remedy"]
