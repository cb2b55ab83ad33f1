# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab looks like: its nodes, links and addresses. No commands, and nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).resolve().parent / "files"
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
class Line:
    """A site's leased line: the interface of its nodes, the id of its VXLAN, its end at the cloud, its network."""

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
# The container of the fleet, which fleet.py makes and fills.
FLEET = Node("fleet", "fleet", "unit", 48, "none", clock="chrony")
# The cloud as a host of the VPC, which tries the ports of the nodes.
VPC_HOST = Node("cloud", "cloud", "", 2)
VPC_HOST_ADDRESS = "192.168.0.20"
ALL_NODES = NODES + ROUTE_NODES + CLOCK_NODES + FIREWALL_NODES + CLIENTS + OUTSIDE_NODES
# They trust the cloud's certificates.
TRUSTING = NODES + OUTSIDE_NODES
# These have the cloud at the other end of their links; the others need none.
WITH_CLOUD = NODES + CLOCK_NODES + OUTSIDE_NODES

LINKS = (
    {
        "name": "wan0",
        "id": 41,
        "port": VXLAN_PORT,
        "addresses": [f"{INTERNET_GATEWAY}/24"],
        "prefixes": [PUBLIC, "203.0.113.0/24"],
    },
    *(
        {
            "name": line.interface,
            "id": line.number,
            "port": VXLAN_PORT,
            "addresses": [f"{line.gateway}/{line.prefix}"],
            "prefixes": ["100.64.0.0/10", VPC],
        }
        for line in (LEASED_LINE, OUTSIDE_LINE)
    ),
)

NFTABLES_OPEN = """table inet filter {
\tchain input {
\t\ttype filter hook input priority filter;
\t}
\tchain forward {
\t\ttype filter hook forward priority filter;
\t}
\tchain output {
\t\ttype filter hook output priority filter;
\t}
}
"""

# The clock belongs to the machine under the container, and no client may touch it.
CLOCKS = {
    "chrony": {"/etc/chrony/chrony.conf": f"server {NTP_SERVER} iburst\ndriftfile /var/lib/chrony/chrony.drift\n"},
    "timesyncd": {
        "/etc/systemd/system/systemd-timesyncd.service.d/lab.conf": "[Unit]\nConditionVirtualization=\n"
        "ConditionCapability=\n\n[Service]\nAmbientCapabilities=\n"
    },
    "ntpsec": {
        "/etc/systemd/system/ntpsec.service.d/lab.conf": "[Unit]\nConditionCapability=\n\n"
        "[Service]\nType=simple\nPIDFile=\nExecStart=\n"
        "ExecStart=/usr/sbin/ntpd -n -c /etc/ntpsec/ntp.conf\n",
        "/etc/ntpsec/ntp.conf": f"server {NTP_SERVER} iburst\nrestrict default nomodify nopeer\nrestrict 127.0.0.1\n",
    },
}


@dataclass(frozen=True)
class Link:
    """A symbolic link among the files of a node."""

    target: str


def node_files(node: Node) -> dict[str, str | Link]:
    """Return what makes a node out of its image, path -> text; an empty unit file masks a unit of its image."""
    return {**_network_files(node), **_firewall_files(node.firewall), **CLOCKS.get(node.clock, {})}


def _network_files(node: Node) -> dict[str, str]:
    return {
        "ifupdown": _ifupdown,
        "networkd": _networkd,
        "networkmanager": _networkmanager,
        "netplan": _netplan,
        "netplan_networkmanager": _netplan_networkmanager,
        "network_scripts": _network_scripts,
        "ifcfg": _ifcfg,
        "ifcfg_entries": _ifcfg_entries,
        "unit": _unit,
    }[node.network](node)


def _ifupdown(node: Node) -> dict[str, str]:
    stanzas = ["source /etc/network/interfaces.d/*", "", "auto lo", "iface lo inet loopback"]
    for name, number, address, gateway in _links(node):
        tunnel = f"type vxlan id {number} remote {CLOUD_ADDRESS} dstport {VXLAN_PORT} dev eth0"
        stanzas += [
            "",
            f"auto {name}",
            f"iface {name} inet static",
            f"    pre-up ip link add {name} {tunnel}",
            f"    address {address}",
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
            f"[Match]\nName={name}\n\n[Network]\nAddress={address}\nLinkLocalAddressing=no\n"
            + (f"Gateway={gateway}\n" if gateway else "")
        )
    return files


