# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node, a router and the far end in network namespaces, with everything that can go wrong between them.

The node is 10.98.0.11, the router 10.98.0.254; a second node has fd00:97::11 and no IPv4. Behind the router every
address of 100.103.0.0/16, 198.51.100.0/24, 203.0.113.0/24 and fd00:103::/32 is the far end. What an address is for
stands in _ROUTER and _NODE.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

from fakes import servers
from helpers_packets import sh

ROOT = Path(__file__).resolve().parents[3]
RESOLVER, SILENT_RESOLVER, RESOLVER6 = "198.51.100.53", "198.51.100.54", "fd00:103::53"
# Knows no name of them all.
EMPTY_RESOLVER = "198.51.100.55"
MODULE = "ansible_collections.ack_edge.node.plugins.modules.reachability_info"

# What the router does with some of the addresses.
_ROUTER = f"""
table inet faults {{
    chain forward {{
        type filter hook forward priority 0
        ip daddr {{ 100.103.2.1, {SILENT_RESOLVER} }} drop
        ip daddr 100.103.3.1 reject with icmp type host-unreachable
        ip daddr 100.103.3.2 reject with tcp reset
        ip saddr 100.103.5.1 meta length > 1400 drop
        ip daddr 100.103.5.1 meta length > 1400 drop
    }}
}}
"""
# A firewall of the node's own, which drops before a datagram has left.
_NODE = """
table inet faults {
    chain output {
        type filter hook output priority 0
        ip daddr 100.103.7.1 udp dport { 123, 8472 } drop
    }
}
"""


def certificates(directory: Path) -> tuple[Path, Path]:
    """Make the certificates of the far end; return (their directory, the CA that the node trusts)."""
    old, new = datetime.datetime(2020, 1, 1), datetime.datetime(2049, 12, 31)
    authority = servers.Authority(directory, "Lab CA", organization="Lab Trust")
    below = servers.Authority(directory, "Lab Intermediate", organization="Lab Trust", above=authority)
    stranger = servers.Authority(directory, "Inspection CA", organization="Site Security")
    made = directory / "servers"
    made.mkdir()
    for name in ("good", "cut", "both"):
        authority.write(made / f"{name}.pem", f"{name}.test", start=old, end=new)
    # As large as those of real front ends, so that it takes full packets.
    names = [f"service-{number}.of-the-cloud.test" for number in range(99)]
    authority.write(made / "mtu.pem", "mtu.test", *names, start=old, end=new)
    authority.write(made / "name.pem", "somebody-else.test", start=old, end=new)
    authority.write(made / "expired.pem", "expired.test", start=old, end=datetime.datetime(2021, 1, 1))
    authority.write(made / "early.pem", "early.test", start=datetime.datetime(2048, 1, 1), end=new)
    authority.write(made / "self.pem", "self.test", start=old, end=new, self_signed=True)
    authority.write(made / "purpose.pem", "purpose.test", start=old, end=new, only_client=True)
    below.write(made / "chain.pem", "chain.test", start=old, end=new)
    stranger.write(made / "strange.pem", "strange.test", start=old, end=new)
    return made, authority.path


