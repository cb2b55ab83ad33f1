# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node made of a dict of files and a script of commands, for the readiness checks and time_sync."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.facts import Facts

from fakes import ip_text

ADDRESS = ["ip", "address", "show"]
ROUTES = ["ip", "-4", "route", "show", "table", "all"]
ROUTES_V6 = ["ip", "-6", "route", "show", "table", "all"]
RULES = "ip -4 rule show"
LISTENERS = ["ss", "-l", "-t", "-u", "-n", "-p"]
CHRONY_RIGHT = "0A630001,10.99.0.1,3,1795409350.04,0.000012,0.1,0.1,-0.2,-0.0,8.6,0.0,0.0,64.0,Normal\n"


def link(name: str, *addresses: str, flags: tuple[str, ...] = ("UP", "LOWER_UP"), state: str = "UP") -> dict:
    """One entry as of `ip -j address`, for ip_text; an address is 10.0.0.1/24, with a peer 10.0.0.1/32>10.0.0.2."""
    infos = []
    for item in addresses:
        address, _arrow, peer = item.partition(">")
        local, _slash, length = address.partition("/")
        infos.append({"local": local, "prefixlen": int(length), "scope": "host" if name == "lo" else "global"})
        if peer:
            infos[-1]["address"] = peer
    return {"ifname": name, "flags": list(flags), "operstate": state, "mtu": 1500, "addr_info": infos}


def route(dst: str, dev: str = "eth0", **rest: object) -> dict:
    """One entry as of `ip -j route`, for ip_text."""
    return {"dst": dst, "dev": dev, **rest}


# What the module hands over where nobody says anything.
DEFAULTS = {
    "checks": [],
    "skip": [],
    "advisory": [],
    "access_mode": None,
    "cluster_version": None,
    "host_state": "auto",
    "api_server": None,
    "pod_cidr": [],
    "service_cidr": [],
    "node_cidrs": [],
    "vpc_cidrs": [],
    "proxy_mode": None,
    "leased_line_gateway": None,
    "leased_line_interface": None,
    "os_support": [],
    "system_tools": [],
    "inbound_ports": [],
    "min_free_mb": 10240,
    "max_clock_offset": 1.0,
}


class World:
    """What the node is made of; change it, then take ``node`` or ``facts``."""

    def __init__(self, root: Path):
        self.root = root
        self.ran: list[list[str]] = []
        self.links = [
            link("lo", "127.0.0.1/8", "::1/128"),
            link("eth0", "10.99.0.11/24"),
            link("idc0", "10.98.0.11/24"),
        ]
        self.routes: list[dict] = [
            route("default", gateway="10.99.0.1"),
            route("10.99.0.0/24", prefsrc="10.99.0.11", scope="link"),
            route("10.98.0.0/24", "idc0", scope="link"),
            route("10.99.0.11", type="local", table="local"),
            route("10.99.0.255", type="broadcast", table="local"),
        ]
        self.routes_v6: list[dict] | None = None
        self.commands: dict[str, tuple[int, str]] = {
            "id -u": (0, "0\n"),
            **{f"modprobe --dry-run --quiet {name}": (0, "") for name in ("br_netfilter", "iptable_nat", "vxlan")},
            "uname -m": (0, "x86_64\n"),
            "df -P -k /var/lib": (
                0,
                "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 9 9 20971520 1% /\n",
            ),
            "df -P -i /var/lib": (0, "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/a 900000 1 800000 1% /\n"),
            "date +%s": (0, "1795446178\n"),
            "stat --format %Y %n /etc/machine-id /run/systemd/system": (
                0,
                "1795000000 /etc/machine-id\n1795446000 /run/systemd/system\n",
            ),
            "systemctl --version": (0, "systemd 249 (249.11-0ubuntu3)\n+PAM\n"),
            "chronyc -c -n tracking": (0, CHRONY_RIGHT),
            RULES: (0, "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n"),
            " ".join(LISTENERS): (0, "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"),
        }
        for path, text in {
            "/etc/os-release": 'ID=ubuntu\nID_LIKE=debian\nNAME="Ubuntu"\nVERSION_ID="22.04"\n',
            "/proc/sys/kernel/hostname": "edge-1\n",
            "/proc/sys/kernel/osrelease": "5.15.0-91-generic\n",
            "/proc/filesystems": "nodev\toverlay\n",
            "/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory hugetlb pids\n",
            "/proc/self/mounts": "/dev/sda1 / ext4 rw,relatime 0 0\ntmpfs /run tmpfs rw,nosuid 0 0\n",
            "/proc/swaps": "Filename Type Size Used Priority\n",
            "/etc/hosts": "127.0.0.1 localhost\n",
            "/etc/resolv.conf": "search site\nnameserver 10.99.0.53\n",
            "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
            "/usr/sbin/ip": "",
            "/proc/sys/net/ipv4/ip_forward": "0\n",
            "/run/systemd/system/.keep": "",
            "/etc/timezone": "Asia/Shanghai\n",
            "/etc/adjtime": "0.0 0 0.0\n0\nUTC\n",
        }.items():
            self.file(path, text)

    def file(self, path: str, text: str = "", mode: int = 0o755) -> None:
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)

    def process(self, pid: int, name: str) -> None:
        self.file(f"/proc/{pid}/comm", name + "\n")

    def listening(self, *lines: str) -> None:
        header = "Netid State Recv-Q Send-Q Local Peer Process"
        self.commands[" ".join(LISTENERS)] = (0, "\n".join([header, *lines, ""]))

    def run(self, argv, stdin=None, timeout=60):
        self.ran.append(list(argv))
        text = " ".join(argv)
        if argv[:2] == ["ip", "-j"]:
            return Completed(argv, 255, "", ip_text.unknown_option("-j"))
        if argv == ADDRESS:
            return Completed(argv, 0, ip_text.address(self.links), "")
        if argv == ROUTES:
            return Completed(argv, 0, ip_text.routes(self.routes), "")
        if argv == ROUTES_V6:
            if self.routes_v6 is None:
                return Completed(argv, 2, "", "Address family not supported")
            return Completed(argv, 0, ip_text.routes(self.routes_v6), "")
        rc, out = self.commands.get(text, (127, ""))
        return Completed(argv, rc, out, "" if rc == 0 else f"{argv[0]}: scripted to fail")

    @property
    def node(self) -> Node:
        return Node(runner=self.run, root=str(self.root))

    @property
    def facts(self) -> Facts:
        return Facts(self.node)
