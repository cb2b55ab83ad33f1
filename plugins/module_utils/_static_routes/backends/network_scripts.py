# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in the route-<name> and route6-<name> files beside an ifcfg file. Private to the collection.

Two programs read these files: ifup of the network service, and the ifcfg-rh plug-in of NetworkManager. The file
decides, so one backend serves both; it only tells NetworkManager, where that holds the interface, to read its profile
again. Neither ifup nor any service is ever run.

A file is in either of two syntaxes, and is read and written in the one that it has: entries of ADDRESSn= (see
ifcfg_keys), or words of ``ip route`` in each line. It is the site's file: what is not ours stays as it is, but for
the numbers of entries behind one that is taken out. A file of which nothing is left is removed.

What is in the way of a wanted route counts even where it cannot be held as one (more attributes, bytes that a reader
stumbles over). A line whose destination cannot be told is passed over: an ADDRESSn without NETMASKn too, which
NetworkManager refuses, and ifup takes for a class of 1981.
"""

import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import releases
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ifcfg_keys, ip_route
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    Line,
    Route,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system import services

_DIRECTORY = "/etc/sysconfig/network-scripts"
_OLD_ROUTES = "/etc/sysconfig/static-routes"
_NETWORKMANAGER = "NetworkManager.service"
_PROGRAMS = (_DIRECTORY + "/ifup-eth", "/usr/sbin/ifup", "/sbin/ifup")
# What both readers pass over when they look for interfaces.
_COPIES = ("~", ".bak", ".old", ".orig", ".rpmnew", ".rpmorig", ".rpmsave")
# Without a metric NetworkManager takes one of the device's type: a slot of its own, equal to none of ours.
_UNSAID = -1
_METRIC = re.compile(r"^[0-9]{1,10}\Z")
# Words of ip that make NetworkManager skip the line.
_ONLY_IP = ("proto", "protocol", "preference", "priority")
# ip takes a word with any other byte amiss, and a backslash is one thing to ifup and another to NetworkManager.
_CLEAN = re.compile(r"^[!-\[\]-~ \t\n]*\Z")
_GOES_ON = re.compile(r"(?<!\\)(?:\\\\)*\\\n?\Z")


class NetworkScripts(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "network_scripts"
    title = "network-scripts (ifcfg)"
    whole_file = False
    looked_for = f"an ifcfg file for it in {_DIRECTORY} that NetworkManager or ifup reads"

    def claim(self, link):
        """Return which ifcfg profile NetworkManager holds the interface with, '' if it does not."""
        path = self._profile(link.name)
        return f"profile {path}, read by NetworkManager" if path else ""

    def weak_claim(self, link):
        """Return which ifcfg file brings the interface up at boot, '' if none does.

        An ifup alone says nothing, for ifupdown and NetworkManager have one too; the ifcfg file is what decides. One
        that leaves the interface to NetworkManager is no other case, for that reads the same files.
        """
        path = self._ifcfg(link.name) if self._has_ifup() else ""
        return f"{path}, read by ifup" if path else ""

    def _has_ifup(self):
        return any(self._node.exists(path) for path in _PROGRAMS)

    def _profile(self, interface):
        profile = self._managers.profile(interface)
        return profile.path if profile is not None and profile.path.startswith(_DIRECTORY + "/ifcfg-") else ""

    def _by_networkmanager(self, interface):
        """Return whether NetworkManager, not ifup, reads the files: it holds the interface, or there is no ifup."""
        return bool(self._profile(interface)) or not self._has_ifup()

    def _ifcfg(self, interface):
        """Return the ifcfg file of the interface, '' if none names it or several do."""
        path = f"{_DIRECTORY}/ifcfg-{interface}"
        if self._node.exists(path):
            return path
        paths = [
            f"{_DIRECTORY}/{name}"
            for name in self._node.listdir(_DIRECTORY)
            if name.startswith("ifcfg-") and not name.endswith(_COPIES)
        ]
        named = [
            path for path in paths if ifcfg_keys.assignments(self._node.read(path) or "").get("DEVICE") == interface
        ]
        return named[0] if len(named) == 1 else ""

    def locate(self, link):
        """Return the path of the file for IPv4; :meth:`path_for` knows that for IPv6."""
        path = self._profile(link.name) or self._ifcfg(link.name)
        if not path:
            raise NodeError(
                f"interface {link.name} has no ifcfg file in {_DIRECTORY}: ifcfg-{link.name} is missing, and not "
                f"exactly one other file has DEVICE={link.name}; write one, or set another backend"
            )
        return f"{_DIRECTORY}/route-{path.rpartition('/ifcfg-')[2]}"

    def path_for(self, path, route):
        """Return the file for the family of the route."""
        return path if route.family == 4 else path.replace("/route-", "/route6-", 1)

    def parse(self, text, interface):
        """Return the Lines of a file in either syntax, as its reader takes them."""
        read = _read_entries if ifcfg_keys.in_use(text) else _read_lines
        return read(text, interface, self._by_networkmanager(interface))

    def foreign(self, path, interface):
        """Return the Lines of what else ifup and its service read for the interface; NetworkManager does not.

        ifup reads the files that are named after the device as well where the ifcfg file has another name.
        """
        if self._by_networkmanager(interface):
            return []
        family, _dash, _name = path.rpartition("/")[2].partition("-")
        twin = f"{_DIRECTORY}/{family}-{interface}"
        lines = self.parse(self._node.read(twin) or "", interface) if twin != path else []
        if family == "route":
            lines = lines + _read_old(self._node.read(_OLD_ROUTES) or "", interface)
        return [line._replace(raw=None) for line in lines]

    boot_remedy = (
        "write ONBOOT=yes into the ifcfg file of the interface, remove what disables it or its routes, then run again"
    )

    def doubt(self, path, interface, _gateways):
        """Return why neither ifup nor NetworkManager brings the interface up at boot, or ifup leaves its routes out."""
        ifcfg = re.sub(r"/route6?-", "/ifcfg-", path, count=1)
        said = ifcfg_keys.assignments(self._node.read(ifcfg) or "")
        by_networkmanager = self._by_networkmanager(interface)
        left = said.get("NM_CONTROLLED") or ""
        left_alone = left.lower() in ("no", "false", "n", "f", "0")
        # Where both may read the file at boot, NetworkManager does.
        first = by_networkmanager or (not left_alone and services.starts_at_boot(self._node, _NETWORKMANAGER))
        self.unit = _NETWORKMANAGER if first else "network.service"
        if left_alone and by_networkmanager:
            return f"{ifcfg} has NM_CONTROLLED={left}, so NetworkManager leaves the interface alone"
        onboot, no_routes = said.get("ONBOOT") or "", said.get("NOROUTESET") or ""
        if no_routes.lower() in ("yes", "true", "t", "y", "1") and not by_networkmanager:
            return f"{ifcfg} has NOROUTESET={no_routes}, so ifup sets no routes"
        return f"{ifcfg} has ONBOOT={onboot}" if onboot.lower() in ("no", "false", "off", "0") else ""

    def compose(self, text, _items, add, drop, restore=()):
        """Return the text without the Lines ``drop``, with the Items ``add`` and the lines ``restore``.

        :raises NodeError: if the syntax of the file cannot say a route, or the file cannot be added to.
        """
        if not (add or drop or restore):
            return text
        change = _change_lines
        if ifcfg_keys.in_use(text) or (not add and _could_hold_entries(text, restore)):
            change = _change_entries
        return change(text, [one.route for one in add], {line.key for line in drop}, restore) or None

    def ignores(self, _path, route):
        """Return what NetworkManager does not read of the route where it reads the file, ''; ifup reads all of it."""
        if not self._by_networkmanager(route.interface):
            return ""
        return releases.ignored(self._managers.networkmanager, route, releases.NETWORKMANAGER)

    def loaded(self, path):
        """Let NetworkManager, where it holds the interface, read the profile anew."""
        ifcfg = re.sub(r"/route6?-", "/ifcfg-", path, count=1)
        if self._managers.holds_profile(ifcfg):
            self._managers.load(ifcfg)


def _line(destination, gateway, metric, interface, key, raw):
    """Return the Line of an IPv4 route without other attributes, its route None where the gateway is no address."""
    route = None
    try:
        if metric != _UNSAID:
            route = Route(destination, ipaddress.IPv4Address(gateway), interface, metric, MAIN_TABLE, None, False, None)
    except ValueError:
        pass
    return Line(route, (destination, metric, MAIN_TABLE), None, key, raw)


def _network(address, netmask):
    """Return an IPv4Network, None where it cannot be told. What Python takes beside a netmask is none to a shell."""
    try:
        found = ipaddress.IPv4Network(f"{address}/{netmask}", strict=False)
    except ValueError:
        return None
    return found if str(found.netmask) == netmask else None


# What is older than both syntaxes.


def _read_old(text, interface):
    """Return the [Line] of 'any net 198.51.100.0 netmask 255.255.255.0 gw 192.0.2.1' and the like."""
    lines = [
        _old_line(raw.split(), interface, number)
        for number, raw in enumerate(text.split("\n"))
        if raw.startswith(("any", interface))
    ]
    return [line for line in lines if line is not None]


def _old_line(words, interface, number):
    if words[0] not in ("any", interface) or len(words) < 3 or words[1] not in ("net", "host"):
        return None
    said = {words[place]: words[place + 1] for place in range(3, len(words) - 1, 2)}
    address, slash, length = words[2].partition("/")
    try:
        if words[1] == "net" and slash:
            destination = ipaddress.IPv4Network(f"{address}/{int(length)}", strict=False)
        else:
            destination = _network(address, "255.255.255.255" if words[1] == "host" else said.get("netmask", ""))
        metric = int(said.get("metric", DEFAULT_METRIC[4]))
    except ValueError:
        return None
    if destination is None:
        return None
    line = _line(destination, said.get("gw", ""), metric, said.get("dev", interface), number, None)
    plain = len(words) % 2 and not set(said) - {"gw", "netmask", "metric", "dev"}
    return line if plain else line._replace(route=None)


# The syntax of ip route.


def _logical(text):
    """Return the lines with their ends; one that ends in a backslash goes on in the next, as for the shell's read."""
    found = []
    for raw in re.findall(r"[^\n]*\n|[^\n]+", text):
        if found and _GOES_ON.search(found[-1]):
            found[-1] += raw
        else:
            found.append(raw)
    return found


