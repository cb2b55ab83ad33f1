# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real nft and real packets: a node and its clients in network namespaces of their own.

Needs root, iproute2 and nft. The clients' two addresses stand for an allowed and another source. systemd and
firewalld are the only things that are not real here.
"""

import os
import re
import shutil

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.run import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError, run_command
from helpers_packets import ALLOWED, OPEN, OTHER, PacketLab, sh

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("ip"), reason="needs root, iproute2 and nft"
)

ITEMS = [
    {
        "name": "kubelet",
        "protocol": "tcp",
        "ports": ["10250", "10255"],
        "sources": ["10.213.1.0/24", "10.99.0.0/24", "10.99.1.0/24", "10.99.2.0/24", "fd13:213:1::/64"],
    },
    {"name": "vxlan", "protocol": "udp", "ports": ["8472"], "sources": ["10.213.1.0/24"]},
]
CONFIG = """#!/usr/sbin/nft -f
flush ruleset

table inet filter {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        ip protocol icmp accept
        meta l4proto ipv6-icmp accept
        tcp dport 22 accept
        jump late
    }
    chain late {
        tcp dport 10250 reject with tcp reset
    }
}
table ip second {
    chain in {
        type filter hook input priority 20; policy accept;
        tcp dport 1-65535 ct state new counter drop
        udp dport 1-65535 ct state new counter drop
    }
}"""
FOREIGN = """
table ip kube-proxy {
    chain filter-input {
        type filter hook input priority -110; policy accept;
        ct state new tcp dport 65000 drop comment "KUBE"
    }
}
table inet flannel-ipv4 {
    chain postrtg {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 172.31.0.0/16 accept
    }
}
"""


class Lab(PacketLab):
    """A node and a client; ``root`` holds the node's files."""

    def __init__(self, root):
        self.root = root
        self.enabled, self.calls = "enabled", []
        self.command, self.directory = "/usr/sbin/nft -f /etc/nftables.conf", "/"
        super().__init__()
        (root / "etc").mkdir()
        (root / "etc/nftables.conf").write_text(CONFIG)

    def run(self, argv, stdin=None, timeout=60):
        self.calls.append(argv)
        if argv[0] == "systemctl":
            return Completed(
                argv,
                0,
                f"UnitFileState={self.enabled}\nExecStart={{ argv[]={self.command} ; }}\n"
                f"WorkingDirectory={self.directory}\n",
                "",
            )
        if argv[0] == "firewall-cmd":
            return Completed(argv, 127, "", "not found")
        return run_command(["ip", "netns", "exec", self.node_ns, *argv], stdin, timeout)

    def ensure(self, raw=tuple(ITEMS), *, present=True, check=False, backend="auto"):
        items, problems = parse_items(raw)
        assert not problems
        return InboundPorts(Node(self.run, str(self.root)), "ack-edge", backend).ensure(items, present, check)

    def start_with(self, text):
        """Load another boot configuration and nothing else."""
        (self.root / "etc/nftables.conf").write_text(text)
        self.nft("flush", "ruleset")
        self.boot()

    def boot(self):
        """Load the boot configuration as nftables.service does."""
        text = (self.root / "etc/nftables.conf").read_text()
        text = text.replace('include "/etc/', f'include "{self.root}/etc/')
        path = self.root / "boot.nft"
        path.write_text(text)
        self.nft("-f", str(path))
        path.unlink()

    def nft(self, *args, stdin=None):
        return sh("ip", "netns", "exec", self.node_ns, "nft", *args, stdin=stdin)

    def ruleset(self):
        """Return what is loaded; counters count our own probes, so they are left out."""
        return re.sub(r"packets \d+ bytes \d+", "packets N bytes N", self.nft("list", "ruleset"))

    def foreign_ruleset(self):
        return "".join(line for line in self.ruleset().splitlines(True) if '"ack-edge ' not in line)

    def files(self):
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in (self.root / "etc").rglob("*")
            if path.is_file()
        }


@pytest.fixture
def lab(tmp_path):
    made = Lab(tmp_path)
    made.boot()
    yield made
    made.close()


