# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The managers of interfaces of a fake node: their files, and the tools that they bring."""

from __future__ import annotations

from pathlib import Path

from fakes import netplan

UUID = "00000000-0000-4000-8000-000000000042"
PROFILE = "/etc/NetworkManager/system-connections/idc0.nmconnection"
PROFILE_TEXT = (
    "[connection]\nid=idc0\nuuid=" + UUID + "\ntype=ethernet\ninterface-name=idc0\n\n"
    "[ipv4]\naddress1=10.99.0.11/24\nmethod=manual\n# kept by hand\nroute1=198.51.100.0/24,10.99.0.1\n\n"
    "[ipv6]\nmethod=manual\naddress1=fd00:99::11/64\n"
)
IFCFG = "/etc/sysconfig/network-scripts/ifcfg-idc0"
ROUTE_FILE = "/etc/sysconfig/network-scripts/route-idc0"
ROUTE_TEXT = "# kept by hand\n198.51.100.0/24 via 10.99.0.1\n"
DROPIN = "/etc/systemd/network/20-idc0.network.d/ack-edge.conf"
HOOK = "/etc/network/if-up.d/ack-edge"
UNIT = "/etc/systemd/system/ack-edge-routes.service"


class Managers:
    """What runs on a node whose files are in a scratch directory; see ``fakes.routes.System`` for the names.

    ``loaded`` the profiles that NetworkManager was told to read; ``refuse_load`` whether it refuses them.
    """

    def __init__(self, root: Path, manager: str):
        self.root, self.manager = root, manager
        self.devices, self.profiles, self.networkd_runs, self.kubelet_runs = [], {}, False, False
        self.loaded, self.refuse_load = [], ""
        self.made_up = {}  # {uuid: interface} of profiles that NetworkManager made for what others set up
        self.enabled = "enabled"  # what systemctl says of the unit of the manager
        self.systemd, self.networkmanager = "252 (252.39-1~deb12u1)", "1.42.4"
        if manager:
            getattr(self, "_with_" + manager)()

    def change(self) -> None:
        """Take note of a change that is about to be made."""

    def _with_networkmanager(self):
        self.put(PROFILE, PROFILE_TEXT, 0o600)
        self.devices = [f"idc0:connected:{UUID}", "eth0:connected (externally):11111111-0000-4000-8000-000000000042"]
        self.profiles = {UUID: PROFILE}

    def _with_network_scripts(self):
        self.put("/etc/sysconfig/network-scripts/ifup-eth", "", 0o755)
        self.put(IFCFG, 'DEVICE="idc0"\nONBOOT=yes\nBOOTPROTO=none\n')
        self.put(ROUTE_FILE, ROUTE_TEXT)

    def _with_network_scripts_networkmanager(self):
        """As on an EL 8: no network service is installed, NetworkManager reads the files."""
        self._with_network_scripts()
        (self.root / "etc/sysconfig/network-scripts/ifup-eth").unlink()
        self.devices, self.profiles = [f"idc0:connected:{UUID}"], {UUID: IFCFG}

    def _with_networkd(self):
        self.networkd_runs = True
        self.put(
            "/run/systemd/netif/links/3", "ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/20-idc0.network\n"
        )
        self.put("/etc/systemd/network/20-idc0.network", "[Match]\nName=idc0\n\n[Network]\nAddress=10.99.0.11/24\n")

    def _with_netplan(self, renderer="networkd"):
        self.networkd_runs = renderer == "networkd"
        self.put(netplan.GENERATOR, "", 0o755)
        self.put(netplan.SITE, netplan.SITE_TEXT.format(renderer=renderer), 0o600)
        if self.networkd_runs:
            self.put("/run/systemd/netif/links/3", f"ADMIN_STATE=configured\nNETWORK_FILE={netplan.NETWORK}\n")

    def _with_netplan_networkmanager(self):
        self._with_netplan("NetworkManager")
        self.devices, self.profiles = [f"idc0:connected:{UUID}"], {UUID: netplan.KEYFILE}

    def _with_ifupdown(self):
        self.put("/run/network/ifstate", "lo=lo\nidc0=idc0\n")
        self.put("/etc/network/interfaces", "auto idc0\niface idc0 inet static\n    address 10.99.0.11/24\n")
        self.put("/etc/network/if-up.d/ntp", "#!/bin/sh\n", 0o755)

    def put(self, path: str, text: str, mode: int = 0o644) -> None:
        """Lay a file of the site on the node."""
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
        target.chmod(mode)

    def text(self, path: str) -> str | None:
        """Return a file of the node, None where there is none."""
        target = self.root / path.lstrip("/")
        return target.read_bytes().decode("utf-8", "surrogateescape") if target.is_file() else None

    def _nmcli(self, words, _stdin):
        if words[:2] == ["connection", "load"]:
            self.change()
            if self.refuse_load:
                return "", f"Could not load file '{words[2]}'\n", 0
            self.loaded.append((words[2], self.text(words[2])))
            return "", "", 0
        return self._nmcli_says(words) or ("", "nmcli: not found", 127)

    def _nmcli_says(self, words):
        """What NetworkManager tells about itself, its devices and its profiles, None where it does not run."""
        if words == ["--version"] and self.devices:
            return f"nmcli tool, version {self.networkmanager}\n", "", 0
        if words[-1] == "device" and self.devices:
            return "\n".join(self.devices) + "\n", "", 0
        if words[-2:-1] == ["show"] and words[-1] in self.made_up:
            return f"connection.id:{self.made_up[words[-1]]}\nconnection.autoconnect:no\n", "", 0
        if words[-2:] != ["connection", "show"] or not self.profiles:
            return None
        if tuple(int(part) for part in self.networkmanager.split(".")) < (1, 12):
            return "", "Error: invalid field 'FILENAME'; allowed fields: NAME,UUID,TYPE.\n", 2
        return "".join(f"{uuid}:{path}\n" for uuid, path in self.profiles.items()), "", 0

    def _generate(self, words, _stdin):
        """The generator of netplan, which must never see any root but a scratch one."""
        option, root = words
        assert option == "--root-dir"
        assert not root.startswith(str(self.root)) and len(root) > 1
        return netplan.generate(Path(root))

    def _systemctl(self, words, _stdin):
        if words == ["daemon-reload"]:
            return "", "", 0
        if words[0] == "is-enabled":
            return f"{self.enabled}\n", "", 0 if self.enabled == "enabled" else 1
        if words == ["--version"]:
            return f"systemd {self.systemd}\n+PAM +AUDIT\n", "", 0
        if words[0] == "show":
            assert words[-1] == "kubelet.service", words
            active = "active" if self.kubelet_runs else "inactive"
            pid = 912 if self.kubelet_runs else 0
            return f"Id=kubelet.service\nLoadState=loaded\nActiveState={active}\nMainPID={pid}\n", "", 0
        assert words == ["is-active", "--quiet", "systemd-networkd.service"], words
        return "", "", 0 if self.networkd_runs else 3
