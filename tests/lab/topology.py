# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab looks like: its nodes, links and addresses. No commands, no files."""

from __future__ import annotations

from dataclasses import dataclass

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
WRONG_ADDRESS = "203.0.113.66"
NTP_SERVER = "ntp.idc.example"

API_SERVER = {"leased_line": "192.168.0.10", "internet": "198.19.0.10"}
RAVEN_GATEWAY = "198.19.0.20"
TUNNEL_SERVER = "198.19.0.21"


@dataclass(frozen=True)
class Node:
    """One node: the image it is made of and the last byte of its addresses."""

    name: str
    image: str
    number: int

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
        return f"10.99.0.{self.number}"


NODES = (
    Node("edge-debian12", "debian12", 11),
    Node("edge-debian13", "debian13", 12),
    Node("edge-el9", "el", 13),
)

LINKS = (
    {
        "name": "wan0",
        "id": 41,
        "port": VXLAN_PORT,
        "addresses": [f"{INTERNET_GATEWAY}/24"],
        "prefixes": [PUBLIC, "203.0.113.0/24"],
    },
    {
        "name": "idc0",
        "id": 42,
        "port": VXLAN_PORT,
        "addresses": [f"{LEASED_LINE_GATEWAY}/24"],
        "prefixes": ["100.64.0.0/10", VPC],
    },
)


def node_files(node: Node) -> dict[str, str]:
    """Return the network configuration of a node, path -> text, in the form of the manager that its image has."""
    return {"debian12": _ifupdown, "debian13": _networkd, "el": _networkmanager}[node.image](node)


def _ifupdown(node: Node) -> dict[str, str]:
    stanzas = ["source /etc/network/interfaces.d/*", "", "auto lo", "iface lo inet loopback"]
    for name, number, address, gateway in _links(node):
        tunnel = f"type vxlan id {number} remote {CLOUD_ADDRESS} dstport {VXLAN_PORT} dev eth0"
        stanzas += [
            "",
            f"auto {name}",
            f"iface {name} inet static",
            f"    pre-up ip link add {name} {tunnel}",
            f"    address {address}/24",
        ]
        stanzas += [f"    gateway {gateway}"] if gateway else []
        stanzas += [f"    post-down ip link del {name}"]
    return {"/etc/network/interfaces": "\n".join(stanzas) + "\n"}


def _networkd(node: Node) -> dict[str, str]:
    files = {}
    for name, number, address, gateway in _links(node):
        files[f"/etc/systemd/network/20-{name}.netdev"] = (
            f"[NetDev]\nName={name}\nKind=vxlan\n\n[VXLAN]\nVNI={number}\nRemote={CLOUD_ADDRESS}\n"
            f"DestinationPort={VXLAN_PORT}\nIndependent=yes\n"
        )
        files[f"/etc/systemd/network/20-{name}.network"] = (
            f"[Match]\nName={name}\n\n[Network]\nAddress={address}/24\nLinkLocalAddressing=no\n"
            + (f"Gateway={gateway}\n" if gateway else "")
        )
    return files


def _networkmanager(node: Node) -> dict[str, str]:
    files = {}
    for name, number, address, gateway in _links(node):
        ways = f"{address}/24,{gateway}" if gateway else f"{address}/24"
        files[f"/etc/NetworkManager/system-connections/{name}.nmconnection"] = (
            f"[connection]\nid={name}\nuuid=00000000-0000-4000-8000-0000000000{number}\ntype=vxlan\ninterface-name={name}\n\n"
            f"[vxlan]\nid={number}\nremote={CLOUD_ADDRESS}\ndestination-port={VXLAN_PORT}\nparent=eth0\n\n"
            f"[ipv4]\nmethod=manual\naddress1={ways}\n\n[ipv6]\nmethod=disabled\n"
        )
    return files


def _links(node: Node) -> list[tuple[str, int, str, str | None]]:
    return [
        ("wan0", 41, node.internet_address, INTERNET_GATEWAY),
        ("idc0", 42, node.leased_line_address, None),
    ]
