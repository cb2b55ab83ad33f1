# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real nft and real packets: a node and its clients in network namespaces of their own.

Needs root, iproute2 and nft. The clients' two addresses stand for an allowed and another source. systemd and
firewalld are the only things that are not real here.
"""

import os
import shutil

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from helpers_nftables import FOREIGN, ITEMS, Lab
from helpers_packets import OPEN, sh

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("ip"), reason="needs root, iproute2 and nft"
)


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
