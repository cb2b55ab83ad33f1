# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real iptables beside what others load: nft, Docker, loaders that come later, a held lock."""

import fcntl
import os
import re
import shutil
import subprocess
import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import loaded as _loaded
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from helpers_iptables import CHAIN, KUBELET, POLICY, REJECT, Lab, states
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


def test_a_rule_that_only_nft_can_read_is_named_and_no_reason_to_leave_ours(tmp_path):
    lab = Lab(tmp_path, "nft")
    try:
        lab.load_site(REJECT)
        files, saved = lab.files(), lab.saved()
        lab.ensure()
        lab.inside("nft", "insert", "rule", "ip", "filter", "INPUT", "numgen", "inc", "mod", "2", "1", "drop")
        with pytest.raises(
            NodeError, match=r"incompatible.*added rules with nft .*: ip filter INPUT handle \d+ \('nft"
        ):
            lab.ensure()
        assert lab.ensure(present=False, check=True).changed
        assert lab.ensure(present=False).changed
        assert not lab.ensure(present=False).changed
        listed = lab.inside("nft", "list", "ruleset")
        assert "numgen" in listed
        assert CHAIN not in listed
        assert lab.files() == files
        handle = re.search(
            r"numgen.* # handle (\d+)", lab.inside("nft", "-a", "list", "chain", "ip", "filter", "INPUT")
        )
        lab.inside("nft", "delete", "rule", "ip", "filter", "INPUT", "handle", handle.group(1))
        assert lab.saved() == saved
    finally:
        lab.close()


# Network case 07: the chain that Docker leaves to the user is one of the user, for the host, too.
def test_docker_user_behind_input_is_a_firewall(tmp_path):
    lab = Lab(tmp_path, "nft")
    try:
        words = (
            "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A DOCKER-USER -p tcp -m tcp --dport 22 -j ACCEPT"
        )
        lab.load(f"*filter\n:DOCKER-USER - [0:0]\n-A INPUT -i eth0 -j DOCKER-USER\n-A DOCKER-USER {words}\n"
                 "-A DOCKER-USER -i eth0 -j DROP\nCOMMIT\n")  # fmt: skip
        assert not lab.reaches(ALLOWED)
        done = lab.ensure()
        assert (done.backend, states(done)) == ("iptables", [("pass", "ok", "ok")] * 2)
        assert lab.reaches(ALLOWED)
    finally:
        lab.close()


# Network case 23: what loads the table may come after ours.
@pytest.mark.parametrize("loader", ["shorewall", "script", "nobody"])
def test_what_an_unknown_program_loads_is_no_promise_for_a_restart(tmp_path, loader):
    lab = Lab(tmp_path, "nft")
    try:
        lab.load_site(POLICY)
        wants = lab.root / "etc/systemd/system/basic.target.wants"
        wants.mkdir()
        unit = {"shorewall": "shorewall.service", "script": "site.service"}.get(loader, "ssh.service")
        (lab.root / f"etc/systemd/system/{unit}").write_text("[Service]\nExecStart=/bin/sh /srv/fw.sh start\n")
        (wants / unit).symlink_to(f"/etc/systemd/system/{unit}")
        (lab.root / "srv").mkdir()
        (lab.root / "srv/fw.sh").write_text(
            "#!/bin/sh\n# iptables\n" + ("iptables -P INPUT DROP\n" if loader == "script" else "")
        )
        if loader == "nobody":
            (lab.root / "etc/iptables/rules.v6").unlink()
        done = lab.ensure()
        assert states(done) == [("warn", "ok", "ok")] * 2
        expected = f"{unit} also loads iptables rules" if loader != "nobody" else "none of iptables.service"
        assert "may not be after a reboot or a reload of the firewall: " + expected in done.verdicts[0]["summary"]
        assert lab.reaches(ALLOWED)
    finally:
        lab.close()


def test_a_held_lock_is_waited_for_and_then_an_error(tmp_path, monkeypatch):
    lab = Lab(tmp_path, "legacy")
    try:
        lab.load_site(POLICY)
        saved, files = lab.saved(), lab.files()
        monkeypatch.setattr(_loaded, "WAIT", 1)
        with open("/run/xtables.lock", "a", encoding="ascii") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            with pytest.raises(NodeError, match=r"another program has held the xtables lock .* for 1 seconds"):
                lab.ensure()
        assert (lab.saved(), lab.files()) == (saved, files)
        monkeypatch.setattr(_loaded, "WAIT", 10)
        with subprocess.Popen(["flock", "/run/xtables.lock", "sh", "-c", "echo held; sleep 1"], stdout=subprocess.PIPE,
                              text=True) as holder:  # fmt: skip
            assert holder.stdout.readline() == "held\n"
            assert lab.ensure().changed
        assert lab.reached() == OPEN
    finally:
        lab.close()


def test_many_sources_are_one_restore_for_each_family(lab):
    lab.load_site(POLICY)
    sources = [f"10.{100 + index // 200}.{index % 200}.0/25" for index in range(200)]
    raw = [dict(KUBELET, ports=["10250", "10255", "9100", "9445", "8472"], sources=sources)]
    start = time.monotonic()
    lab.ensure(raw)
    spent = time.monotonic() - start
    restores = [argv for argv in lab.calls if argv[0].endswith("-restore") and "--test" not in argv]
    assert [argv[0] for argv in restores] == [f"iptables-{lab.variant}-restore"]
    assert lab.iptables("-S", CHAIN).count("-A ") == 200
    print(f"200 sources x 5 ports on {lab.variant}: {spent:.2f} s")
    assert not lab.ensure(raw).changed
