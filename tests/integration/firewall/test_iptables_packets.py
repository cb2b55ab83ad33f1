# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real iptables, nft and legacy, and real packets: a node and its clients in namespaces.

Needs root, iproute2, nft and iptables. A restart is played: the tables go, the site's own rules are loaded, and the
commands of our unit are run as systemd would. systemd and firewalld are the only things that are not real here.
"""

import fcntl
import os
import re
import shutil
import subprocess
import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import loaded as _loaded
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.run import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError, run_command
from helpers_packets import ALLOWED, OPEN, PacketLab, sh

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(shutil.which, ("nft", "ip", "iptables-nft", "iptables-legacy"))),
    reason="needs root, iproute2, nft and iptables",
)

KUBELET = {
    "name": "kubelet",
    "protocol": "tcp",
    "ports": ["10250", "10255", "30000-30010"],
    "sources": ["10.213.1.0/24", "10.99.0.7", "fd13:213:1::/64"],
}
VXLAN = {"name": "vxlan", "protocol": "udp", "ports": ["8472"], "sources": ["10.213.1.0/24"]}
ITEMS = (KUBELET, VXLAN)
CHAIN = "ACK-EDGE-ACK-EDGE"

HEAD = """*filter
:INPUT %s [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p %s -j ACCEPT
[5:300] -A INPUT -p tcp -m tcp --dport 22 -m comment --comment "site's ssh" -j ACCEPT
"""
POLICY = HEAD + "COMMIT\n"
REJECT = HEAD + "-A INPUT -j REJECT\nCOMMIT\n"
# What kubelet, kube-proxy and a CNI plugin leave, with counters that must stay.
KUBE = """*filter
:KUBE-FIREWALL - [0:0]
:KUBE-NODEPORTS - [0:0]
[7:420] -A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP
-A KUBE-NODEPORTS -p tcp -m tcp --dport 32000 -m comment --comment "kube \\"quoted\\"" -j ACCEPT
-I INPUT 1 -m comment --comment "kubernetes" -j KUBE-NODEPORTS
-I INPUT 1 -j KUBE-FIREWALL
COMMIT
*nat
:CNI-HOSTPORT-DNAT - [0:0]
[3:99] -A CNI-HOSTPORT-DNAT -p tcp -m tcp --dport 8080 -j RETURN
COMMIT
"""


class NamespaceNode(Node):
    """Reads /proc as the node's own network namespace shows it."""

    def read(self, path):
        if path.startswith("/proc/net/"):
            done = self.run(["cat", path])
            return done.out if done.rc == 0 else None
        return super().read(path)


class Lab(PacketLab):
    """A node and a client; ``root`` holds the node's files, ``variant`` is what the site loads its rules with."""

    def __init__(self, root, variant):
        self.root, self.variant = root, variant
        self.calls = []
        super().__init__()
        (root / "run/systemd/system").mkdir(parents=True)
        (root / "etc/systemd/system").mkdir(parents=True)
        (root / "usr/sbin").mkdir(parents=True)
        (root / "var/lib").mkdir(parents=True)
        # What a known service loads at boot; the tables are loaded by the tests themselves.
        (root / "etc/iptables").mkdir()
        for version in (4, 6):
            (root / f"etc/iptables/rules.v{version}").write_text("*filter\n:INPUT DROP [0:0]\nCOMMIT\n")
        for plain in ("iptables", "ip6tables"):
            for name in (f"{plain}-{kind}{what}" for kind in ("nft", "legacy") for what in ("", "-restore")):
                (root / "usr/sbin" / name).touch()

    def inside(self, *argv, stdin=None):
        return sh("ip", "netns", "exec", self.node_ns, *argv, stdin=stdin)

    def iptables(self, *words, version=4, variant=None):
        plain = "iptables" if version == 4 else "ip6tables"
        return self.inside(f"{plain}-{variant or self.variant}", *words)

    def load(self, text, *how, version=4):
        plain = "iptables" if version == 4 else "ip6tables"
        self.inside(f"{plain}-{self.variant}-restore", *how, stdin=text)

    def load_site(self, form):
        for version, control in ((4, "icmp"), (6, "ipv6-icmp")):
            self.load(form % ("DROP" if form == POLICY else "ACCEPT", control), "--counters", version=version)

    def save(self, version=4):
        """Return all tables with the counters of rules that no probe meets; a date is in the comments."""
        plain = "iptables" if version == 4 else "ip6tables"
        lines = self.inside(f"{plain}-{self.variant}-save", "-c").splitlines(True)
        kept = ("[7:420] -A KUBE-", "[3:99] -A CNI-", "[5:300] -A INPUT -p tcp -m tcp --dport 22 ")
        return "".join(
            line if line.startswith(kept) else re.sub(r"\[\d+:\d+\]", "[0:0]", line)
            for line in lines
            if not line.startswith("#")
        )

    def saved(self):
        return self.save(4) + self.save(6)

    def foreign(self):
        return "".join(line for line in self.saved().splitlines(True) if CHAIN not in line)

    def unit(self):
        return (self.root / "etc/systemd/system/ack-edge-inbound-ack-edge.service").read_text()

    def restart(self, load):
        """Play a restart: nothing is loaded, ``load`` is what the site's own services do, and then our unit starts."""
        for version in (4, 6):
            self.load("*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n", version=version)
        load()
        self.start_unit()

    def start_unit(self):
        for dash, command in re.findall(r"^ExecStart=(-?)(.*)$", self.unit(), re.MULTILINE):
            argv = [word.replace("/etc/ack-edge", f"{self.root}/etc/ack-edge") for word in command.split()]
            done = run_command(["ip", "netns", "exec", self.node_ns, *argv])
            assert dash or done.rc == 0, (command, done.err)

    def run(self, argv, stdin=None, timeout=60):
        self.calls.append(argv)
        if argv[:2] == ["systemctl", "is-enabled"]:
            return Completed(argv, 0, "enabled\n" if argv[2] == "netfilter-persistent.service" else "", "")
        if argv[0] == "systemctl":
            assert argv[1:] in (["daemon-reload"], ["is-active", "firewalld.service"]) or argv[1] == "show", argv
            return Completed(argv, 0, "", "")
        if argv[0] == "firewall-cmd":
            return Completed(argv, 127, "", "not found")
        return run_command(["ip", "netns", "exec", self.node_ns, *argv], stdin, timeout)

    def ensure(self, raw=ITEMS, *, present=True, check=False, backend="auto"):
        items, problems = parse_items(raw)
        assert not problems
        node = NamespaceNode(self.run, str(self.root))
        return InboundPorts(node, "ack-edge", backend).ensure(items, present, check)

    def files(self):
        return {
            str(path.relative_to(self.root)): (str(path.readlink()) if path.is_symlink() else path.is_file())
            for path in self.root.rglob("*")
            # The lock stays, and its folder with it.
            if not str(path).endswith(".lock") and path.name not in ("lock", "ack_edge", "run")
        }


def states(outcome):
    return [(item["status"], item["data"]["runtime"], item["data"]["boot"]) for item in outcome.verdicts]


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