def _words(raw):
    """Return the words of a line as the shell's read gives them to ip, none of a comment."""
    line = re.sub(r"\\(?:\n|\Z|(.))", lambda match: match.group(1) or "", raw)
    words = [word for word in re.split(r"[ \t\n]+", line) if word]
    return words if words and not words[0].startswith("#") else []


def _read_lines(text, interface, by_networkmanager):
    lines = []
    for number, raw in enumerate(_logical(text)):
        words = _words(raw)
        found = ip_route.read(words, interface) if words else None
        if found is None:
            continue
        slot, route = found
        if by_networkmanager and "metric" not in words:
            slot, route = (slot[0], _UNSAID, slot[2]), None
        if not _CLEAN.match(raw) or _has_host_bits(words, slot) or (by_networkmanager and set(_ONLY_IP) & set(words)):
            route = None
        lines.append(Line(route, slot, None, number, None if _GOES_ON.search(raw) else raw))
    return lines


def _has_host_bits(words, slot):
    """Return whether the destination says more of an address than its length has room for, which the kernel refuses."""
    address = words[1 if words[0] == "unicast" else 0].partition("/")[0]
    try:
        return ipaddress.ip_address(address) != slot[0].network_address
    except ValueError:  # 'default', or a kind of route that is none of ours anyway
        return False


