# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real nft beside what others load: translated rules, their tables, units that load files."""

import os
import shutil

import pytest
from helpers_nftables import CONFIG, ITEMS, Lab
from helpers_packets import ALLOWED, OTHER, sh

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("ip"), reason="needs root, iproute2 and nft"
)


@pytest.fixture
def lab(tmp_path):
    made = Lab(tmp_path)
    made.boot()
    yield made
    made.close()


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
def test_native_rules_in_a_table_of_iptables_are_nftables(lab, rule, backend):
    lab.start_with(TRANSLATED % rule)
    files, ruleset = lab.files(), lab.ruleset()
    assert not lab.ensure(V4, present=False).changed
    done = lab.ensure(V4, backend=backend)
    assert (done.backend, [item["status"] for item in done.verdicts]) == ("nftables", ["pass", "pass"])
    assert (lab.reaches(ALLOWED), lab.reaches(OTHER)) == (True, False)
    # iptables loses the sets of a rule that it reads, so there are none.
    assert "{ 10250" not in lab.ruleset()
    lab.boot()
    assert not lab.ensure(V4, backend=backend).changed
    assert lab.ensure(V4, present=False).changed
    assert (lab.files(), lab.ruleset()) == (files, ruleset)


def test_a_firewall_of_iptables_is_not_forgotten_by_the_backend_nftables(lab):
    lab.nft("flush", "ruleset")
    (lab.root / "etc/nftables.conf").write_text("flush ruleset\n")
    inside = ("ip", "netns", "exec", lab.node_ns, "iptables-nft")
    sh(*inside, "-A", "INPUT", "-p", "tcp", "-m", "multiport", "--dports", "22,10250", "-j", "REJECT")
    done = lab.ensure(V4, backend="nftables")
    assert [item["status"] for item in done.verdicts] == ["warn", "pass"]
    assert "table filter of iptables-nft, chain INPUT: -A INPUT -p tcp" in done.verdicts[0]["summary"]


@pytest.mark.parametrize(
    "table", ["kubernetes_node", "docker_host", "cni_guard", "kubernetes", "docker-block", "kubelab"]
)
def test_a_table_of_the_site_named_like_software_is_a_firewall(lab, table):
    chain = "type filter hook input priority filter; policy drop; ct state established,related accept"
    lab.start_with(f"flush ruleset\ntable inet {table} {{\n\tchain incoming {{\n\t\t{chain}\n\t}}\n}}\n")
    done = lab.ensure()
    assert (done.backend, [item["status"] for item in done.verdicts]) == ("nftables", ["pass", "pass"])
    lab.boot()
    assert lab.reaches(ALLOWED)
    assert not lab.reaches(OTHER)


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
def test_no_firewall_is_never_said_where_a_packet_may_be_dropped(lab, table, chain):
    name = "PREROUTING" if table.startswith("ip ") else "early"
    lab.start_with("flush ruleset\n")
    lab.nft("-f", "-", stdin=f"table {table} {{\n\tchain {name} {{\n\t\t{chain};\n\t\ttcp dport 10250 drop\n\t}}\n}}\n")
    assert not lab.reaches(ALLOWED)
    done = lab.ensure(ITEMS)
    expected = ["warn", "pass" if "policy" not in chain else "warn"]
    assert (done.backend, [item["status"] for item in done.verdicts]) == ("none", expected)
    assert "no active firewall was found, but a rule may drop some of it: " in done.verdicts[0]["summary"]
    assert "10250" in done.verdicts[0]["summary"].rpartition("drop some")[2]


def test_the_chain_of_a_watcher_that_drops_others_gets_no_rule(lab):
    lab.start_with(
        "flush ruleset\ntable ip blocklist {\n\tset bad { type ipv4_addr; elements = { 203.0.113.7 }; }\n"
        "\tchain in {\n\t\ttype filter hook input priority 0;\n\t\tip saddr @bad drop\n\t}\n}\n"
    )
    before = lab.ruleset()
    done = lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["pass", "pass"]
    assert lab.ruleset() == before
    lab.nft("add", "element", "ip", "blocklist", "bad", "{ 10.213.1.2 }")
    assert not lab.reaches(ALLOWED)
    assert lab.ensure().backend == "nftables"
    assert lab.reaches(ALLOWED)


# Network case 26: how nftables.service can name what it loads.
@pytest.mark.parametrize("form", ["relative include", "relative file", "searched include", "whole path"])
def test_what_nftables_service_loads_is_told_as_the_unit_says_it(lab, form):
    # What nft itself opens lies in the real tree, and the node's files below a root of their own: a link joins them.
    etc = str(lab.root / "etc")
    (lab.root / etc.lstrip("/")).parent.mkdir(parents=True)
    (lab.root / etc.lstrip("/")).symlink_to(lab.root / "etc")
    (lab.root / "etc/nftables.d").mkdir()
    rules = lab.root / "etc/nftables.d/fw.nft"
    rules.write_text(CONFIG + "\n")
    main = lab.root / "etc/nftables.conf"
    main.write_text(
        {"relative include": 'include "./nftables.d/*.nft"\n', "searched include": 'include "fw.nft"\n'}.get(
            form, CONFIG
        )
    )
    if form == "relative include":
        lab.directory = etc
    elif form == "relative file":
        lab.command, lab.directory = f"/usr/sbin/nft -I {etc}/nftables.d -f nftables.conf", etc
    elif form == "searched include":
        lab.command = f"/usr/sbin/nft -I {etc}/nftables.d -f /etc/nftables.conf"
    files = lab.files()
    done = lab.ensure()
    assert [(item["status"], item["data"]["boot"]) for item in done.verdicts] == [("pass", "ok")] * 2
    assert rules.read_text() == CONFIG + "\n"
    assert not lab.ensure().changed
    lab.nft("flush", "ruleset")
    lab.ensure(present=False)
    assert lab.files() == files
    if form != "relative file":  # the path in the include is one of the node
        assert [item["status"] for item in lab.ensure(check=True).verdicts] == ["warn", "warn"]  # asleep, for a restart


def test_a_file_that_the_unit_cannot_open_is_named(lab):
    lab.command = "/usr/sbin/nft -I /etc -f nftables.conf"
    done = lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["warn", "warn"]
    assert "runs 'nft -f nftables.conf' in /, which does not have this file" in done.verdicts[0]["summary"]
    assert "write the full path, /etc/nftables.conf" in done.verdicts[0]["remedy"]
