# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real iptables, nft and legacy, and real packets: a node and its clients in namespaces.

Needs root, iproute2, nft and iptables. A restart is played: the tables go, the site's own rules are loaded, and the
commands of our unit are run as systemd would. systemd and firewalld are the only things that are not real here.
"""

import pytest
from helpers_iptables import CHAIN, KUBE, KUBELET, NEEDS, POLICY, REJECT, states
from helpers_packets import ALLOWED, OPEN

pytestmark = NEEDS


@pytest.mark.parametrize("form", [POLICY, REJECT], ids=["policy", "reject"])
def test_packets_before_after_restart_and_reset(iptables_lab, form):
    iptables_lab.load_site(form)
    iptables_lab.load(KUBE, "--noflush", "--counters")
    assert iptables_lab.reached() == set()
    files, saved = iptables_lab.files(), iptables_lab.saved()
    assert all(counter in saved for counter in ("[7:420]", "[3:99]", "[5:300]"))

    planned = iptables_lab.ensure(check=True)
    assert (iptables_lab.files(), iptables_lab.saved()) == (files, saved)
    assert states(planned) == [("fail", "missing", "missing")] * 2
    done = iptables_lab.ensure()
    assert (planned.changed, planned.before, planned.after) == (True, done.before, done.after)
    assert (done.backend, states(done)) == ("iptables", [("pass", "ok", "ok")] * 2)
    assert iptables_lab.foreign() == saved
    assert iptables_lab.reached() == OPEN

    assert not iptables_lab.ensure().changed
    whole = iptables_lab.save(4)
    assert not iptables_lab.ensure().changed
    assert iptables_lab.save(4) == whole

    def site():
        iptables_lab.load_site(form)
        iptables_lab.load(KUBE, "--noflush", "--counters")

    iptables_lab.restart(site)
    assert iptables_lab.reached() == OPEN
    iptables_lab.start_unit()
    assert iptables_lab.save().count(f"-j {CHAIN}") == 1
    assert not iptables_lab.ensure().changed

    gone = iptables_lab.ensure(present=False)
    assert gone.changed
    assert gone.before == done.after
    assert iptables_lab.reached() == set()
    assert (iptables_lab.files(), iptables_lab.saved()) == (files, saved)
    assert not iptables_lab.ensure(present=False).changed


def test_a_site_that_saved_our_chain_too_starts_right(iptables_lab):
    iptables_lab.load_site(REJECT)
    iptables_lab.ensure()
    kept = iptables_lab.save(4), iptables_lab.save(6)
    iptables_lab.ensure([dict(KUBELET, ports=["10250"])])

    def site():
        iptables_lab.load(kept[0])
        iptables_lab.load(kept[1], version=6)

    iptables_lab.restart(site)
    text = iptables_lab.save()
    assert text.count(f"-j {CHAIN}") == 1
    assert "30000" not in text
    assert text.index(f"-A INPUT -j {CHAIN}") < text.index("-A INPUT -m conntrack")
    assert not iptables_lab.ensure([dict(KUBELET, ports=["10250"])]).changed
    assert iptables_lab.reached() == {("allowed", "tcp"), ("allowed6", "tcp")}


def test_a_jump_pushed_behind_a_drop_is_mended_and_a_harmless_rule_in_front_stays(iptables_lab):
    iptables_lab.load_site(POLICY)
    iptables_lab.ensure()
    # In front, and none of them drops what the set lets in.
    harmless = (
        ["-s", "192.0.2.1/32", "-j", "DROP"],
        ["-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP"],
        ["-p", "udp", "-m", "udp", "--dport", "53", "-j", "REJECT"],
        ["-p", "tcp", "-m", "tcp", "!", "--tcp-flags", "FIN,SYN,RST,ACK", "SYN", "-m", "state", "--state", "NEW",
         "-j", "DROP"],
    )  # fmt: skip
    for words in harmless:
        iptables_lab.iptables("-I", "INPUT", "1", *words)
    assert not iptables_lab.ensure().changed
    assert iptables_lab.reached() == OPEN
    iptables_lab.iptables("-N", "SITE")
    iptables_lab.iptables("-A", "SITE", "-s", "10.213.0.0/16", "-p", "tcp", "-j", "DROP")
    iptables_lab.iptables("-I", "INPUT", "1", "-j", "SITE")
    assert iptables_lab.reached() == OPEN - {("allowed", "tcp")}
    foreign = iptables_lab.foreign()
    outcome = iptables_lab.ensure(check=True)
    assert states(outcome)[0] == ("fail", "wrong", "ok")
    assert any(line.endswith("-j DROP") and ", behind -A SITE " in line for line in outcome.before)
    assert iptables_lab.ensure().changed
    assert iptables_lab.reached() == OPEN
    assert iptables_lab.foreign() == foreign
    assert not iptables_lab.ensure().changed


def test_rules_removed_by_hand_come_back_and_those_of_others_stay(iptables_lab):
    iptables_lab.load_site(POLICY)
    iptables_lab.ensure()
    iptables_lab.iptables("-F", CHAIN)
    iptables_lab.iptables("-A", CHAIN, "-s", "10.213.2.0/24", "-j", "ACCEPT")
    iptables_lab.iptables("-D", "INPUT", "-j", CHAIN, version=6)
    iptables_lab.iptables("-A", "INPUT", "-s", "10.213.9.0/24", "-j", "ACCEPT")
    assert ("allowed6", "tcp") not in iptables_lab.reached()
    assert [item[:2] for item in states(iptables_lab.ensure(check=True))] == [("fail", "wrong"), ("fail", "missing")]
    iptables_lab.ensure()
    assert iptables_lab.reached() == OPEN
    assert "-s 10.213.9.0/24 -j ACCEPT" in iptables_lab.save()
    iptables_lab.iptables("-F", "INPUT")
    assert iptables_lab.ensure().changed
    assert iptables_lab.reached() == OPEN
    assert not iptables_lab.ensure().changed


def test_a_drop_in_an_earlier_table_is_named(iptables_lab):
    iptables_lab.load_site(POLICY)
    iptables_lab.iptables("-t", "raw", "-A", "PREROUTING", "-s", ALLOWED, "-p", "udp", "-j", "DROP")
    iptables_lab.iptables("-t", "mangle", "-A", "PREROUTING", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP")
    outcome = iptables_lab.ensure()
    assert [item["status"] for item in outcome.verdicts] == ["pass", "warn"]
    assert "table raw" in outcome.verdicts[1]["summary"]
    assert f"-s {ALLOWED}/32 -p udp -j DROP" in outcome.verdicts[1]["summary"]
    assert iptables_lab.reached() == OPEN - {("allowed", "udp")}
    assert not iptables_lab.ensure().changed


def test_both_variants_loaded_are_both_opened(iptables_lab):
    """A packet passes only if both let it pass; 'auto' must not depend on the alternatives of the machine."""
    iptables_lab.load_site(POLICY)
    other = "legacy" if iptables_lab.variant == "nft" else "nft"
    iptables_lab.iptables("-A", "INPUT", "-p", "tcp", "--dport", "10000:11000", "-j", "DROP", variant=other)
    assert iptables_lab.reached() == set()
    iptables_lab.ensure()
    assert iptables_lab.reached() == OPEN
    assert f"-A INPUT -j {CHAIN}" in iptables_lab.iptables("-S", variant=other)
    assert not iptables_lab.ensure().changed
    iptables_lab.ensure(present=False)
    assert CHAIN not in iptables_lab.iptables("-S", variant=other) + iptables_lab.saved()


def test_a_table_that_stops_dropping_needs_no_rule(iptables_lab):
    iptables_lab.load_site(POLICY)
    iptables_lab.ensure()
    for version in (4, 6):
        iptables_lab.load("*filter\n:INPUT ACCEPT\nCOMMIT\n", "--noflush", version=version)
    outcome = iptables_lab.ensure(backend="iptables")
    assert [item["status"] for item in outcome.verdicts] == ["pass", "pass"]
    assert "no rule is needed" in outcome.verdicts[0]["summary"]
    assert CHAIN not in iptables_lab.saved()
    assert not (iptables_lab.root / "etc/ack-edge").exists()


def test_a_rule_of_somebody_that_leads_to_our_chain_goes_with_it(iptables_lab):
    iptables_lab.load_site(POLICY)
    iptables_lab.iptables("-N", "SITE")
    iptables_lab.ensure()
    iptables_lab.iptables("-A", "SITE", "-j", CHAIN)
    assert not iptables_lab.ensure().changed
    iptables_lab.ensure(present=False)
    assert CHAIN not in iptables_lab.saved()
    assert "-N SITE" in iptables_lab.iptables("-S")