def _networkmanager(node: Node) -> dict[str, str]:
    files = {}
    for name, number, address, gateway in _links(node):
        ways = f"{address},{gateway}" if gateway else address
        files[f"/etc/NetworkManager/system-connections/{name}.nmconnection"] = (
            f"[connection]\nid={name}\nuuid=00000000-0000-4000-8000-0000000000{number}\ntype=vxlan\ninterface-name={name}\n\n"
            f"[vxlan]\nid={number}\nremote={CLOUD_ADDRESS}\ndestination-port={VXLAN_PORT}\nparent=eth0\n\n"
            f"[ipv4]\nmethod=manual\naddress1={ways}\n\n[ipv6]\nmethod=disabled\n"
        )
    return files


def _netplan(node: Node, renderer: str = "networkd") -> dict[str, str]:
    # Bridges over the tunnels: netplan lets no second file, such as that of our routes, add to a VXLAN.
    tunnels, bridges = ["  tunnels:"], ["  bridges:"]
    for name, number, address, gateway in _links(node):
        tunnel = f"vx{number}"
        tunnels.append(f"    {tunnel}: {{mode: vxlan, id: {number}, remote: {CLOUD_ADDRESS}, port: {VXLAN_PORT}}}")
        bridges += [
            f"    {name}:",
            f"      interfaces: [{tunnel}]",
            "      parameters: {stp: false}",
            f"      addresses: [{address}]",
            "      link-local: []",
        ]
        bridges += ["      routes:", f"        - {{to: default, via: {gateway}}}"] if gateway else []
    lines = ["network:", "  version: 2", f"  renderer: {renderer}", *tunnels, *bridges]
    return {"/etc/netplan/50-site.yaml": "\n".join(lines) + "\n"}


def _netplan_networkmanager(node: Node) -> dict[str, str]:
    return {
        **_netplan(node, "NetworkManager"),
        "/etc/NetworkManager/conf.d/lab.conf": "[main]\nplugins=keyfile\ndns=none\nrc-manager=unmanaged\n\n"
        "[keyfile]\nunmanaged-devices=interface-name:eth0\n",
        "/etc/systemd/system/systemd-networkd.service": "",
    }


def _network_scripts(node: Node) -> dict[str, str]:
    files = {
        "/usr/local/sbin/lab-network-scripts": (FILES / "lab-network-scripts").read_text(),
        **_started("lab-network-scripts", ["/usr/local/sbin/lab-network-scripts"]),
        "/etc/systemd/system/NetworkManager.service": "",
        "/etc/systemd/system/firewalld.service": "",
    }
    for name, number, address, gateway in _links(node):
        files[f"/etc/sysconfig/network-scripts/ifcfg-{name}"] = (
            f"DEVICE={name}\nONBOOT=yes\nBOOTPROTO=none\nNM_CONTROLLED=no\n{_ifcfg_address(address)}"
            + (f"GATEWAY={gateway}\n" if gateway else "")
            + f"LAB_VXLAN={number}\nLAB_REMOTE={CLOUD_ADDRESS}\nLAB_PORT={VXLAN_PORT}\n"
        )
    return files


def _ifcfg(node: Node) -> dict[str, str]:
    # Bridges over the tunnels: an ifcfg file has no words for a VXLAN.
    files = {
        "/etc/NetworkManager/conf.d/lab.conf": "[main]\nplugins=ifcfg-rh,keyfile\ndns=none\nrc-manager=unmanaged\n\n"
        "[keyfile]\nunmanaged-devices=interface-name:eth0\n",
    }
    for name, number, address, gateway in _links(node):
        files[f"/etc/NetworkManager/system-connections/vx{number}.nmconnection"] = (
            f"[connection]\nid=vx{number}\nuuid=00000000-0000-4000-8000-0000000000{number}\ntype=vxlan\n"
            f"interface-name=vx{number}\nmaster={name}\nslave-type=bridge\n\n"
            f"[vxlan]\nid={number}\nremote={CLOUD_ADDRESS}\ndestination-port={VXLAN_PORT}\nparent=eth0\n"
        )
        files[f"/etc/sysconfig/network-scripts/ifcfg-{name}"] = (
            f"DEVICE={name}\nTYPE=Bridge\nSTP=no\nONBOOT=yes\nBOOTPROTO=none\n{_ifcfg_address(address)}IPV6INIT=no\n"
            + (f"GATEWAY={gateway}\n" if gateway else "")
        )
    return files


