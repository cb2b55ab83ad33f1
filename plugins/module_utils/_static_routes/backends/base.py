# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a backend is: the one place where a manager of interfaces keeps the routes of an interface. Private.

A backend knows a file format and what manages the interface; it decides nothing. It never restarts, reloads or
reapplies a network service, for that would take away routes that the service does not know, a CNI's among them.

What the managers that run say is here too (:class:`Managers`), for several backends ask the same one: a profile of
NetworkManager may be a keyfile, an ifcfg file or made by netplan.
"""

import fnmatch
import re
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import releases
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ifcfg_keys, keyfile
from ansible_collections.ack_edge.node.plugins.module_utils._system import services

_LINKS = "/run/systemd/netif/links"
_CLASS_NET = "/sys/class/net"
_UNHELD = ("", "unmanaged", "pending", "linger")
_KEYFILES = ("/etc/NetworkManager/system-connections", "/run/NetworkManager/system-connections")
_IFCFG = "/etc/sysconfig/network-scripts"
# Where a profile lies that a reboot leaves: netplan makes those of its own anew.
_LASTING = (_KEYFILES[0], _IFCFG, _KEYFILES[1] + "/netplan-")
# An interface that somebody else set up and NetworkManager only shows.
_EXTERNAL = "connected (externally)"


class Backend:
    """The base of all backends; its members say what those of each one mean.

    :arg node: a Node.
    :arg name: what the files of the owned set are called, see ``registry.file_name``.
    :arg managers: a Managers, what runs on the node and holds which interface.
    """

    name = ""  # the value of the module's option 'backend'
    title = ""  # for people
    looked_for = ""  # for people: what is looked for to tell whether the manager holds an interface
    last_resort = False  # whether it is for what no manager holds, so that it claims nothing
    whole_file = True  # whether the file is ours alone; else it is the site's, and only our lines in it are ours
    mode = 0o644  # permissions of a new file

    def __init__(self, node, name, managers):
        self._node, self._name, self._managers = node, name, managers

    def runs(self):
        """Return whether what reads its files at boot is there; asked of a last resort only."""
        return False

    def claim(self, _link):
        """Return how the manager holds the interface now, '' if it does not."""
        return ""

    def weak_claim(self, _link):
        """Return why it would hold the interface at boot although it does not now, ''."""
        return ""

    def locate(self, link):
        """Return the path of the file for the interface; without a running manager (a chroot) by the files alone.

        :raises NodeError: with the reason why there is none and what to do.
        """
        raise NotImplementedError

    def path_for(self, path, _route):
        """Return the path of the file that holds one route, where it is not the one of :meth:`locate` for all."""
        return path

    def own_files(self):
        """Return [(path, interface or '')] of files of this set that are there, whether a manifest knows them or not.

        Only for files that are ours alone, so that a lost manifest does not leave them for ever.
        """
        return []

    def links(self, _path):
        """Return {path of a symbolic link: its target} that must be there for the file to count at boot."""
        return {}

    def siblings(self, _interface):
        """Return the paths of other files of the site for an interface, which may have been copied with our lines."""
        return []

    def parse(self, text, interface):
        """Return the [Line] of any text, never an exception."""
        raise NotImplementedError

    def foreign(self, _path, _interface):
        """Return the [Line] of other files that are read for the same interface at boot."""
        return []

    def compose(self, text, items, add, drop, restore=()):
        """Return the new text, None for no file. Pure.

        :arg items: Items that the file holds then; all that a whole file needs.
        :arg add: Items among them that are new. :arg drop: Lines to take out. :arg restore: ``Line.raw`` to put back.
        :raises NodeError: if the format cannot say what is wanted.
        """
        raise NotImplementedError

    # What to do about a doubt.
    boot_remedy = "configure the manager to bring the interface up at boot, then run again"

    def doubt(self, _path, _interface, _gateways):
        """Return why the manager would not read the file for the interface at boot, ''.

        :arg _gateways: addresses of the next hops that the file names for it.
        """
        return ""

    unit = ""  # that has to be enabled, so that something reads the file at boot

    def off(self):
        """Return why nothing reads the file at boot, ''."""
        said = self._node.run(["systemctl", "is-enabled", self.unit]).out.strip() if self.unit else ""
        said = said.rpartition("\n")[2]  # systemd of EL 7 tells first whom it asks about a script of System V
        return f"{self.unit} is {said}" if said in ("disabled", "masked") else ""

    def ignores(self, _path, _route):
        """Return what the manager would not read of a route in its file at boot, for it is too old for it, ''."""
        return ""

    def refuse(self, path, text, interface, items):
        """Try a text out before anything is written, with the manager's own tool where it has one.

        :raises NodeError: with what the tool said.
        """

    def loaded(self, path):
        """Tell the manager what it must know after the file was written.

        :raises NodeError: if it does not take the file.
        """


class Profile(NamedTuple):
    """A profile that NetworkManager holds an interface with."""

    state: str  # of the interface, as nmcli says it
    uuid: str
    path: str  # of its file, '' if it has none


class Managers:
    """NetworkManager and systemd-networkd of one node, asked once and only when needed."""

    def __init__(self, node):
        self._node = node
        self._profiles = self._networkd_runs = None
        self._networkmanager_runs = False
        self._networkd = self._networkmanager = None

    def networkd(self):
        """Return the Release of systemd-networkd."""
        if self._networkd is None:
            self._networkd = releases.of_networkd(self._node)
        return self._networkd

    def networkmanager(self):
        """Return the Release of NetworkManager."""
        if self._networkmanager is None:
            self._networkmanager = releases.of_networkmanager(self._node)
        return self._networkmanager

    def profile(self, interface):
        """Return the Profile that NetworkManager holds the interface with, None if it does not hold it."""
        if self._profiles is None:
            self._profiles = self._ask()
        return self._profiles.get(interface)

    def _ask(self):
        done = self._node.run(["nmcli", "-t", "-f", "DEVICE,STATE,CON-UUID", "device"])
        self._networkmanager_runs = done.rc == 0
        devices = _rows(done, 3)
        held = [row for row in devices if row[2] and row[1] != _EXTERNAL]
        if not held:
            return {}
        listed = self._node.run(["nmcli", "-t", "-f", "UUID,FILENAME", "connection", "show"])
        # Before 1.12 there is no FILENAME, and the files themselves say whose they are.
        paths = (
            dict(_rows(listed, 2)) if listed.rc == 0 else self._files_of({uuid: name for name, _device, uuid in held})
        )
        found = {device: Profile(state, uuid, paths.get(uuid, "")) for device, state, uuid in held}
        return {device: profile for device, profile in found.items() if not self._is_made_up(device, profile)}

    def _files_of(self, devices):
        """Return {uuid: path} of the profiles of NetworkManager in files. :arg devices: {uuid: interface}."""
        found = {}
        for path, uuid, interface in self._profile_files():
            for wanted, device in devices.items():
                if uuid == wanted or (not uuid and interface == device):
                    found.setdefault(wanted, path)
        return found

    def _profile_files(self):
        """Yield (path, uuid or '', interface or '') of each file of a profile."""
        for directory in _KEYFILES:
            for name in self._node.listdir(directory):
                entries = keyfile.entries(self._node.read(f"{directory}/{name}") or "")
                said = {key: value for section, key, value in entries if section == "connection"}
                yield f"{directory}/{name}", said.get("uuid", ""), said.get("interface-name", "")
        for name in self._node.listdir(_IFCFG):
            if name.startswith("ifcfg-"):
                said = ifcfg_keys.assignments(self._node.read(f"{_IFCFG}/{name}") or "")
                yield f"{_IFCFG}/{name}", said.get("UUID", ""), said.get("DEVICE", "")

    def _is_made_up(self, device, profile):
        """Return whether NetworkManager made the profile up, for an interface that somebody else set up.

        Before 1.26 the state of such an interface does not say so. The profile is in no file that lasts, is called as
        the interface, and is never brought up by itself: after a reboot nothing of it is left.
        """
        if profile.path.startswith(_LASTING):
            return False
        fields = "connection.id,connection.autoconnect"
        done = self._node.run(["nmcli", "-t", "-f", fields, "connection", "show", profile.uuid])
        return _rows(done, 2) == [["connection.id", device], ["connection.autoconnect", "no"]]

    def shares_profile(self, interface, path):
        """Return the other interfaces that NetworkManager holds with the same profile."""
        self.profile("")
        return sorted(name for name, one in self._profiles.items() if name != interface and path and one.path == path)

    def cards(self):
        """Return the sorted names of the interfaces that are hardware."""
        return sorted(
            name for name in self._node.listdir(_CLASS_NET) if self._node.exists(f"{_CLASS_NET}/{name}/device")
        )

    def hardware_address(self, interface):
        """Return the hardware address of an interface in small letters, ''."""
        return (self._node.read(f"{_CLASS_NET}/{interface}/address") or "").strip().lower()

    def holds_profile(self, path):
        """Return whether NetworkManager holds an interface with the profile of this file."""
        self.profile("")
        return any(profile.path == path for profile in self._profiles.values())

    def load(self, path):
        """Tell NetworkManager to read a profile that was written; the active connection goes on as it is.

        Where it does not run nobody has to be told: it reads all of them when it starts.

        :raises NodeError: if it does not take it.
        """
        self.profile("")
        if not self._networkmanager_runs:
            return
        done = self._node.run(["nmcli", "connection", "load", path])
        # Its exit status is 0 also for a profile that it refuses.
        if done.rc != 0 or "Could not load" in done.err + done.out:
            raise NodeError(
                f"NetworkManager does not load {path}: {(done.err or done.out).strip()}; see 'journalctl -u "
                "NetworkManager'"
            )

    def network_file(self, link):
        """Return (state, .network file) that systemd-networkd holds the interface with, None if it does not.

        Its notes outlive it, so it must be running.
        """
        facts = self._facts(link.ifindex)
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
            number.isdigit() and int(number) != link.ifindex and self._facts(int(number)).get("NETWORK_FILE") == path
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
        text = self._node.read(f"{_LINKS}/{index}") or ""
        return dict(re.findall(r"^([A-Z_0-9]+)=(.*)$", text, re.MULTILINE))

    def systemd_runs(self):
        """Return whether systemd is the init of the node."""
        return services.is_init(self._node)


def matching(patterns, interface):
    """Return whether patterns match an interface, as networkd and NetworkManager take them; a '!' turns one round."""
    wanted = [word for word in patterns if not word.startswith("!")]
    barred = [word[1:] for word in patterns if word.startswith("!")]
    found = [any(fnmatch.fnmatchcase(interface, word) for word in words) for words in (wanted, barred)]
    return (found[0] or not wanted) and not found[1]


def _rows(done, width):
    """Return the rows of 'nmcli -t', none where NetworkManager is missing or does not run."""
    rows = [_fields(line) for line in done.out.splitlines()] if done.rc == 0 else []
    return [row for row in rows if len(row) == width]


def _fields(line):
    """Split a line of 'nmcli -t': colons part the fields, a backslash guards one inside."""
    return [re.sub(r"\\(.)", r"\1", field) for field in re.findall(r"(?:^|:)((?:\\.|[^:\\])*)", line)]
