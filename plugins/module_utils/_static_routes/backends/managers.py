# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the managers of interfaces that run on the node say, asked once and only when needed. Private.

Several backends ask the same manager: a profile of NetworkManager may be a keyfile, an ifcfg file or made by netplan.
"""

import re
from collections import namedtuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# ``state`` as nmcli says it, ``uuid`` of the active profile, ``path`` of its file ('' if it has none).
Profile = namedtuple("Profile", "state uuid path")

_LINKS = "/run/systemd/netif/links"
_CLASS_NET = "/sys/class/net"
_UNHELD = ("", "unmanaged", "pending", "linger")
# An interface that somebody else set up and NetworkManager only shows.
_EXTERNAL = "connected (externally)"


class Managers:
    """NetworkManager and systemd-networkd of one node."""

    def __init__(self, node):
        self._node = node
        self._profiles = self._networkd_runs = None

    def profile(self, interface):
        """Return the Profile that NetworkManager holds the interface with, None if it does not hold it."""
        if self._profiles is None:
            self._profiles = self._ask()
        return self._profiles.get(interface)

    def _ask(self):
        devices = self._rows(["nmcli", "-t", "-f", "DEVICE,STATE,CON-UUID", "device"], 3)
        held = [row for row in devices if row[2] and row[1] != _EXTERNAL]
        if not held:
            return {}
        paths = dict(self._rows(["nmcli", "-t", "-f", "UUID,FILENAME", "connection", "show"], 2))
        return {device: Profile(state, uuid, paths.get(uuid, "")) for device, state, uuid in held}

    def _rows(self, argv, width):
        """Return the rows of 'nmcli -t', none where NetworkManager is missing or does not run."""
        done = self._node.run(argv)
        rows = [_fields(line) for line in done.out.splitlines()] if done.rc == 0 else []
        return [row for row in rows if len(row) == width]

    def holds_profile(self, path):
        """Return whether NetworkManager holds an interface with the profile of this file."""
        self.profile("")
        return any(profile.path == path for profile in self._profiles.values())

    def load(self, path):
        """Tell NetworkManager to read a profile that was written; the active connection goes on as it is.

        :raises NodeError: if it does not take it.
        """
        done = self._node.run(["nmcli", "connection", "load", path])
        # Its exit status is 0 also for a profile that it refuses.
        if done.rc != 0 or "Could not load" in done.err + done.out:
            raise NodeError(
                f"NetworkManager does not take {path}: {(done.err or done.out).strip()}; see 'journalctl -u NetworkManager'"
            )

    def network_file(self, link):
        """Return (state, .network file) that systemd-networkd holds the interface with, None if it does not.

        Its notes outlive it, so it must be running.
        """
        facts = self._facts(link.index)
        if facts.get("ADMIN_STATE", "") in _UNHELD or not facts.get("NETWORK_FILE"):
            return None
        if self._networkd_runs is None:
            self._networkd_runs = (
                self._node.run(["systemctl", "is-active", "--quiet", "systemd-networkd.service"]).rc == 0
            )
        return (facts["ADMIN_STATE"], facts["NETWORK_FILE"]) if self._networkd_runs else None

    def shares_network_file(self, link, path):
        """Return whether networkd configures another interface with the same .network file."""
        return any(
            number.isdigit() and int(number) != link.index and self._facts(int(number)).get("NETWORK_FILE") == path
            for number in self._node.listdir(_LINKS)
        )

    def interface_of(self, network):
        """Return the interface that networkd configures with a .network file of that name, '' if none."""
        for number in self._node.listdir(_LINKS):
            if number.isdigit() and self._facts(int(number)).get("NETWORK_FILE", "").endswith("/" + network):
                return self._name_of(int(number))
        return ""

    def _name_of(self, index):
        for name in self._node.listdir(_CLASS_NET):
            if (self._node.read(f"{_CLASS_NET}/{name}/ifindex") or "").strip() == str(index):
                return name
        return ""

    def _facts(self, index):
        text = self._node.read(f"{_LINKS}/{int(index)}") or ""
        return dict(re.findall(r"^([A-Z_0-9]+)=(.*)$", text, re.MULTILINE))

    def systemd_runs(self):
        """Return whether systemd is the init of the node."""
        return self._node.exists("/run/systemd/system")


def _fields(line):
    """Split a line of 'nmcli -t': colons part the fields, a backslash guards one inside."""
    return [re.sub(r"\\(.)", r"\1", field) for field in re.findall(r"(?:^|:)((?:\\.|[^:\\])*)", line)]
