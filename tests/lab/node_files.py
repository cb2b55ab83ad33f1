# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a node out of its image: the files of its network, its firewall and its clock. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from topology import BEHIND_LEASED_LINE, LEASED_LINE_GATEWAY, NTP_SERVER, VXLAN_PORT, Node, links_of

FILES = Path(__file__).resolve().parent / "files"

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

# Docker's own interface stays docker's; the resolver is given by the lab.
NETWORKMANAGER_CONF = """[main]
plugins={plugins}
dns=none
rc-manager=unmanaged

[keyfile]
unmanaged-devices=interface-name:eth0
"""

# As an operator leaves it who let in ssh, and the tunnel that makes the lab's network.
FIREWALLD_PUBLIC = f"""<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>Public</short>
  <service name="ssh"/>
  <service name="dhcpv6-client"/>
  <port port="{VXLAN_PORT}" protocol="udp"/>
</zone>
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

# One image with two managers and two firewalls: what a node with this manager does not use.
UNUSED = {
    ("debian11", "ifupdown"): ("NetworkManager", "firewalld"),
    ("debian11", "networkmanager"): ("networking", "ufw"),
}


@dataclass(frozen=True)
class Link:
    """A symbolic link among the files of a node."""

    target: str


def node_files(node: Node) -> dict[str, str | Link]:
    """Return what makes a node out of its image, path -> text; an empty unit file masks a unit of its image."""
    unused = {f"/etc/systemd/system/{unit}.service": "" for unit in UNUSED.get((node.image, node.network), ())}
    return {**_network_files(node), **_firewall_files(node.firewall), **CLOCKS.get(node.clock, {}), **unused}


def _network_files(node: Node) -> dict[str, str]:
    return {
        "ifupdown": _ifupdown,
        "networkd": _networkd,
        "networkd_routed": _networkd_routed,
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
    for name, number, remote, address, gateway in links_of(node):
        tunnel = f"type vxlan id {number} remote {remote} dstport {VXLAN_PORT} dev eth0"
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
    for name, number, remote, address, gateway in links_of(node):
        files[f"/etc/systemd/network/20-{name}.netdev"] = (
            f"[NetDev]\nName={name}\nKind=vxlan\n\n[VXLAN]\nVNI={number}\nRemote={remote}\n"
            f"DestinationPort={VXLAN_PORT}\nIndependent=yes\n"
        )
        files[f"/etc/systemd/network/20-{name}.network"] = (
            f"[Match]\nName={name}\n\n[Network]\nAddress={address}\nLinkLocalAddressing=no\n"
            + (f"Gateway={gateway}\n" if gateway else "")
        )
    return files


def _networkd_routed(node: Node) -> dict[str, str]:
    # A site that leaves all that is beyond its leased line to a router.
    routes = "".join(
        f"\n[Route]\nDestination={network}\nGateway={node.line.gateway}\n" for network in BEHIND_LEASED_LINE
    )
    return {**_networkd(node), f"/etc/systemd/network/20-{node.line.interface}.network.d/site.conf": routes.lstrip()}


def _networkmanager(node: Node) -> dict[str, str]:
    files = {"/etc/NetworkManager/conf.d/lab.conf": NETWORKMANAGER_CONF.format(plugins="keyfile")}
    for name, number, remote, address, gateway in links_of(node):
        ways = f"{address},{gateway}" if gateway else address
        files[f"/etc/NetworkManager/system-connections/{name}.nmconnection"] = (
            f"[connection]\nid={name}\nuuid=00000000-0000-4000-8000-0000000000{number}\ntype=vxlan\ninterface-name={name}\n\n"
            f"[vxlan]\nid={number}\nremote={remote}\ndestination-port={VXLAN_PORT}\nparent=eth0\n\n"
            f"[ipv4]\nmethod=manual\naddress1={ways}\n\n[ipv6]\nmethod=disabled\n"
        )
    return files


def _netplan(node: Node, renderer: str = "networkd") -> dict[str, str]:
    # Bridges over the tunnels: netplan lets no second file, such as that of our routes, add to a VXLAN.
    tunnels, bridges = ["  tunnels:"], ["  bridges:"]
    for name, number, remote, address, gateway in links_of(node):
        tunnel = f"vx{number}"
        tunnels.append(f"    {tunnel}: {{mode: vxlan, id: {number}, remote: {remote}, port: {VXLAN_PORT}}}")
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
        "/etc/NetworkManager/conf.d/lab.conf": NETWORKMANAGER_CONF.format(plugins="keyfile"),
        "/etc/systemd/system/systemd-networkd.service": "",
    }


def _network_scripts(node: Node) -> dict[str, str]:
    files = {
        "/usr/local/sbin/lab-network-scripts": (FILES / "lab-network-scripts").read_text(),
        **_started("lab-network-scripts", ["/usr/local/sbin/lab-network-scripts"]),
        "/etc/systemd/system/NetworkManager.service": "",
        "/etc/systemd/system/firewalld.service": "",
    }
    for name, number, remote, address, gateway in links_of(node):
        files[f"/etc/sysconfig/network-scripts/ifcfg-{name}"] = (
            f"DEVICE={name}\nONBOOT=yes\nBOOTPROTO=none\nNM_CONTROLLED=no\n{_ifcfg_address(address)}"
            + (f"GATEWAY={gateway}\n" if gateway else "")
            + f"LAB_VXLAN={number}\nLAB_REMOTE={remote}\nLAB_PORT={VXLAN_PORT}\n"
        )
    return files


def _ifcfg(node: Node) -> dict[str, str]:
    # Bridges over the tunnels: an ifcfg file has no words for a VXLAN.
    files = {
        "/etc/NetworkManager/conf.d/lab.conf": NETWORKMANAGER_CONF.format(plugins="ifcfg-rh,keyfile"),
    }
    for name, number, remote, address, gateway in links_of(node):
        files[f"/etc/NetworkManager/system-connections/vx{number}.nmconnection"] = (
            f"[connection]\nid=vx{number}\nuuid=00000000-0000-4000-8000-0000000000{number}\ntype=vxlan\n"
            f"interface-name=vx{number}\nmaster={name}\nslave-type=bridge\n\n"
            f"[vxlan]\nid={number}\nremote={remote}\ndestination-port={VXLAN_PORT}\nparent=eth0\n"
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
    for name, number, remote, address, gateway in links_of(node):
        tunnel = f"type vxlan id {number} remote {remote} dstport {VXLAN_PORT} dev eth0"
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
    elif firewall == "firewalld":
        files["/etc/firewalld/zones/public.xml"] = FIREWALLD_PUBLIC
    elif firewall == "ufw":
        files["/etc/ufw/ufw.conf"] = "ENABLED=yes\nLOGLEVEL=off\n"
    elif firewall.startswith("iptables"):
        files |= {
            "/etc/sysconfig/iptables": _saved_rules("icmp"),
            "/etc/sysconfig/ip6tables": _saved_rules("ipv6-icmp"),
        }
        for tool in ("iptables", "ip6tables"):
            files |= _enabled(tool, f"{tool}-restore /etc/sysconfig/{tool}")
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


def _enabled(name: str, command: str) -> dict[str, str | Link]:
    """Return a unit that loads rules at boot, of the name and in the place that iptables-services gives it on an EL."""
    path = f"/etc/systemd/system/{name}.service"
    text = f"[Unit]\nDescription={name} of the lab\nAfter=lab-underlay.service\n\n[Service]\nType=oneshot\n"
    install = "\n[Install]\nWantedBy=multi-user.target\n"
    return {
        path: f"{text}RemainAfterExit=yes\nExecStart={command}\n{install}",
        f"/etc/systemd/system/multi-user.target.wants/{name}.service": Link(path),
    }


def _started(name: str, commands: list[str]) -> dict[str, str]:
    """Return a unit that runs commands at boot. Nothing waits for it, as with a script that somebody once wrote."""
    text = f"[Unit]\nDescription={name} of the lab\nAfter=lab-underlay.service\n\n[Service]\nType=oneshot\n"
    return {
        f"/etc/systemd/system/{name}.service": text
        + "RemainAfterExit=yes\n"
        + "".join(f"ExecStart={command}\n" for command in commands),
        f"/etc/systemd/system/multi-user.target.d/{name}.conf": f"[Unit]\nWants={name}.service\n",
    }