def test_packets_before_after_boot_and_reset(lab):
    lab.nft("-f", "-", stdin=FOREIGN)
    files, ruleset = lab.files(), lab.ruleset()
    assert lab.reached() == set()

    planned = lab.ensure(check=True)
    assert (lab.ruleset(), lab.files()) == (ruleset, files)
    done = lab.ensure()
    assert (planned.changed, planned.before, planned.after) == (True, done.before, done.after)
    assert [item["status"] for item in done.verdicts] == ["pass", "pass"]
    assert lab.reached() == OPEN
    assert lab.foreign_ruleset() == ruleset

    whole = lab.ruleset()
    assert not lab.ensure().changed
    assert lab.ruleset() == whole

    lab.boot()
    lab.boot()
    assert lab.reached() == OPEN
    assert whole.startswith(lab.ruleset())
    assert not lab.ensure().changed

    lab.nft("-f", "-", stdin=FOREIGN)
    assert lab.ensure(present=False).changed
    assert lab.reached() == set()
    assert (lab.ruleset(), lab.files()) == (ruleset, files)
    assert not (lab.root / "var/lib/ack_edge").exists()
    assert not lab.ensure(present=False).changed


def test_rules_of_iptables_beside_ours_stay_byte_identical(lab):
    if not shutil.which("iptables-nft"):
        pytest.skip("needs iptables-nft")
    for args in (
        ["-N", "KUBE-FIREWALL"],
        ["-A", "KUBE-FIREWALL", "-m", "mark", "--mark", "0x8000/0x8000", "-j", "DROP"],
        ["-A", "INPUT", "-m", "comment", "--comment", "kubernetes", "-j", "KUBE-FIREWALL"],
        ["-t", "nat", "-N", "CNI-HOSTPORT-DNAT"],
        ["-t", "nat", "-A", "CNI-HOSTPORT-DNAT", "-p", "tcp", "--dport", "8080", "-j", "ACCEPT"],
    ):
        sh("ip", "netns", "exec", lab.node_ns, "iptables-nft", *args)
    ruleset = lab.ruleset()
    lab.ensure()
    assert lab.foreign_ruleset() == ruleset
    assert lab.reached() == OPEN
    lab.ensure(present=False)
    assert lab.ruleset() == ruleset


def test_rules_removed_by_hand_come_back_and_those_of_others_stay(lab):
    lab.ensure()
    lab.nft("flush", "chain", "inet", "filter", "input")
    lab.nft("add", "rule", "inet", "filter", "input", "tcp", "dport", "443", "accept", "comment", '"theirs"')
    states = [item["data"] for item in lab.ensure(check=True).verdicts]
    assert [(item["runtime"], item["boot"]) for item in states] == [("wrong", "ok"), ("wrong", "ok")]
    lab.ensure()
    assert '"theirs"' in lab.ruleset()
    assert not lab.ensure().changed


def test_a_boot_file_never_keeps_the_node_from_its_firewall(lab):
    """Somebody renames the chain in the boot configuration; our file must not make nft refuse all of it."""
    lab.ensure()
    config = lab.root / "etc/nftables.conf"
    config.write_text(config.read_text().replace("chain input", "chain incoming").replace("ip second", "ip renamed"))
    lab.boot()
    assert "policy drop" in lab.ruleset()
    assert lab.reached() == set()
    done = lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["pass", "pass"]
    assert lab.reached() == OPEN
    lab.boot()
    assert lab.reached() == OPEN


def test_a_chain_made_after_the_boot_is_opened_now_with_a_warning(lab):
    lab.nft(
        "-f",
        "-",
        stdin="table ip later {\n\tchain in {\n\t\ttype filter hook input priority 30; policy drop;\n"
        "\t\tct state established accept\n\t}\n}\n",
    )
    done = lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["warn", "warn"]
    assert ("allowed", "tcp") in lab.reached()
    lab.boot()
    assert lab.reached() == OPEN


def test_a_disabled_service_means_no_boot_files(lab):
    lab.enabled, files = "disabled", lab.files()
    done = lab.ensure()
    assert [(item["status"], item["data"]["boot"]) for item in done.verdicts] == [("warn", "none")] * 2
    assert lab.reached() == OPEN
    assert lab.files() == files


