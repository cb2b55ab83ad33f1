# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in a drop-in of our own beside the .network file of systemd-networkd. Private to the collection.

networkd is never reloaded: it would take away routes that it does not know, a CNI's among them. It reads the drop-in
at the next boot; until then the kernel has the routes from us.
"""

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import releases
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend, matching
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import networkd_unit
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats.netplan_generator import is_generated

_OURS = networkd_unit.DIRECTORIES[0]


class Networkd(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "networkd"
    title = "systemd-networkd"
    unit = "systemd-networkd.service"
    looked_for = "a NETWORK_FILE in /run/systemd/netif/links"

    def claim(self, link):
        """Return how networkd holds the interface, '' if it does not or netplan wrote its file."""
        held = self._managers.network_file(link)
        return "state {}, {}".format(*held) if held and not is_generated(held[1]) else ""

    def locate(self, link):
        """Return the path of our drop-in for the .network file of the interface."""
        held = self._managers.network_file(link)
        network = held[1] if held else self._matching(link.name)
        if not network:
            raise NodeError(
                f"interface {link.name} has no .network file of systemd-networkd that can hold its routes; write one "
                "or set another backend"
            )
        if held and self._managers.shares_network_file(link, network):
            raise NodeError(
                f"{network} also configures other interfaces than {link.name}, which would get its routes too; give "
                f"{link.name} its own .network file"
            )
        return f"{_OURS}/{network.rpartition('/')[2]}.d/{self._name}.conf"

    def _matching(self, interface):
        """Return the .network file whose [Match] names this interface and no other, '' if none does.

        networkd takes the first in the order of names, whatever the directory; a file in /etc hides one elsewhere.
        """
        for _name, path in self._files():
            sections = networkd_unit.sections(self._node.read(path))
            matches = [keys for header, _comment, keys in sections if header == "Match"]
            if [keys.get("Name") for keys in matches] == [interface]:
                return path
        return ""

    def _files(self):
        """Return (name, path) of each .network file in the order that networkd asks them."""
        files = {}
        for base in reversed(networkd_unit.DIRECTORIES):
            files.update((name, f"{base}/{name}") for name in networkd_unit.names(self._node, base, ".network"))
        return sorted(files.items())

    def own_files(self):
        """Return our drop-ins, with the interface that each is for where networkd says so."""
        found = []
        for directory in self._node.listdir(_OURS):
            path = f"{_OURS}/{directory}/{self._name}.conf"
            if directory.endswith(".network.d") and self._node.exists(path):
                found.append((path, self._managers.interface_of(directory[: -len(".d")])))
        return found

    def parse(self, text, interface):
        """Return the Lines of a .network file or drop-in, a comment right above [Route] being the route's."""
        if networkd_unit.has_new_spelling(text) and self._managers.networkd().before(releases.ON_LINK):
            text = networkd_unit.without_new_spelling(text)
        return networkd_unit.routes_of(text, interface)

    def foreign(self, path, interface):
        """Return the Lines of the .network file and of its other drop-ins."""
        network = path.rpartition("/")[0].rpartition("/")[2][: -len(".d")]
        return [
            line
            for name in networkd_unit.files_of(self._node, network)
            if name != path
            for line in self.parse(self._node.read(name), interface)
        ]

    def compose(self, text, items, add, drop, _restore=()):
        """Return the whole drop-in, None where nothing is left to hold.

        One that says the same in the spelling of earlier versions of this module stays as it is.
        """
        if not items:
            return None
        new = networkd_unit.written(items)
        return text if not add and not drop and networkd_unit.old_spelling(text) == new else new

    def ignores(self, _path, route):
        """Return why networkd would not bring the route back whole, ''."""
        release = self._managers.networkd()
        if release.before(releases.DROP_INS):
            return f"{release.title} does not read drop-ins of .network files; 232 is the first version that does"
        return releases.ignored(self._managers.networkd, route, releases.NETWORKD)

    boot_remedy = "remove ActivationPolicy= or Unmanaged= from the .network file of the interface, then run again"

    def doubt(self, path, interface, _gateways):
        """Return what keeps networkd from bringing the interface up at boot, or with this .network file."""
        network = path.rpartition("/")[0].rpartition("/")[2][: -len(".d")]
        for name, where in self._files():
            if name < network and self._is_for(self._node.read(where), interface):
                return f"{where} is for {interface} too and comes before {network}, so networkd uses it at boot"
        files = networkd_unit.files_of(self._node, network)
        return next(filter(None, (networkd_unit.not_brought_up(name, self._node.read(name)) for name in files)), "")

    def _is_for(self, text, interface):
        """Return whether a .network file surely is for an interface: by names, patterns or hardware addresses alone."""
        keys = networkd_unit.match_of(text)
        address = self._managers.hardware_address(interface)
        return (
            bool(keys)
            and set(keys) <= {"Name", "MACAddress"}
            and ("Name" not in keys or matching(_names(keys["Name"]), interface))
            and ("MACAddress" not in keys or address in keys["MACAddress"].lower().split())
        )


def _names(value):
    """Return the patterns of Name=; a '!' in front turns the whole list round."""
    return value.replace(" ", " !").split() if value.startswith("!") else value.split()
