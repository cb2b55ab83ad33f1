# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real iptables beside what others load: nft, Docker, loaders that come later, a held lock."""

import fcntl
import re
import subprocess
import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import loaded as _loaded
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from helpers_iptables import CHAIN, KUBELET, NEEDS, POLICY, REJECT, Lab, states
from helpers_packets import ALLOWED, OPEN

pytestmark = NEEDS


def test_a_rule_that_only_nft_can_read_is_named_and_no_reason_to_leave_ours(tmp_path):
    iptables_lab = Lab(tmp_path, "nft")
    try:
        iptables_lab.load_site(REJECT)
        files, saved = iptables_lab.files(), iptables_lab.saved()
        iptables_lab.ensure()
        iptables_lab.inside("nft", "insert", "rule", "ip", "filter", "INPUT", "numgen", "inc", "mod", "2", "1", "drop")
        with pytest.raises(
            NodeError, match=r"incompatible.*added rules with nft .*: ip filter INPUT handle \d+ \('nft"
        ):
            iptables_lab.ensure()
        assert iptables_lab.ensure(present=False, check=True).changed
        assert iptables_lab.ensure(present=False).changed
        assert not iptables_lab.ensure(present=False).changed
        listed = iptables_lab.inside("nft", "list", "ruleset")
        assert "numgen" in listed
        assert CHAIN not in listed
        assert iptables_lab.files() == files
        handle = re.search(
            r"numgen.* # handle (\d+)", iptables_lab.inside("nft", "-a", "list", "chain", "ip", "filter", "INPUT")
        )
        iptables_lab.inside("nft", "delete", "rule", "ip", "filter", "INPUT", "handle", handle.group(1))
        assert iptables_lab.saved() == saved
    finally:
        iptables_lab.close()


# Network case 07: the chain that Docker leaves to the user is one of the user, for the host, too.
def test_docker_user_behind_input_is_a_firewall(tmp_path):
    iptables_lab = Lab(tmp_path, "nft")
    try:
        words = (
            "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A DOCKER-USER -p tcp -m tcp --dport 22 -j ACCEPT"
        )
        chains = "*filter\n:DOCKER-USER - [0:0]\n-A INPUT -i eth0 -j DOCKER-USER\n"
        iptables_lab.load(f"{chains}-A DOCKER-USER {words}\n-A DOCKER-USER -i eth0 -j DROP\nCOMMIT\n")
        assert not iptables_lab.reaches(ALLOWED)
        done = iptables_lab.ensure()
        assert (done.backend, states(done)) == ("iptables", [("pass", "ok", "ok")] * 2)
        assert iptables_lab.reaches(ALLOWED)
    finally:
        iptables_lab.close()


# Network case 23: what loads the table may come after ours.
@pytest.mark.parametrize("loader", ["shorewall", "script", "nobody"])
def test_what_an_unknown_program_loads_is_no_promise_for_a_restart(tmp_path, loader):
    iptables_lab = Lab(tmp_path, "nft")
    try:
        iptables_lab.load_site(POLICY)
        wants = iptables_lab.root / "etc/systemd/system/basic.target.wants"
        wants.mkdir()
        unit = {"shorewall": "shorewall.service", "script": "site.service"}.get(loader, "ssh.service")
        (iptables_lab.root / f"etc/systemd/system/{unit}").write_text("[Service]\nExecStart=/bin/sh /srv/fw.sh start\n")
        (wants / unit).symlink_to(f"/etc/systemd/system/{unit}")
        (iptables_lab.root / "srv").mkdir()
        (iptables_lab.root / "srv/fw.sh").write_text(
            "#!/bin/sh\n# iptables\n" + ("iptables -P INPUT DROP\n" if loader == "script" else "")
        )
        if loader == "nobody":
            (iptables_lab.root / "etc/iptables/rules.v6").unlink()
        done = iptables_lab.ensure()
        assert states(done) == [("warn", "ok", "ok")] * 2
        expected = f"{unit} also loads iptables rules" if loader != "nobody" else "none of iptables.service"
        assert "may not be after a reboot or a reload of the firewall: " + expected in done.verdicts[0]["summary"]
        assert iptables_lab.reaches(ALLOWED)
    finally:
        iptables_lab.close()


def test_a_held_lock_is_waited_for_and_then_an_error(tmp_path, monkeypatch):
    iptables_lab = Lab(tmp_path, "legacy")
    try:
        iptables_lab.load_site(POLICY)
        saved, files = iptables_lab.saved(), iptables_lab.files()
        monkeypatch.setattr(_loaded, "WAIT", 1)
        with open("/run/xtables.lock", "a", encoding="ascii") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            with pytest.raises(NodeError, match=r"another program has held the xtables lock .* for 1 seconds"):
                iptables_lab.ensure()
        assert (iptables_lab.saved(), iptables_lab.files()) == (saved, files)
        monkeypatch.setattr(_loaded, "WAIT", 10)
        with subprocess.Popen(["flock", "/run/xtables.lock", "sh", "-c", "echo held; sleep 1"], stdout=subprocess.PIPE,
                              text=True) as holder:  # fmt: skip
            assert holder.stdout.readline() == "held\n"
            assert iptables_lab.ensure().changed
        assert iptables_lab.reached() == OPEN
    finally:
        iptables_lab.close()


def test_many_sources_are_one_restore_for_each_family(iptables_lab):
    iptables_lab.load_site(POLICY)
    sources = [f"10.{100 + index // 200}.{index % 200}.0/25" for index in range(200)]
    raw = [dict(KUBELET, ports=["10250", "10255", "9100", "9445", "8472"], sources=sources)]
    start = time.monotonic()
    iptables_lab.ensure(raw)
    spent = time.monotonic() - start
    restores = [argv for argv in iptables_lab.calls if argv[0].endswith("-restore") and "--test" not in argv]
    assert [argv[0] for argv in restores] == [f"iptables-{iptables_lab.variant}-restore"]
    assert iptables_lab.iptables("-S", CHAIN).count("-A ") == 200
    print(f"200 sources x 5 ports on {iptables_lab.variant}: {spent:.2f} s")
    assert not iptables_lab.ensure(raw).changed