def test_a_ruleset_that_drops_nothing_needs_no_rule(lab):
    lab.nft("flush", "ruleset")
    assert [item["status"] for item in lab.ensure().verdicts] == ["warn", "warn"]  # a restart would load one
    lab.enabled = "disabled"
    assert [item["status"] for item in lab.ensure().verdicts] == ["pass", "pass"]
    assert lab.ruleset() == ""


def test_iptables_beside_nftables_is_named_and_nothing_done(lab):
    if not shutil.which("iptables-nft"):
        pytest.skip("needs iptables-nft")
    sh(
        "ip",
        "netns",
        "exec",
        lab.node_ns,
        "iptables-nft",
        "-A",
        "INPUT",
        "-p",
        "tcp",
        "--dport",
        "10250",
        "-j",
        "REJECT",
    )
    ruleset, files = lab.ruleset(), lab.files()
    with pytest.raises(NodeError, match="iptables and nftables are active"):
        lab.ensure()
    assert (lab.ruleset(), lab.files()) == (ruleset, files)


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("ip saddr 10.213.0.0/16 drop", "warn"),
        ("tcp dport { 22, 10000-11000 } ip saddr != 10.0.0.1 reject with tcp reset", "warn"),
        ('iifname "eth0" meta l4proto tcp counter drop', "warn"),
        ("ct state { new, invalid } jump late", "warn"),
        ("ip saddr 10.212.0.0/16 drop", "pass"),
        ("ct state invalid drop", "pass"),
        ("udp dport 10250 drop", "pass"),
        ("tcp dport 22 drop", "pass"),
        ("meta mark 1 drop", "warn"),
        ("tcp dport 22 limit rate over 9/second drop", "pass"),
        ("tcp dport 10250 accept", "pass"),
    ],
)
def test_a_rule_before_ours_that_may_drop_is_named(lab, rule, status):
    lab.ensure(ITEMS[:1])
    lab.nft("insert", "rule", "inet", "filter", "input", *rule.split())
    done = lab.ensure(ITEMS[:1])
    assert (done.changed, done.verdicts[0]["status"]) == (False, status)
    if status == "warn":
        assert f"inet filter input: {rule.split()[0]} " in done.verdicts[0]["summary"]


def test_a_drop_on_the_way_to_the_input_chains_is_named(lab):
    lab.nft("add", "table", "ip", "early")
    lab.nft("add", "chain", "ip", "early", "pre", "{ type filter hook prerouting priority raw; }")
    lab.nft("add", "rule", "ip", "early", "pre", "tcp", "dport", "10250", "drop")
    done = lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["warn", "pass"]
    assert "ip early pre: tcp dport 10250 drop" in done.verdicts[0]["summary"]
    assert ("allowed", "tcp") not in lab.reached()


@pytest.mark.parametrize("lost", ["file", "directory"])
def test_a_lost_file_of_ours_closes_our_ports_and_opens_nothing(lab, lost):
    bare = lab.ruleset()
    lab.ensure()
    if lost == "file":
        (lab.root / "etc/ack-edge/nftables-ack-edge.nft").unlink()
    else:
        shutil.rmtree(lab.root / "etc/ack-edge")
    lab.nft("flush", "ruleset")
    lab.boot()
    assert (lab.ruleset(), lab.reached()) == (bare, set())
    assert lab.ensure().changed
    lab.boot()
    assert lab.reached() == OPEN


def test_the_line_of_an_earlier_version_opened_everything_and_is_replaced(lab):
    lab.ensure()
    config, own = lab.root / "etc/nftables.conf", lab.root / "etc/ack-edge/nftables-ack-edge.nft"
    good = config.read_text()
    config.write_text(good.replace(".nf[t]", ".nft"))
    text = own.read_text()
    own.unlink()
    with pytest.raises(AssertionError):
        lab.boot()  # nft refuses all of it, and the node would start without a firewall
    own.write_text(text)
    assert lab.ensure().changed
    assert config.read_text() == good
    lab.boot()
    assert lab.reached() == OPEN


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