class World:
    """The three namespaces and the servers; whoever makes one closes it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        tag = uuid.uuid4().hex[:6]
        self._all = [f"ackreach-{part}{tag}" for part in "nsrc"]
        self.node, self.node_without_ipv4, self.router, self.cloud = self._all
        for name in self._all:
            sh("ip", "netns", "add", name)
            # An address that is still being looked for elsewhere would make the first packets fail.
            sh("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0")
            sh("ip", "-n", name, "link", "set", "lo", "up")
        self._links()
        servers, self.ca = certificates(directory)
        self._servers = subprocess.Popen(
            ["ip", "netns", "exec", self.cloud, sys.executable, Path(__file__).with_name("cloud.py"), servers],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": f"{ROOT}/.collections:{ROOT}/tests/unit"},
        )
        assert self._servers.stdout.readline() == "ready\n"

    def _links(self) -> None:
        for name, device, addresses in (
            (self.node, "eth0", ("10.98.0.11/24", "172.16.8.8/32", "172.16.9.9/32", "fd00:98::11/64")),
            (self.node_without_ipv4, "six0", ("fd00:97::11/64",)),
            (self.cloud, "far0", ("192.0.2.2/24", "fd00:99::2/64")),
        ):
            peer = f"to-{device}"
            sh("ip", "-n", name, "link", "add", device, "type", "veth", "peer", "name", peer, "netns", self.router)
            sh("ip", "-n", self.router, "link", "set", peer, "up")
            sh("ip", "-n", name, "link", "set", device, "up")
            for address in addresses:
                sh("ip", "-n", name, "address", "add", address, "dev", device)
        for address, peer in (
            ("10.98.0.254/24", "to-eth0"),
            ("fd00:98::254/64", "to-eth0"),
            ("fd00:97::254/64", "to-six0"),
            ("192.0.2.1/24", "to-far0"),
            ("fd00:99::1/64", "to-far0"),
        ):
            sh("ip", "-n", self.router, "address", "add", address, "dev", peer)
        for switch in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"):
            sh("ip", "netns", "exec", self.router, "sysctl", "-qw", f"{switch}=1")
        self._routes(self.node, "default via 10.98.0.254", "default via fd00:98::254")
        self._routes(self.node_without_ipv4, "default via fd00:97::254")
        # The far end has no way back to the second of these sources, and no way at all leads to the last network.
        for network, source in (("100.103.4.0/24", "172.16.8.8"), ("100.103.6.0/24", "172.16.9.9")):
            self._routes(self.node, f"{network} via 10.98.0.254 src {source}")
        self._routes(self.node, "unreachable 100.103.8.0/24")
        # Nobody is there. With IPv6 the kernel would go round it, by the default route.
        self._routes(self.node, "100.103.9.0/24 via 10.98.0.99")
        self._routes(self.router, "172.16.8.8/32 via 10.98.0.11")
        # Looked up without a port, the way to it is there.
        sh("ip", "-n", self.node, "rule", "add", "to", "100.103.7.1", "ipproto", "tcp", "prohibit")
        for network in ("100.103.0.0/16", "198.51.100.0/24", "203.0.113.0/24", "fd00:103::/32"):
            self._routes(self.router, f"{network} via {'fd00:99::2' if ':' in network else '192.0.2.2'}")
            self._routes(self.cloud, f"local {network} dev lo")
        self._routes(
            self.cloud, "10.98.0.0/24 via 192.0.2.1", "172.16.8.0/24 via 192.0.2.1", "fd00:98::/64 via fd00:99::1"
        )
        self._routes(self.cloud, "fd00:97::/64 via fd00:99::1")
        sh("ip", "netns", "exec", self.router, "nft", "-f", "-", stdin=_ROUTER)
        sh("ip", "netns", "exec", self.node, "nft", "-f", "-", stdin=_NODE)

    @staticmethod
    def _routes(name: str, *routes: str) -> None:
        for route in routes:
            sh("ip", "-n", name, "-6" if "::" in route else "-4", "route", "add", *route.split())

    def close(self) -> None:
        """End the servers, and take the namespaces away."""
        self._servers.kill()
        self._servers.communicate()
        for name in self._all:
            sh("ip", "netns", "delete", name)

    def on_node(self, *argv: str, nameservers: tuple[str, ...], resolv: str, order: str, stdin: str, ipv4: bool) -> str:
        """Return what a command prints on a node, whose resolv.conf names these servers and has these lines beside.

        ``order`` is what nsswitch.conf has for hosts.
        """
        conf = self._directory / "resolv.conf"
        conf.write_text("".join(f"nameserver {one}\n" for one in nameservers) + resolv)
        switch = self._directory / "nsswitch.conf"
        switch.write_text(f"hosts: {order}\n")
        mounts = {conf: "/etc/resolv.conf", switch: "/etc/nsswitch.conf", "/dev/null": "/etc/hosts"}
        script = " && ".join([*(f"mount --bind {here} {there}" for here, there in mounts.items()), 'exec "$@"'])
        name = self.node if ipv4 else self.node_without_ipv4
        return sh("ip", "netns", "exec", name, "unshare", "-m", "sh", "-c", script, "sh", *argv, stdin=stdin)

    def probe(
        self,
        endpoints: list[dict],
        *,
        nameservers: tuple[str, ...] = (RESOLVER,),
        resolv: str = "",
        order: str = "files dns",
        ipv4: bool = True,
        **more: object,
    ) -> dict:
        """Return the result of one call of reachability_info on the node, or on that without IPv4."""
        given = {"timeout": 2.0, "deadline": 20.0, "ca_path": str(self.ca), "expect_private": True}
        given |= {"node_cidrs": ["10.98.0.0/24", "fd00:98::/64", "fd00:97::/64"], "endpoints": endpoints} | more
        out = self.on_node(
            "env",
            f"PYTHONPATH={ROOT}/.collections",
            sys.executable,
            "-m",
            MODULE,
            nameservers=nameservers,
            resolv=resolv,
            order=order,
            ipv4=ipv4,
            stdin=json.dumps({"ANSIBLE_MODULE_ARGS": given}),
        )
        return json.loads(out)
