# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in the keyfile profile of a connection of NetworkManager. Private to the collection.

Our lines stand in the site's own profile, so the text is edited line by line and every other byte stays. The profile
is loaded, never brought up or reapplied: that would flap the interface.
"""

import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    Line,
    Route,
)

_PROFILES = "/etc/NetworkManager/system-connections/"
# Profiles that netplan makes, and those that stand in ifcfg files: backends of their own.
_OF_OTHERS = ("/run/NetworkManager/system-connections/netplan-", "/etc/sysconfig/network-scripts/")
_SECTIONS = {4: "ipv4", 6: "ipv6"}
_HEADER = re.compile(r"^\[([^\[\]]+)\]\s*\Z")
_ROUTE = re.compile(r"^routes?(\d+)\Z")
# What NetworkManager passes over among its keyfiles: hidden ones, copies of editors, half-written ones, certificates.
_NO_KEYFILE = re.compile(r"\..*\Z|.*(~|\.swpx?|\.pem|\.der|\.[A-Za-z0-9]{6})\Z", re.IGNORECASE)
_ROUTED_METHODS = ("auto", "manual", "dhcp")


class NetworkManager(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "networkmanager"
    title = "NetworkManager"
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
                f"interface {link.name} has no active connection of NetworkManager that could hold its routes, and not exactly one keyfile in {_PROFILES.rstrip('/')} names it; bring one up with 'nmcli connection up' or choose another backend"
            )
        if not path.startswith(_PROFILES):
            raise NodeError(
                f"the profile of interface {link.name} is {path or 'kept in memory only'}; only keyfile profiles in {_PROFILES.rstrip('/')} can hold routes, so save it there ('nmcli connection clone' or 'nmcli connection migrate')"
            )
        return path

    def _profile_file(self, interface):
        """Return the one keyfile that names the interface, '' if none or several do."""
        paths = [_PROFILES + name for name in self._node.listdir(_PROFILES) if not _NO_KEYFILE.match(name)]
        named = [
            path
            for path in paths
            if ("connection", "interface-name", interface) in _entries(self._node.read(path) or "")
        ]
        return named[0] if len(named) == 1 else ""

    def parse(self, text, interface):
        """Return the Lines of a profile, of both families."""
        return routes_of(text, interface)

    def compose(self, text, _items, add, drop, back=()):
        """Return the text without the Lines ``drop``, with the Items ``add`` and the lines ``back``.

        :raises NodeError: if the profile has no place for routes of a family.
        """
        gone = {key for line in drop for key in (line.key, (line.key[0], line.key[1] + "_options"))}
        kept = [raw for raw, entry in _raw_entries(text) if entry is None or entry[:2] not in gone]
        result = "".join(kept)
        for version, section in _SECTIONS.items():
            values = [
                _value(one.route, _has(text, section, "route-table")) for one in add if one.route.family == version
            ]
            values += [(raw[1], raw[2]) for raw in back if raw[0] == section]
            if values:
                result = _insert(result, section, values)
        return result

    def loaded(self, path):
        """Tell NetworkManager to read a profile that was written; the active connection goes on as it is."""
        if self._node.exists(path):  # else the site took its profile away
            self._managers.load(path)


def routes_of(text, interface):
    """Return the [Line] of any keyfile, of both families."""
    values = {}
    for section, key, value in _entries(text):
        values.setdefault(section, {})[key] = value
    lines = []
    for version, section in _SECTIONS.items():
        entries = values.get(section, {})
        for key in entries:
            if _ROUTE.match(key):
                line = _line(version, interface, key, entries[key], entries.get(key + "_options", ""))
                lines += [line] if line is not None else []
    return lines


def _raw_entries(text):
    """Yield (line with its end, (section, key, value) or None) for every line."""
    section = ""
    for raw in re.findall(r"[^\n]*\n|[^\n]+", text):  # splitlines() would also part at characters inside a value
        stripped = raw.strip()
        header = _HEADER.match(stripped)
        if header:
            section = header.group(1)
        if header or not stripped or stripped.startswith("#") or "=" not in stripped:
            yield raw, None
        else:
            key, _equals, value = stripped.partition("=")
            yield raw, (section, key.rstrip(), value.lstrip())


def _entries(text):
    return [entry for _raw, entry in _raw_entries(text) if entry is not None]


def _line(version, interface, key, value, options):
    """Return the Line of one routeN; None where even its destination cannot be read (NetworkManager skips it too)."""
    fields = [*re.split(r"[/,;]", value), "", "", ""]
    try:
        destination = ipaddress.ip_network(f"{fields[0]}/{fields[1]}", strict=False)
        metric = int(fields[3]) if fields[3] else None
    except ValueError:
        return None
    said, plain = _options(options)
    table = int(said["table"]) if said.get("table", "").isdigit() else MAIN_TABLE
    # Without a metric NetworkManager takes one of the device's type: -1 is a slot of its own, equal to none of ours.
    slot = (destination, -1 if metric is None else metric or DEFAULT_METRIC[version], table)
    route = None
    if plain and metric is not None and destination.version == version:
        try:
            route = Route(
                destination,
                ipaddress.ip_address(fields[2]),
                interface,
                slot[1],
                table,
                ipaddress.ip_address(said["src"]) if "src" in said else None,
                said.get("onlink", "false") in ("true", "1", "yes"),
                int(said["mtu"]) if "mtu" in said else None,
            )
        except ValueError:
            route = None
    return Line(route, slot, None, (_SECTIONS[version], key), [_SECTIONS[version], value, options])


def _options(text):
    """Return ({option: value}, whether these are only options that a Route can say)."""
    said = {}
    for part in text.split(","):
        name, _equals, value = part.strip().partition("=")
        if name:
            said[name] = value
    return said, not set(said) - {"table", "src", "onlink", "mtu"}


def _has(text, section, key):
    return any(entry[:2] == (section, key) for entry in _entries(text))


def _insert(text, section, values):
    """Put (value, options) of routes behind the header of a section, under free numbers; nothing else moves."""
    entries = [entry for entry in _entries(text) if entry[0] == section]
    method = dict(entry[1:] for entry in entries).get("method", "")
    if method not in _ROUTED_METHODS:
        raise NodeError(
            f"the profile cannot hold an IP{section[2:]} route: its section [{section}] {(f'has method={method}' if method else 'is missing or has no method')}; set method to manual or auto in it ('nmcli connection modify ... {section}.method ...')"
        )
    taken = {match.group(1) for match in (_ROUTE.match(entry[1]) for entry in entries) if match}
    result, placed = [], False
    for raw, _entry in _raw_entries(text):
        result.append(raw)
        header = _HEADER.match(raw.strip())
        if header and header.group(1) == section and not placed:
            end = raw[len(raw.rstrip("\r\n")) :] or "\n"
            result += [line + end for line in _rendered(values, {int(number) for number in taken})]
            placed = True
    return "".join(result)


def _rendered(values, taken):
    number, lines = 0, []
    for value, options in values:
        number += 1
        while number in taken:
            number += 1
        lines.append(f"route{int(number)}={value}")
        if options:
            lines.append(f"route{int(number)}_options={options}")
    return lines


def _value(route, explicit_table):
    """Return (value, options) of a route; the table is said where the profile sets another for all its routes."""
    options = []
    if route.table != MAIN_TABLE or explicit_table:
        options.append(f"table={int(route.table)}")
    if route.source is not None:
        options.append(f"src={route.source}")
    if route.mtu is not None:
        options.append(f"mtu={int(route.mtu)}")
    if route.onlink:
        options.append("onlink=true")
    return f"{route.destination},{route.gateway},{int(route.metric)}", ",".join(options)
