# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in the keyfile profile of a connection of NetworkManager. Private to the collection.

Our lines stand in the site's own profile (see ``formats.keyfile``). The profile is loaded, never brought up or
reapplied: that would flap the interface.
"""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import releases
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend, matching
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import keyfile

_PROFILES = "/etc/NetworkManager/system-connections/"
# Profiles that netplan makes, and those that stand in ifcfg files: backends of their own.
_OF_OTHERS = ("/run/NetworkManager/system-connections/netplan-", "/etc/sysconfig/network-scripts/")
# What NetworkManager passes over among its keyfiles: hidden ones, copies of editors, half-written ones, certificates.
_NO_KEYFILE = re.compile(r"\..*\Z|.*(~|\.swpx?|\.pem|\.der|\.[A-Za-z0-9]{6})\Z", re.IGNORECASE)

_ADDRESSES = ("mac-address", "permanent-mac-address")


def _is_brought_up(connection):
    return connection.get("autoconnect", "true").lower() not in ("false", "no", "off", "0")


def _saved(profile, path):
    """Return how a profile is kept in a keyfile: one in /run or in memory is written to /etc at its next change."""
    if path and not path.startswith("/run/"):
        return f"'nmcli connection migrate {profile.uuid}'"
    return f"'nmcli connection modify {profile.uuid} connection.autoconnect yes'"


def _priority(connection):
    try:
        return int(connection.get("autoconnect-priority", "0"))
    except ValueError:
        return 0


class NetworkManager(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "networkmanager"
    title = "NetworkManager"
    unit = "NetworkManager.service"
    whole_file = False
    mode = 0o600
    looked_for = "a connected device in 'nmcli device'"

    def claim(self, link):
        """Return how NetworkManager holds the interface, '' if it does not or the profile is another backend's."""
        profile = self._managers.profile(link.name)
        if profile is None or profile.path.startswith(_OF_OTHERS):
            return ""
        return f"state {profile.state}, profile {profile.uuid}"

    def locate(self, link):
        """Return the path of the keyfile that holds the interface."""
        profile = self._managers.profile(link.name)
        path = profile.path if profile else self._profile_file(link.name)
        if not path and not profile:
            raise NodeError(
                f"interface {link.name} has no active connection of NetworkManager that can hold its routes, and not "
                f"exactly one keyfile in {_PROFILES.rstrip('/')} names it; bring one up with 'nmcli connection up' or "
                "set another backend"
            )
        if not path.startswith(_PROFILES):
            raise NodeError(
                f"the profile of interface {link.name} is {path or 'kept in memory only'}; only keyfile profiles in "
                f"{_PROFILES.rstrip('/')} can hold routes; save it there ({_saved(profile, path)}) and run again"
            )
        others = self._managers.shares_profile(link.name, path)
        if others:
            raise NodeError(
                f"{path} also configures other interfaces than {link.name} ({', '.join(others)}), which would get its "
                f"routes too; give {link.name} its own profile ('nmcli connection clone', then 'nmcli connection "
                f"modify' with connection.interface-name {link.name})"
            )
        return path

    def _profile_file(self, interface):
        """Return the one keyfile that names the interface, '' if none or several do."""
        named = self.siblings(interface)
        return named[0] if len(named) == 1 else ""

    def siblings(self, interface):
        """Return the keyfiles that name the interface."""
        return [path for path in self._paths() if self._connection(path).get("interface-name") == interface]

    def _paths(self):
        return [_PROFILES + name for name in self._node.listdir(_PROFILES) if not _NO_KEYFILE.match(name)]

    def _fits(self, path, connection, card):
        """Return whether a profile is for a card, or for any: by name, address and what else it must match."""
        said = keyfile.entries(self._node.read(path) or "")
        addresses = [value.lower() for _section, key, value in said if key in _ADDRESSES]
        match = {key: value for section, key, value in said if section == "match"}
        words = [word.strip("|&") for word in match.pop("interface-name", "").split(";") if word]
        name = connection.get("interface-name", card)
        own = self._managers.hardware_address(card)
        return name == card and not match and matching(words, card) and set(addresses) <= {own}

    def _connection(self, path):
        """Return {key: value} of the section [connection]."""
        entries = keyfile.entries(self._node.read(path) or "")
        return {key: value for section, key, value in entries if section == "connection"}

    boot_remedy = (
        "the profile to use after a reboot needs the name of the interface (connection.interface-name), autoconnect "
        "and the highest priority ('nmcli connection modify PROFILE connection.autoconnect yes "
        "connection.autoconnect-priority 10'), bring it up, then run again"
    )

    def doubt(self, path, interface, _gateways):
        """Return why NetworkManager brings up another profile of the interface at boot, or none."""
        ours = self._connection(path)
        if not _is_brought_up(ours):
            said = ours["autoconnect"]
            return f"{path} has autoconnect={said}, so NetworkManager does not bring this profile up at boot"
        if ours.get("permissions"):
            return f"{path} has permissions={ours['permissions']}, so it waits for that user to log in"
        cards = self._managers.cards()
        others = ", ".join(card for card in cards if card != interface and self._fits(path, ours, card))
        if others and interface in cards:
            return (
                f"{path} is not for {interface} alone, so NetworkManager may bring it up at boot on another ({others})"
            )
        for other in self._paths():
            theirs = self._connection(other)
            alike = theirs.get("interface-name") == interface or theirs.get("type") == ours.get("type")
            if (
                other != path
                and alike
                and self._fits(other, theirs, interface)
                and _is_brought_up(theirs)
                and _priority(theirs) > _priority(ours)
            ):
                return f"{other} has a higher autoconnect-priority, so NetworkManager brings that profile up at boot"
        return ""

    def ignores(self, _path, route):
        """Return what NetworkManager does not read of the route, ''."""
        return releases.ignored(self._managers.networkmanager, route, releases.NETWORKMANAGER)

    def parse(self, text, interface):
        """Return the Lines of a profile, of both families."""
        return keyfile.routes_of(text, interface)

    def compose(self, text, _items, add, drop, restore=()):
        """Return the text without the Lines ``drop``, with the Items ``add`` and the lines ``restore``.

        :raises NodeError: if the profile has no place for routes of a family.
        """
        return keyfile.change(text, [one.route for one in add], drop, restore)

    def loaded(self, path):
        """Tell NetworkManager to read a profile that was written; the active connection goes on as it is."""
        if self._node.exists(path):  # else the site took its profile away
            self._managers.load(path)
