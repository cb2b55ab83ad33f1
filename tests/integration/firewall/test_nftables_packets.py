# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real nft and real packets: a node and its clients in network namespaces of their own.

Needs root, iproute2 and nft. The clients' two addresses stand for an allowed and another source. systemd and
firewalld are the only things that are not real here.
"""

import shutil

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from helpers_nftables import FOREIGN, ITEMS, NEEDS
from helpers_packets import OPEN, sh

pytestmark = NEEDS


def test_packets_before_after_boot_and_reset(nft_lab):
    nft_lab.nft("-f", "-", stdin=FOREIGN)
    files, ruleset = nft_lab.files(), nft_lab.ruleset()
    assert nft_lab.reached() == set()

    planned = nft_lab.ensure(check=True)
    assert (nft_lab.ruleset(), nft_lab.files()) == (ruleset, files)
    done = nft_lab.ensure()
    assert (planned.changed, planned.before, planned.after) == (True, done.before, done.after)
    assert [item["status"] for item in done.verdicts] == ["pass", "pass"]
    assert nft_lab.reached() == OPEN
    assert nft_lab.foreign_ruleset() == ruleset

    whole = nft_lab.ruleset()
    assert not nft_lab.ensure().changed
    assert nft_lab.ruleset() == whole

    nft_lab.boot()
    nft_lab.boot()
    assert nft_lab.reached() == OPEN
    assert whole.startswith(nft_lab.ruleset())
    assert not nft_lab.ensure().changed

    nft_lab.nft("-f", "-", stdin=FOREIGN)
    assert nft_lab.ensure(present=False).changed
    assert nft_lab.reached() == set()
    assert (nft_lab.ruleset(), nft_lab.files()) == (ruleset, files)
    assert not (nft_lab.root / "var/lib/ack_edge").exists()
    assert not nft_lab.ensure(present=False).changed


def test_rules_of_iptables_beside_ours_stay_byte_identical(nft_lab):
    if not shutil.which("iptables-nft"):
        pytest.skip("needs iptables-nft")
    for args in (
        ["-N", "KUBE-FIREWALL"],
        ["-A", "KUBE-FIREWALL", "-m", "mark", "--mark", "0x8000/0x8000", "-j", "DROP"],
        ["-A", "INPUT", "-m", "comment", "--comment", "kubernetes", "-j", "KUBE-FIREWALL"],
        ["-t", "nat", "-N", "CNI-HOSTPORT-DNAT"],
        ["-t", "nat", "-A", "CNI-HOSTPORT-DNAT", "-p", "tcp", "--dport", "8080", "-j", "ACCEPT"],
    ):
        sh("ip", "netns", "exec", nft_lab.node_ns, "iptables-nft", *args)
    ruleset = nft_lab.ruleset()
    nft_lab.ensure()
    assert nft_lab.foreign_ruleset() == ruleset
    assert nft_lab.reached() == OPEN
    nft_lab.ensure(present=False)
    assert nft_lab.ruleset() == ruleset


def test_rules_removed_by_hand_come_back_and_those_of_others_stay(nft_lab):
    nft_lab.ensure()
    nft_lab.nft("flush", "chain", "inet", "filter", "input")
    nft_lab.nft("add", "rule", "inet", "filter", "input", "tcp", "dport", "443", "accept", "comment", '"theirs"')
    states = [item["data"] for item in nft_lab.ensure(check=True).verdicts]
    assert [(item["runtime"], item["boot"]) for item in states] == [("wrong", "ok"), ("wrong", "ok")]
    nft_lab.ensure()
    assert '"theirs"' in nft_lab.ruleset()
    assert not nft_lab.ensure().changed


def test_a_boot_file_never_keeps_the_node_from_its_firewall(nft_lab):
    """Somebody renames the chain in the boot configuration; our file must not make nft refuse all of it."""
    nft_lab.ensure()
    config = nft_lab.root / "etc/nftables.conf"
    config.write_text(config.read_text().replace("chain input", "chain incoming").replace("ip second", "ip renamed"))
    nft_lab.boot()
    assert "policy drop" in nft_lab.ruleset()
    assert nft_lab.reached() == set()
    done = nft_lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["pass", "pass"]
    assert nft_lab.reached() == OPEN
    nft_lab.boot()
    assert nft_lab.reached() == OPEN


def test_a_chain_made_after_the_boot_is_opened_now_with_a_warning(nft_lab):
    nft_lab.nft(
        "-f",
        "-",
        stdin="table ip later {\n\tchain in {\n\t\ttype filter hook input priority 30; policy drop;\n"
        "\t\tct state established accept\n\t}\n}\n",
    )
    done = nft_lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["warn", "warn"]
    assert ("allowed", "tcp") in nft_lab.reached()
    nft_lab.boot()
    assert nft_lab.reached() == OPEN


def test_a_disabled_service_means_no_boot_files(nft_lab):
    nft_lab.enabled, files = "disabled", nft_lab.files()
    done = nft_lab.ensure()
    assert [(item["status"], item["data"]["boot"]) for item in done.verdicts] == [("warn", "none")] * 2
    assert nft_lab.reached() == OPEN
    assert nft_lab.files() == files


def test_a_ruleset_that_drops_nothing_needs_no_rule(nft_lab):
    nft_lab.nft("flush", "ruleset")
    assert [item["status"] for item in nft_lab.ensure().verdicts] == ["warn", "warn"]  # a restart would load one
    nft_lab.enabled = "disabled"
    assert [item["status"] for item in nft_lab.ensure().verdicts] == ["pass", "pass"]
    assert nft_lab.ruleset() == ""


def test_iptables_beside_nftables_is_named_and_nothing_done(nft_lab):
    if not shutil.which("iptables-nft"):
        pytest.skip("needs iptables-nft")
    sh(
        "ip",
        "netns",
        "exec",
        nft_lab.node_ns,
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
    ruleset, files = nft_lab.ruleset(), nft_lab.files()
    with pytest.raises(NodeError, match="iptables and nftables are active"):
        nft_lab.ensure()
    assert (nft_lab.ruleset(), nft_lab.files()) == (ruleset, files)


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
def test_a_rule_before_ours_that_may_drop_is_named(nft_lab, rule, status):
    nft_lab.ensure(ITEMS[:1])
    nft_lab.nft("insert", "rule", "inet", "filter", "input", *rule.split())
    done = nft_lab.ensure(ITEMS[:1])
    assert (done.changed, done.verdicts[0]["status"]) == (False, status)
    if status == "warn":
        assert f"inet filter input: {rule.split()[0]} " in done.verdicts[0]["summary"]


def test_a_drop_on_the_way_to_the_input_chains_is_named(nft_lab):
    nft_lab.nft("add", "table", "ip", "early")
    nft_lab.nft("add", "chain", "ip", "early", "pre", "{ type filter hook prerouting priority raw; }")
    nft_lab.nft("add", "rule", "ip", "early", "pre", "tcp", "dport", "10250", "drop")
    done = nft_lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["warn", "pass"]
    assert "ip early pre: tcp dport 10250 drop" in done.verdicts[0]["summary"]
    assert ("allowed", "tcp") not in nft_lab.reached()


@pytest.mark.parametrize("lost", ["file", "directory"])
def test_a_lost_file_of_ours_closes_our_ports_and_opens_nothing(nft_lab, lost):
    bare = nft_lab.ruleset()
    nft_lab.ensure()
    if lost == "file":
        (nft_lab.root / "etc/ack-edge/nftables-ack-edge.nft").unlink()
    else:
        shutil.rmtree(nft_lab.root / "etc/ack-edge")
    nft_lab.nft("flush", "ruleset")
    nft_lab.boot()
    assert (nft_lab.ruleset(), nft_lab.reached()) == (bare, set())
    assert nft_lab.ensure().changed
    nft_lab.boot()
    assert nft_lab.reached() == OPEN


def test_the_line_of_an_earlier_version_opened_everything_and_is_replaced(nft_lab):
    nft_lab.ensure()
    config, own = nft_lab.root / "etc/nftables.conf", nft_lab.root / "etc/ack-edge/nftables-ack-edge.nft"
    good = config.read_text()
    config.write_text(good.replace(".nf[t]", ".nft"))
    text = own.read_text()
    own.unlink()
    with pytest.raises(AssertionError):
        nft_lab.boot()  # nft refuses all of it, and the node would start without a firewall
    own.write_text(text)
    assert nft_lab.ensure().changed
    assert config.read_text() == good
    nft_lab.boot()
    assert nft_lab.reached() == OPEN
