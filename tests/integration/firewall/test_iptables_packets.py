# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real iptables, nft and legacy, and real packets: a node and its clients in namespaces.

Needs root, iproute2, nft and iptables. A restart is played: the tables go, the site's own rules are loaded, and the
commands of our unit are run as systemd would. systemd and firewalld are the only things that are not real here.
"""

import os
import shutil

import pytest
from helpers_iptables import CHAIN, KUBE, KUBELET, POLICY, REJECT, Lab, states
from helpers_packets import ALLOWED, OPEN

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(shutil.which, ("nft", "ip", "iptables-nft", "iptables-legacy"))),
    reason="needs root, iproute2, nft and iptables",
)


@pytest.fixture(params=["nft", "legacy"])
def lab(request, tmp_path):
    made = Lab(tmp_path, request.param)
    yield made
    made.close()


@pytest.mark.parametrize("form", [POLICY, REJECT], ids=["policy", "reject"])
def test_packets_before_after_restart_and_reset(lab, form):
    lab.load_site(form)
    lab.load(KUBE, "--noflush", "--counters")
    assert lab.reached() == set()
    files, saved = lab.files(), lab.saved()
    assert all(counter in saved for counter in ("[7:420]", "[3:99]", "[5:300]"))

    planned = lab.ensure(check=True)
    assert (lab.files(), lab.saved()) == (files, saved)
    assert states(planned) == [("fail", "missing", "missing")] * 2
    done = lab.ensure()
    assert (planned.changed, planned.before, planned.after) == (True, done.before, done.after)
    assert (done.backend, states(done)) == ("iptables", [("pass", "ok", "ok")] * 2)
    assert lab.foreign() == saved
    assert lab.reached() == OPEN

    assert not lab.ensure().changed
    whole = lab.save(4)
    assert not lab.ensure().changed
    assert lab.save(4) == whole

    def site():
        lab.load_site(form)
        lab.load(KUBE, "--noflush", "--counters")

    lab.restart(site)
    assert lab.reached() == OPEN
    lab.start_unit()
    assert lab.save().count(f"-j {CHAIN}") == 1
    assert not lab.ensure().changed

    gone = lab.ensure(present=False)
    assert gone.changed
    assert gone.before == done.after
    assert lab.reached() == set()
    assert (lab.files(), lab.saved()) == (files, saved)
    assert not lab.ensure(present=False).changed


def test_a_site_that_saved_our_chain_too_starts_right(lab):
    lab.load_site(REJECT)
    lab.ensure()
    kept = lab.save(4), lab.save(6)
    lab.ensure([dict(KUBELET, ports=["10250"])])

    def site():
        lab.load(kept[0])
        lab.load(kept[1], version=6)

    lab.restart(site)
    text = lab.save()
    assert text.count(f"-j {CHAIN}") == 1
    assert "30000" not in text
    assert text.index(f"-A INPUT -j {CHAIN}") < text.index("-A INPUT -m conntrack")
    assert not lab.ensure([dict(KUBELET, ports=["10250"])]).changed
    assert lab.reached() == {("allowed", "tcp"), ("allowed6", "tcp")}


def test_a_jump_pushed_behind_a_drop_is_mended_and_a_harmless_rule_in_front_stays(lab):
    lab.load_site(POLICY)
    lab.ensure()
    # In front, and none of them drops what the set lets in.
    harmless = (
        ["-s", "192.0.2.1/32", "-j", "DROP"],
        ["-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP"],
        ["-p", "udp", "-m", "udp", "--dport", "53", "-j", "REJECT"],
        ["-p", "tcp", "-m", "tcp", "!", "--tcp-flags", "FIN,SYN,RST,ACK", "SYN", "-m", "state", "--state", "NEW",
         "-j", "DROP"],
    )  # fmt: skip
    for words in harmless:
        lab.iptables("-I", "INPUT", "1", *words)
    assert not lab.ensure().changed
    assert lab.reached() == OPEN
    lab.iptables("-N", "SITE")
    lab.iptables("-A", "SITE", "-s", "10.213.0.0/16", "-p", "tcp", "-j", "DROP")
    lab.iptables("-I", "INPUT", "1", "-j", "SITE")
    assert lab.reached() == OPEN - {("allowed", "tcp")}
    foreign = lab.foreign()
    outcome = lab.ensure(check=True)
    assert states(outcome)[0] == ("fail", "wrong", "ok")
    assert any(line.endswith("-j DROP") and ", behind -A SITE " in line for line in outcome.before)
    assert lab.ensure().changed
    assert lab.reached() == OPEN
    assert lab.foreign() == foreign
    assert not lab.ensure().changed


def test_rules_removed_by_hand_come_back_and_those_of_others_stay(lab):
    lab.load_site(POLICY)
    lab.ensure()
    lab.iptables("-F", CHAIN)
    lab.iptables("-A", CHAIN, "-s", "10.213.2.0/24", "-j", "ACCEPT")
    lab.iptables("-D", "INPUT", "-j", CHAIN, version=6)
    lab.iptables("-A", "INPUT", "-s", "10.213.9.0/24", "-j", "ACCEPT")
    assert ("allowed6", "tcp") not in lab.reached()
    assert [item[:2] for item in states(lab.ensure(check=True))] == [("fail", "wrong"), ("fail", "missing")]
    lab.ensure()
    assert lab.reached() == OPEN
    assert "-s 10.213.9.0/24 -j ACCEPT" in lab.save()
    lab.iptables("-F", "INPUT")
    assert lab.ensure().changed
    assert lab.reached() == OPEN
    assert not lab.ensure().changed


def test_a_drop_in_an_earlier_table_is_named(lab):
    lab.load_site(POLICY)
    lab.iptables("-t", "raw", "-A", "PREROUTING", "-s", ALLOWED, "-p", "udp", "-j", "DROP")
    lab.iptables("-t", "mangle", "-A", "PREROUTING", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP")
    outcome = lab.ensure()
    assert [item["status"] for item in outcome.verdicts] == ["pass", "warn"]
    assert "table raw" in outcome.verdicts[1]["summary"]
    assert f"-s {ALLOWED}/32 -p udp -j DROP" in outcome.verdicts[1]["summary"]
    assert lab.reached() == OPEN - {("allowed", "udp")}
    assert not lab.ensure().changed


def test_both_variants_loaded_are_both_opened(lab):
    """A packet passes only if both let it pass; 'auto' must not depend on the alternatives of the machine."""
    lab.load_site(POLICY)
    other = "legacy" if lab.variant == "nft" else "nft"
    lab.iptables("-A", "INPUT", "-p", "tcp", "--dport", "10000:11000", "-j", "DROP", variant=other)
    assert lab.reached() == set()
    lab.ensure()
    assert lab.reached() == OPEN
    assert f"-A INPUT -j {CHAIN}" in lab.iptables("-S", variant=other)
    assert not lab.ensure().changed
    lab.ensure(present=False)
    assert CHAIN not in lab.iptables("-S", variant=other) + lab.saved()


def test_a_table_that_stops_dropping_needs_no_rule(lab):
    lab.load_site(POLICY)
    lab.ensure()
    for version in (4, 6):
        lab.load("*filter\n:INPUT ACCEPT\nCOMMIT\n", "--noflush", version=version)
    outcome = lab.ensure(backend="iptables")
    assert [item["status"] for item in outcome.verdicts] == ["pass", "pass"]
    assert "no rule is needed" in outcome.verdicts[0]["summary"]
    assert CHAIN not in lab.saved()
    assert not (lab.root / "etc/ack-edge").exists()


def test_a_rule_of_somebody_that_leads_to_our_chain_goes_with_it(lab):
    lab.load_site(POLICY)
    lab.iptables("-N", "SITE")
    lab.ensure()
    lab.iptables("-A", "SITE", "-j", CHAIN)
    assert not lab.ensure().changed
    lab.ensure(present=False)
    assert CHAIN not in lab.saved()
    assert "-N SITE" in lab.iptables("-S")
