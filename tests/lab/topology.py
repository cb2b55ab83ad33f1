# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab looks like: its nodes, links and addresses. No commands, and nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

PREFIX = "ack-edge-lab"  # of containers, images and the network
# Docker's own network carries the VXLANs and the ssh sessions; it is internal, so nothing leaves it.
UNDERLAY = "172.29.99.0/24"
CLOUD_ADDRESS = "172.29.99.2"
VXLAN_PORT = 4790

INTERNET_GATEWAY = "10.98.0.254"
LEASED_LINE_GATEWAY = "10.99.0.253"
RESOLVER = INTERNET_GATEWAY
VPC = "192.168.0.0/16"
# Blocks that RFC 2544, 5737 and 6598 set aside: the lab's public addresses, and its own part of the vendor's space.
PUBLIC = "198.18.0.0/15"
UNPUBLISHED = "100.127.0.0/16"
# What the cloud answers for at its end of a leased line.
BEHIND_LEASED_LINE = ("100.64.0.0/10", VPC)
WRONG_ADDRESS = "203.0.113.66"
NTP_SERVER = "ntp.idc.example"

API_SERVER = {"leased_line": "192.168.0.10", "internet": "198.19.0.10"}
RAVEN_GATEWAY = "198.19.0.20"
TUNNEL_SERVER = "198.19.0.21"


@dataclass(frozen=True)
class Line:
    """A site's leased line: the interface of its nodes, the id of its VXLAN, its next hop for them, its network."""

    interface: str
    number: int
    gateway: str
    network: str

    @property
    def prefix(self) -> str:
        return self.network.partition("/")[2]


LEASED_LINE = Line("idc0", 42, LEASED_LINE_GATEWAY, "10.99.0.0/24")
# That of the example in README.md, for nodes that are of no checkout's lab (tests/outside).
OUTSIDE_LINE = Line("lan0", 52, "10.20.0.253", "10.20.0.0/16")
# Where a router stands between the nodes and the leased line: their own network, which ends at the router.
ROUTED_LINE = Line("idc0", 62, "10.97.0.253", "10.97.0.0/24")


@dataclass(frozen=True)
class Node:
    """One node: the image it is made of, what makes its network, the last byte of its addresses, its firewall.

    An empty firewall is whatever the image has. clock: a client beside chrony, made to run in a container.
    """

    name: str
    image: str
    network: str
    number: int
    firewall: str = ""
    clock: str = ""
    line: Line = LEASED_LINE

    @property
    def container(self) -> str:
        return f"{PREFIX}-{self.name}"

    @property
    def ssh_address(self) -> str:
        return f"172.29.99.{self.number}"

    @property
    def internet_address(self) -> str:
        return f"10.98.0.{self.number}"

    @property
    def leased_line_address(self) -> str:
        return f"{self.line.network.rpartition('.')[0]}.{self.number}"


@dataclass(frozen=True)
class Controller:
    """A machine that runs one ansible-core, the image that has a Python for it, the last byte of its address."""

    core: str
    image: str
    number: int

    @property
    def series(self) -> str:
        return self.core.rpartition(".")[0]

    @property
    def python(self) -> str:
        return {"controller12": "3.11", "controller13": "3.13"}[self.image]

    @property
    def container(self) -> str:
        return f"{PREFIX}-controller-{self.series}"

    @property
    def address(self) -> str:
        return f"172.29.99.{self.number}"