def _ifcfg_address(address: str) -> str:
    return "IPADDR={}\nPREFIX={}\n".format(*address.split("/"))


def _ifcfg_entries(node: Node) -> dict[str, str]:
    # A route of the site's own, in the older syntax; a file has one syntax only.
    site = f"ADDRESS0=10.200.0.0\nNETMASK0=255.255.0.0\nGATEWAY0={LEASED_LINE_GATEWAY}\n"
    return {**_ifcfg(node), "/etc/sysconfig/network-scripts/route-idc0": site}


def _unit(node: Node) -> dict[str, str]:
    commands = []
    for name, number, address, gateway in _links(node):
        tunnel = f"type vxlan id {number} remote {CLOUD_ADDRESS} dstport {VXLAN_PORT} dev eth0"
        commands += [f"ip link add {name} {tunnel}", f"ip addr add {address} dev {name}", f"ip link set {name} up"]
        commands += [f"ip route add default via {gateway}"] if gateway else []
    return {**_started("lab-links", commands), "/etc/systemd/system/systemd-networkd.service": ""}


def _firewall_files(firewall: str) -> dict[str, str | Link]:
    files: dict[str, str | Link] = {}
    if firewall and not firewall.startswith("nftables"):
        files["/etc/systemd/system/nftables.service"] = ""
    if firewall == "nftables_open":
        # As Debian delivers it: chains that let everything in.
        files["/etc/nftables.conf"] = "#!/usr/sbin/nft -f\n\nflush ruleset\n\n" + NFTABLES_OPEN
    elif firewall == "ufw":
        files["/etc/ufw/ufw.conf"] = "ENABLED=yes\nLOGLEVEL=off\n"
    elif firewall.startswith("iptables"):
        files |= {
            "/etc/sysconfig/iptables": _saved_rules("icmp"),
            "/etc/sysconfig/ip6tables": _saved_rules("ipv6-icmp"),
            # Under the name that it has on an EL.
            **_started("iptables", [f"{tool}-restore /etc/sysconfig/{tool}" for tool in ("iptables", "ip6tables")]),
        }
    if firewall == "iptables_legacy":
        for tool in (
            "iptables",
            "ip6tables",
            "iptables-save",
            "ip6tables-save",
            "iptables-restore",
            "ip6tables-restore",
        ):
            plain, _dash, rest = tool.partition("-")
            files[f"/etc/alternatives/{tool}"] = Link("/usr/sbin/" + "-".join(filter(None, (plain, "legacy", rest))))
    return files


def _saved_rules(icmp: str) -> str:
    """Return what a careful operator saves with iptables-save: everything is dropped but ssh."""
    return f"""*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -p {icmp} -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
"""


def _started(name: str, commands: list[str]) -> dict[str, str]:
    """Return a unit that runs commands at boot. Nothing waits for it, as with a script that somebody once wrote."""
    text = f"[Unit]\nDescription={name} of the lab\nAfter=lab-underlay.service\n\n[Service]\nType=oneshot\n"
    return {
        f"/etc/systemd/system/{name}.service": text
        + "RemainAfterExit=yes\n"
        + "".join(f"ExecStart={command}\n" for command in commands),
        f"/etc/systemd/system/multi-user.target.d/{name}.conf": f"[Unit]\nWants={name}.service\n",
    }


def _links(node: Node) -> list[tuple[str, int, str, str | None]]:
    return [
        ("wan0", 41, f"{node.internet_address}/24", INTERNET_GATEWAY),
        (node.line.interface, node.line.number, f"{node.leased_line_address}/{node.line.prefix}", None),
    ]
