# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with the real ufw and real packets: a node and its clients in network namespaces of their own.

Needs root, iproute2, iptables and ufw. ufw sees a copy of its files through bind mounts, and never this machine's own.
"""

import fcntl
import os
import shutil
import subprocess

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends import ufw as _ufw
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError, run_command
from helpers_packets import OPEN, PacketLab, sh

ITEMS = [
    {
        "name": "kubelet",
        "protocol": "tcp",
        "ports": ["10250", "10255", "30000-30010"],
        "sources": ["10.213.1.0/24", "10.99.0.0/24", "fd13:213:1::/64"],
    },
    {"name": "vxlan", "protocol": "udp", "ports": ["8472"], "sources": ["10.213.1.0/24"]},
]
# All programs called iptables are one of two; which one they are, other parts of the machine need not know.
LEGACY = "mount --bind /usr/sbin/xtables-legacy-multi /usr/sbin/xtables-nft-multi"


class Lab(PacketLab):
    """A node whose firewall is ufw, and a client; ``root`` holds the node's files.

    ``legacy``: its rules are tables of ip_tables and not of nft.
    """

    def __init__(self, root, legacy=False):
        self.root, self.legacy = root, legacy
        super().__init__()
        shutil.copytree("/etc/ufw", root / "etc/ufw")
        (root / "etc/default").mkdir()
        (root / "run").mkdir()
        shutil.copy("/etc/default/ufw", root / "etc/default/ufw")
        config = root / "etc/ufw/ufw.conf"
        config.write_text(config.read_text().replace("ENABLED=no", "ENABLED=yes"))

    def with_files(self, *argv):
        """Return a command of ufw's that sees the node's files where it looks for them."""
        seen = {"etc/ufw": "/etc/ufw", "etc/default": "/etc/default", "run": "/run"}
        return [*self.inside(*(f"mount --bind {self.root}/{path} {place}" for path, place in seen.items())), *argv]

    def inside(self, *mounts):
        """Return what stands before a command that runs in the node, with mounts of its own."""
        mounts += (LEGACY, f"mount --bind {self.root}/run /run") if self.legacy else ()
        script = " && ".join((*mounts, 'exec "$@"'))
        own = ["unshare", "-m", "sh", "-c", script, "sh"] if mounts else []
        return ["ip", "netns", "exec", self.node_ns, *own]

    def ufw(self, *words):
        return sh(*self.with_files("ufw", *words))

    def boot(self):
        """Start from nothing, as at a restart."""
        for program in ("iptables", "ip6tables"):
            sh(*self.inside(), f"{program}-restore", stdin="*filter\nCOMMIT\n")
        sh(*self.with_files("/lib/ufw/ufw-init", "start"))
        if self.legacy:
            for name in ("ip_tables_names", "ip6_tables_names"):
                (self.root / "proc/net").mkdir(parents=True, exist_ok=True)
                (self.root / "proc/net" / name).write_text(sh(*self.inside(), "cat", f"/proc/net/{name}"))

    def iptables(self, *words, program="iptables"):
        return sh(*self.inside(), program, *words)

    def run(self, argv, stdin=None, timeout=60):
        if argv[0] in ("systemctl", "firewall-cmd"):
            return Completed(argv, 127, "", "not found")
        return run_command([*self.inside(), *argv], stdin, timeout)

    def ensure(self, raw=tuple(ITEMS), *, present=True, check=False, name="ack-edge"):
        items, problems = parse_items(raw)
        assert not problems
        return InboundPorts(Node(self.run, str(self.root)), name).ensure(items, present, None if check else carry_out)

    def rules(self):
        return self.iptables("-S") + self.iptables("-S", program="ip6tables")

    def files(self):
        return {str(path.relative_to(self.root)): path.read_bytes() for path in (self.root / "etc").rglob("*")
                if path.is_file()}  # fmt: skip


@pytest.fixture
def lab(tmp_path):
    assert os.geteuid() == 0, "needs root for network namespaces"
    assert shutil.which("ufw"), "needs ufw, which tests/integration/tools.sh installs"
    made = Lab(tmp_path)
    made.boot()
    yield made
    made.close()


@pytest.fixture(params=[False, True], ids=["nft", "legacy"])
def either_lab(tmp_path, request):
    made = Lab(tmp_path, request.param)
    made.boot()
    assert ("legacy" in made.iptables("-V")) == request.param
    yield made
    made.close()


def test_packets_before_after_restart_and_reset(either_lab):
    lab = either_lab
    lab.ufw("allow", "22/tcp")
    lab.ufw("limit", "proto", "tcp", "from", "10.77.0.0/16", "to", "any", "port", "80", "comment", "theirs")
    for args in (
        ["-N", "KUBE-FIREWALL"],
        ["-A", "KUBE-FIREWALL", "-m", "mark", "--mark", "0x8000/0x8000", "-j", "DROP"],
        ["-I", "INPUT", "-m", "comment", "--comment", "kubernetes", "-j", "KUBE-FIREWALL"],
        ["-t", "nat", "-N", "CNI-HOSTPORT-DNAT"],
        ["-A", "ufw-user-input", "-s", "10.88.0.0/16", "-j", "ACCEPT"],
    ):
        lab.iptables(*args)
    nat, rules, files = lab.iptables("-t", "nat", "-S"), lab.rules(), lab.files()
    assert lab.reached() == set()

    planned = lab.ensure(check=True)
    assert (lab.rules(), lab.files()) == (rules, files)
    done = lab.ensure()
    assert (planned.changed, planned.before, planned.after) == (True, done.before, done.after)
    assert [(item["status"], item["data"]["backend"]) for item in done.verdicts] == [("pass", "ufw")] * 2
    assert lab.reached() == OPEN
    whole = lab.rules()
    assert [line for line in whole.splitlines() if line in rules.splitlines()] == rules.splitlines()
    assert lab.iptables("-t", "nat", "-S") == nat
    assert not lab.ensure().changed
    assert lab.rules() == whole

    assert "ack-edge ack-edge kubelet" in lab.ufw("status", "numbered")
    lab.boot()
    assert lab.reached() == OPEN
    assert not lab.ensure().changed

    assert lab.ensure(present=False).changed
    assert lab.reached() == set()
    assert lab.files() == files
    assert "10250" not in lab.rules()
    assert not (lab.root / "var/lib/ack_edge").exists()
    assert not lab.ensure(present=False).changed


def test_what_hands_did_is_mended_and_what_others_did_stays(lab):
    lab.ensure()
    gone = [
        "-s",
        "10.213.1.0/24",
        "-p",
        "tcp",
        "-m",
        "multiport",
        "--dports",
        "10250,10255,30000:30010",
        "-j",
        "ACCEPT",
    ]
    lab.iptables("-D", "ufw-user-input", *gone)
    lab.ufw("--force", "delete", "allow", "proto", "udp", "from", "10.213.1.0/24", "to", "any", "port", "8472")
    lab.ufw("allow", "443/tcp")
    lab.iptables("-D", "ufw-user-input", *gone)  # ufw put it back from its file
    states = [item["data"] for item in lab.ensure(check=True).verdicts]
    assert [(one["runtime"], one["boot"]) for one in states] == [("wrong", "ok"), ("missing", "missing")]
    lab.ensure()
    assert lab.reached() == OPEN
    assert "--dport 443 -j ACCEPT" in lab.rules()
    assert not lab.ensure().changed
    lab.ensure(present=False)
    assert "--dport 443 -j ACCEPT" in lab.rules()


def test_ufw_itself_goes_on_working_on_its_files(lab):
    """What ufw does with our rules when it rewrites its file, and takes one of them out when it is told to."""
    lab.ensure()
    lab.ufw("allow", "443/tcp")
    lab.ufw("prepend", "deny", "from", "10.66.0.0/16")
    lab.ufw("delete", "allow", "443/tcp")
    lab.ufw("delete", "deny", "from", "10.66.0.0/16")
    assert not lab.ensure().changed
    assert lab.reached() == OPEN
    lab.ensure(present=False)
    assert not [path for path, text in lab.files().items() if b"10250" in text]


def test_a_deny_before_ours_is_named_and_stays(lab):
    lab.ensure()
    lab.ufw("prepend", "deny", "from", "10.213.1.0/24")
    assert ("allowed", "tcp") not in lab.reached()
    done = lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["warn", "warn"]
    assert "-A ufw-user-input -s 10.213.1.0/24 -j DROP" in done.verdicts[0]["summary"]
    lab.ufw("delete", "deny", "from", "10.213.1.0/24")
    assert [item["status"] for item in lab.ensure().verdicts] == ["pass", "pass"]
    for chain in ("ufw-before-input", "INPUT"):
        deny = (chain, "-s", "10.213.1.0/24", "-p", "udp", "-j", "DROP")
        lab.iptables("-I", *deny)
        assert ("allowed", "udp") not in lab.reached()
        kubelet, vxlan = lab.ensure().verdicts
        assert (kubelet["status"], vxlan["status"]) == ("pass", "warn")
        assert f"-A {' '.join(deny)}" in vxlan["summary"]
        lab.iptables("-D", *deny)


def test_a_chain_of_the_site_that_drops_before_ours_is_named(lab):
    lab.ensure(ITEMS[1:])
    lab.iptables("-N", "site-geo")
    lab.iptables("-A", "site-geo", "-s", "10.66.0.0/16", "-j", "RETURN")
    lab.iptables("-A", "site-geo", "-j", "DROP")
    lab.iptables("-I", "ufw-before-input", "-m", "conntrack", "--ctstate", "NEW", "-j", "site-geo")
    assert ("allowed", "udp") not in lab.reached()
    (vxlan,) = lab.ensure(ITEMS[1:]).verdicts
    assert vxlan["status"] == "warn"
    assert vxlan["summary"].endswith("a rule before ours may drop some of it: -A site-geo -j DROP")
    lab.iptables("-I", "site-geo", "-s", "10.213.1.0/24", "-j", "RETURN")
    assert ("allowed", "udp") in lab.reached()
    assert [item["status"] for item in lab.ensure(ITEMS[1:]).verdicts] == ["pass"]


def test_an_equal_rule_of_the_site_is_used_and_stays(lab):
    lab.ufw("allow", "proto", "udp", "from", "10.213.1.0/24", "to", "any", "port", "8472", "comment", "mine")
    before = lab.files()
    done = lab.ensure(ITEMS[1:])
    assert (done.changed, done.verdicts[0]["status"]) == (False, "pass")
    assert lab.ensure(present=False).changed is False
    assert lab.files() == before


def test_two_sets_stand_side_by_side(lab):
    lab.ensure(ITEMS[:1])
    files = lab.files()
    lab.ensure(ITEMS[1:], name="site")
    assert lab.reached() == OPEN
    lab.ensure(present=False, name="site")
    assert lab.files() == files


def test_many_sources_are_one_transaction(lab):
    sources = [f"10.{100 + number // 250}.{number % 250}.0/24" for number in range(0, 400, 2)]
    lab.ensure([{"name": "many", "protocol": "tcp", "ports": ["1", "3", "5", "7", "9"], "sources": sources}])
    assert lab.rules().count("--dports 1,3,5,7,9") == 200
    assert lab.ufw("status").count("1,3,5,7,9/tcp") == 200


def test_without_ipv6_it_says_which_sources_stay_shut(lab):
    config = lab.root / "etc/default/ufw"
    config.write_text(config.read_text().replace("IPV6=yes", "IPV6=no"))
    for name in lab.iptables("-S", program="ip6tables").splitlines():
        if name.startswith("-P"):
            lab.iptables("-P", name.split()[1], "ACCEPT", program="ip6tables")
    lab.iptables("-F", program="ip6tables")
    lab.iptables("-X", program="ip6tables")
    lab.boot()
    done = lab.ensure()
    assert [item["status"] for item in done.verdicts] == ["warn", "pass"]
    assert "IPv6" in done.verdicts[0]["summary"]
    assert ("allowed", "tcp") in lab.reached()


def test_a_file_of_another_form_stops_before_anything_is_changed(lab):
    path = lab.root / _ufw.FAMILIES[4].path.lstrip("/")
    path.write_text("*filter\nCOMMIT\n")
    rules = lab.rules()
    with pytest.raises(NodeError, match=r"user\.rules is of another form"):
        lab.ensure()
    assert (lab.rules(), path.read_text()) == (rules, "*filter\nCOMMIT\n")


def test_a_file_that_cannot_be_written_stops_before_the_kernel_is_changed(lab):
    rules, files = lab.rules(), lab.files()
    # What stands for a read-only /etc: it cannot be written, and what it says is read.
    sh("mount", "--bind", f"{lab.root}/etc", f"{lab.root}/etc")
    try:
        sh("mount", "-o", "remount,ro,bind", f"{lab.root}/etc")
        with pytest.raises(NodeError, match=r"user\.rules cannot be written: Read-only file system"):
            lab.ensure()
    finally:
        sh("umount", f"{lab.root}/etc")
    assert (lab.rules(), lab.files()) == (rules, files)
    assert lab.ensure().changed
    assert lab.reached() == OPEN
    assert lab.ensure(present=False).changed
    assert lab.files() == files


def test_a_held_xtables_lock_is_waited_for_and_then_an_error(tmp_path):
    lab = Lab(tmp_path, legacy=True)
    try:
        lab.boot()
        rules, files = lab.rules(), lab.files()
        with (tmp_path / "run/xtables.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            with pytest.raises(NodeError, match="xtables lock"):
                lab.ensure()
        assert (lab.rules(), lab.files()) == (rules, files)
    finally:
        lab.close()


def test_the_lock_is_the_one_that_ufw_holds_while_it_asks(lab):
    lab.ufw("allow", "443/tcp")
    node = Node(lab.run, str(lab.root))
    with subprocess.Popen(
        lab.with_files("ufw", "delete", "1"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as asking:
        while not asking.stdout.readline().strip().startswith(b"allow 443"):
            assert asking.poll() is None
        with pytest.raises(NodeError, match="a run of ufw has held"), _ufw.ufw_lock(node, timeout=0):
            pass
        asking.communicate(b"n\n")
    with _ufw.ufw_lock(node, timeout=0):
        assert lab.rules().count("--dport 443") == 2