NODES = (
    Node("edge-debian12", "debian12", "ifupdown", 11),
    Node("edge-debian13", "debian13", "networkd", 12),
    Node("edge-el9", "el", "networkmanager", 13),
)
# Like the main ones, with the tools of an older generation (Debian 11's are those of EL 8 and Ubuntu 20.04); started
# with the cloud when they are named.
OLDER_NODES = (
    Node("edge-debian11", "debian11", "ifupdown", 27, "ufw"),
    Node("edge-debian11-nm", "debian11", "networkmanager", 28, "firewalld"),
)
# Only for routes, with the other ways to make a network: started when they are named, without the cloud.
ROUTE_NODES = (
    Node("edge-netplan", "netplan", "netplan", 14),
    Node("edge-netplan-nm", "netplan-nm", "netplan_networkmanager", 15),
    Node("edge-ifcfg", "el", "network_scripts", 16),
    Node("edge-plain", "debian13", "unit", 17),
    Node("edge-el8", "el8", "ifcfg", 18),
    Node("edge-el8-entries", "el8", "ifcfg_entries", 19),
)
# Only for tools and clock, each as another site left it; they are started with the cloud.
CLOCK_NODES = (
    Node("edge-timesyncd", "timesyncd", "networkd", 41, clock="timesyncd"),
    Node("edge-masked", "timesyncd", "networkd", 42, clock="timesyncd"),
    Node("edge-ntpsec", "ntpsec", "ifupdown", 43, "none", clock="ntpsec"),
    Node("edge-el9-ntpsec", "el-ntpsec", "networkmanager", 44, clock="ntpsec"),
    Node("edge-site-chrony", "debian12", "ifupdown", 45, "none"),
    Node("edge-offline", "debian12", "ifupdown", 46, "none"),
    Node("edge-el9-offline", "el", "networkmanager", 47),
)
# Only for inbound_ports: one of each firewall, and two clients for the packets. Started as those for routes are.
FIREWALL_NODES = (
    Node("edge-firewalld", "el", "networkmanager", 21),
    Node("edge-ufw", "firewalls", "unit", 22, "ufw"),
    Node("edge-nftables", "firewalls", "unit", 23, "nftables"),
    Node("edge-nftables-open", "firewalls", "unit", 24, "nftables_open"),
    Node("edge-iptables", "firewalls", "unit", 25, "iptables"),
    Node("edge-iptables-legacy", "firewalls", "unit", 26, "iptables_legacy"),
)
CLIENTS = (
    Node("client-allowed", "firewalls", "unit", 31, "none"),
    Node("client-outside", "firewalls", "unit", 32, "none"),
)
# Named and addressed as the example in README.md: those of tests/outside. Two pairs, so that two runs go side by side,
# and two that are met for the first time.
OUTSIDE_NODES = (
    Node("idc1-web-001", "debian12", "ifupdown", 33, line=OUTSIDE_LINE),
    Node("idc1-web-002", "el", "networkmanager", 34, line=OUTSIDE_LINE),
    Node("idc1-web-003", "debian12", "ifupdown", 35, line=OUTSIDE_LINE),
    Node("idc1-web-004", "el", "networkmanager", 36, line=OUTSIDE_LINE),
    Node("idc1-web-005", "debian13", "networkd", 37, line=OUTSIDE_LINE),
    Node("idc1-web-006", "debian13", "networkd", 38, line=OUTSIDE_LINE),
)
# Where tests/outside runs Ansible: a container for each ansible-core, the oldest first.
CONTROLLERS = (
    Controller("2.16.19", "controller12", 3),
    Controller("2.17.14", "controller12", 4),
    Controller("2.18.19", "controller12", 5),
    Controller("2.19.14", "controller12", 6),
    Controller("2.20.10", "controller13", 7),
    Controller("2.21.5", "controller13", 8),
)
# For the network plan: a router with FRR that has no route to anything of the cloud, and a node behind it that sends
# there whatever is for the cloud. They are started with the cloud.
ROUTER = Node("router", "router", "ifupdown", 40)
ROUTED_NODE = Node("edge-routed", "debian13", "networkd_routed", 39, line=ROUTED_LINE)
# The container of the fleet, which fleet.py makes and fills.
FLEET = Node("fleet", "fleet", "unit", 48, "none", clock="chrony")
# The cloud as a host of the VPC, which tries the ports of the nodes.
VPC_HOST = Node("cloud", "cloud", "", 2)
VPC_HOST_ADDRESS = "192.168.0.20"
ALL_NODES = (
    *(*NODES, *OLDER_NODES, *ROUTE_NODES, *CLOCK_NODES, *FIREWALL_NODES, *CLIENTS, *OUTSIDE_NODES),
    *(ROUTER, ROUTED_NODE),
)
# They trust the cloud's certificates.
TRUSTING = (*NODES, *OLDER_NODES, *OUTSIDE_NODES, ROUTED_NODE)
# These have the cloud at the other end of their links; the others need none.
WITH_CLOUD = (*NODES, *OLDER_NODES, *CLOCK_NODES, *OUTSIDE_NODES, ROUTER, ROUTED_NODE)

LINKS = (
    {
        "name": "wan0",
        "id": 41,
        "port": VXLAN_PORT,
        "addresses": [f"{INTERNET_GATEWAY}/24"],
        "prefixes": [PUBLIC, "203.0.113.0/24"],
        "routes": [],
    },
    *(
        {
            "name": line.interface,
            "id": line.number,
            "port": VXLAN_PORT,
            "addresses": [f"{line.gateway}/{line.prefix}"],
            "prefixes": list(BEHIND_LEASED_LINE),
            # The way back, which a VPC has in its route tables.
            "routes": [f"{ROUTED_LINE.network} via {ROUTER.leased_line_address}"] if line is LEASED_LINE else [],
        }
        for line in (LEASED_LINE, OUTSIDE_LINE)
    ),
)


class Tunnel(NamedTuple):
    """A link of a node: its name, the id of its VXLAN, the other end of that, its address, its default gateway."""

    name: str
    number: int
    remote: str
    address: str
    gateway: str | None = None


def links_of(node: Node) -> list[Tunnel]:
    """Return the links of a node; those of the router join the leased line and the node behind it."""
    line = node.line
    leased = Tunnel(line.interface, line.number, CLOUD_ADDRESS, f"{node.leased_line_address}/{line.prefix}")
    if node == ROUTER:
        inside = f"{ROUTED_LINE.gateway}/{ROUTED_LINE.prefix}"
        return [leased, Tunnel("site0", ROUTED_LINE.number, ROUTED_NODE.ssh_address, inside)]
    if node == ROUTED_NODE:
        leased = leased._replace(remote=ROUTER.ssh_address)
    return [Tunnel("wan0", 41, CLOUD_ADDRESS, f"{node.internet_address}/24", INTERNET_GATEWAY), leased]
