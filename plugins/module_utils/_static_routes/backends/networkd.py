# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in a drop-in of our own beside the .network file of systemd-networkd. Private to the collection.

networkd is never reloaded: it would take away routes that it does not know, a CNI's among them. It reads the drop-in
at the next boot; until then the kernel has the routes from us.
"""

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    Line,
    Route,
)

# A drop-in of /etc counts wherever the .network file itself lies.
_DROPINS = ("/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network")
_KNOWN = {"Destination", "Gateway", "Metric", "Table", "PreferredSource", "MTUBytes", "GatewayOnLink"}
_YES = ("yes", "true", "1", "on")


class Networkd(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "networkd"
    title = "systemd-networkd"
    looked_for = "a NETWORK_FILE in /run/systemd/netif/links"

    def claim(self, link):
        """Return how networkd holds the interface, '' if it does not or netplan wrote its file."""
        held = self._managers.network_file(link)
        return "state {}, {}".format(*held) if held and not is_netplan(held[1]) else ""

    def locate(self, link):
        """Return the path of our drop-in for the .network file of the interface."""
        held = self._managers.network_file(link)
        network = held[1] if held else self._matching(link.name)
        if not network:
            raise NodeError(
                f"interface {link.name} has no .network file of systemd-networkd that could hold its routes; write "
                "one or choose another backend"
            )
        if held and self._managers.shares_network_file(link, network):
            raise NodeError(
                f"{network} configures other interfaces beside {link.name}, which would get its routes too; give {link.name} a "
                ".network file of its own"
            )
        return f"{_DROPINS[0]}/{network.rpartition('/')[2]}.d/{self._name}.conf"

    def _matching(self, interface):
        """Return the .network file whose [Match] names this interface and no other, '' if none does.

        networkd takes the first in the order of names, whatever the directory; a file in /etc hides one elsewhere.
        """
        files = {}
        for base in reversed(_DROPINS):
            files.update((name, f"{base}/{name}") for name in _read(self._node, base, ".network"))
        for name in sorted(files):
            matches = [keys for header, _comment, keys in _sections(self._node.read(files[name])) if header == "Match"]
            if [keys.get("Name") for keys in matches] == [interface]:
                return files[name]
        return ""

    def own_files(self):
        """Return our drop-ins, with the interface that each is for where networkd says so."""
        base = _DROPINS[0]
        found = []
        for directory in self._node.listdir(base):
            path = f"{base}/{directory}/{self._name}.conf"
            if directory.endswith(".network.d") and self._node.exists(path):
                found.append((path, self._managers.interface_of(directory[: -len(".d")])))
        return found

    def parse(self, text, interface):
        """Return the Lines of a .network file or drop-in, a comment right above [Route] being the route's."""
        return routes_of(text, interface)

    def foreign(self, path, interface):
        """Return the Lines of the .network file and of its other drop-ins."""
        network = path.rpartition("/")[0].rpartition("/")[2][: -len(".d")]
        return [
            line
            for name in files_of(self._node, network)
            if name != path
            for line in self.parse(self._node.read(name), interface)
        ]

    def compose(self, _text, items, _add, _drop, _back=()):
        """Return the whole drop-in, None where nothing is left to hold."""
        if not items:
            return None
        parts = ["# Written by ack_edge.node.static_routes; a change by hand is undone by its next run.\n"]
        for one in items:
            route = one.route
            lines = ["# " + one.comment] if one.comment else []
            lines += [
                "[Route]",
                f"Destination={route.destination}",
                f"Gateway={route.gateway}",
                f"Metric={int(route.metric)}",
                f"Table={int(route.table)}",
            ]
            if route.source is not None:
                lines.append(f"PreferredSource={route.source}")
            if route.mtu is not None:
                lines.append(f"MTUBytes={int(route.mtu)}")
            if route.onlink:
                lines.append("GatewayOnLink=yes")
            parts.append("\n".join(lines) + "\n")
        return "\n".join(parts)


def files_of(node, network):
    """Return where a .network file of that name can lie, and its drop-ins that are there."""
    files = []
    for base in _DROPINS:
        directory = f"{base}/{network}.d"
        files.append(f"{base}/{network}")
        files += [f"{directory}/{name}" for name in _read(node, directory, ".conf")]
    return files


def _read(node, directory, suffix):
    """Return the names of the files that networkd reads in a directory; it passes over hidden ones."""
    return [name for name in node.listdir(directory) if name.endswith(suffix) and not name.startswith(".")]


def is_netplan(path):
    """Return whether netplan generated a .network file or a profile."""
    return path.startswith(("/run/systemd/network/10-netplan-", "/run/NetworkManager/system-connections/netplan-"))


def routes_of(text, interface):
    """Return the [Line] of the [Route] sections of any text."""
    found = [(comment, keys) for header, comment, keys in _sections(text) if header == "Route"]
    lines = [_line(comment, keys, interface, number) for number, (comment, keys) in enumerate(found)]
    return [line for line in lines if line is not None]


def _sections(text):
    """Return [(header, comment right above it, {key: value})]."""
    found, comment = [], ""
    for raw in (text or "").splitlines():
        stripped = raw.strip()
        if stripped.startswith(("#", ";")):
            comment = stripped[1:].strip()
            continue
        if stripped.startswith("[") and stripped.endswith("]"):
            found.append((stripped[1:-1], comment, {}))
        elif found and "=" in stripped:
            key, _equals, value = stripped.partition("=")
            found[-1][2][key.strip()] = value.strip()
        comment = ""
    return found


def _line(comment, section, interface, number):
    """Return the Line of one [Route] section, None where it names no destination that can be read."""
    gateway = section.get("Gateway", "")
    try:
        default = "::/0" if ":" in gateway else "0.0.0.0/0"
        destination = ipaddress.ip_network(section.get("Destination") or default, strict=False)
        metric = int(section.get("Metric") or 0) or DEFAULT_METRIC[destination.version]
        table = int(section.get("Table", "").replace("main", "") or MAIN_TABLE)
    except ValueError:
        return None
    route = None
    if not set(section) - _KNOWN:
        try:
            route = Route(
                destination,
                ipaddress.ip_address(gateway),
                interface,
                metric,
                table,
                ipaddress.ip_address(section["PreferredSource"]) if "PreferredSource" in section else None,
                section.get("GatewayOnLink", "no").lower() in _YES,
                int(section["MTUBytes"]) if "MTUBytes" in section else None,
            )
        except ValueError:
            route = None
    return Line(route, (destination, metric, table), comment, number, None)
