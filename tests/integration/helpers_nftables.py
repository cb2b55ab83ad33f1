# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node whose nft is real, in a network namespace of its own, and the rules that its tests begin with."""

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
        engine = InboundPorts(Node(self.run, str(self.root)), "ack-edge", backend)
        return engine.ensure(items, present, None if check else carry_out)

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