def _change_lines(text, add, drop, restore):
    kept = [raw for number, raw in enumerate(_logical(text)) if number not in drop]
    new = [_said(route) + "\n" for route in add] + [_as_line(raw) for raw in restore]
    if new and kept and _GOES_ON.search(kept[-1]):
        raise NodeError("its last line ends with a continuation (\\), so nothing can be added; complete that line")
    return ifcfg_keys.joined(text, kept, new)


def _said(route):
    """Return a route in the words that both readers know; the metric is said, for they differ where it is not."""
    words = [str(route.destination), "via", str(route.gateway), "dev", route.interface, "metric", str(route.metric)]
    words += ["table", str(route.table)] if route.table != MAIN_TABLE else []
    words += ["src", str(route.source)] if route.source is not None else []
    words += ["mtu", str(route.mtu)] if route.mtu is not None else []
    return " ".join(words + (["onlink"] if route.onlink else []))


def _as_line(raw):
    """Return a line to put back; it may have been an entry, when the file was still written in such."""
    if not ifcfg_keys.in_use(raw):
        return raw
    values = ifcfg_keys.entries(raw)[0].values
    destination = _network(values["ADDRESS"], values.get("NETMASK"))
    if destination is None or not values.get("GATEWAY") or "OPTIONS" in values:
        raise _by_hand(raw)
    metric = f" metric {values['METRIC']}" if values.get("METRIC") else ""
    return f"{destination} via {values['GATEWAY']}{metric}\n"


def _by_hand(raw):
    return NodeError(
        "its format has changed since a line of it was taken over; restore that line by hand, then remove it from the "
        "manifest: '{}'".format("; ".join(raw.strip().split("\n")))
    )


# The syntax of ADDRESSn=.


def _could_hold_entries(text, restore):
    """Return whether a file without routes is to be written in entries, for such are to be put back."""
    are_entries = bool(restore) and all(ifcfg_keys.in_use(raw) for raw in restore)
    return are_entries and not any(_words(raw) for raw in _logical(text))


def _read_entries(text, interface, by_networkmanager):
    lines = []
    for entry in ifcfg_keys.entries(text):
        values = entry.values
        destination = _network(values["ADDRESS"], values.get("NETMASK"))
        metric = DEFAULT_METRIC[4]
        if by_networkmanager:
            metric = values.get("METRIC") or _UNSAID
        if destination is None or (metric != _UNSAID and not _METRIC.match(str(metric))):
            continue
        line = _line(destination, values.get("GATEWAY"), int(metric), interface, entry.number, entry.raw)
        host_bits = str(destination.network_address) != values["ADDRESS"]  # the kernel refuses them
        if not entry.alive or host_bits or (by_networkmanager and "OPTIONS" in values):
            line = line._replace(route=None)
        lines.append(line)
    return lines


def _change_entries(text, add, drop, restore):
    return ifcfg_keys.change(
        text, [ifcfg_keys.written(route) for route in add] + [_as_entry(raw) for raw in restore], drop
    )


def _as_entry(raw):
    """Return an entry to put back; it may have been a line of ip route, when the file was still written in such."""
    if ifcfg_keys.in_use(raw):
        return raw
    found = _read_lines(raw, "", by_networkmanager=False)
    if not found or found[0].route is None or found[0].route.gateway is None:
        raise _by_hand(raw)
    return ifcfg_keys.written(found[0].route)
