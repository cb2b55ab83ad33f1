# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node whose iptables is real, in a network namespace of its own, and the rules that its tests begin with."""

import os
import re
import shutil

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, run_command
from helpers_packets import PacketLab, sh

NEEDS = pytest.mark.skipif(
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
        return InboundPorts(node, "ack-edge", backend).ensure(items, present, None if check else carry_out)

    def files(self):
        return {
            str(path.relative_to(self.root)): (str(path.readlink()) if path.is_symlink() else path.is_file())
            for path in self.root.rglob("*")
            # The lock stays, and its folder with it.
            if not str(path).endswith(".lock") and path.name not in ("lock", "ack_edge", "run")
        }


def states(outcome):
    return [(item["status"], item["data"]["runtime"], item["data"]["boot"]) for item in outcome.verdicts]
