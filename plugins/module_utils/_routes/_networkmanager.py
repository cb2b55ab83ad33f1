# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in the keyfile profile of a connection of NetworkManager. Private to the collection.

Our lines stand in the site's own profile, so the text is edited line by line and every other byte stays. The profile
is loaded, never brought up or reapplied: that would flap the interface.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._routes._types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    Line,
    Route,
)

_PROFILES = "/etc/NetworkManager/system-connections/"
_SECTIONS = {4: "ipv4", 6: "ipv6"}
_HEADER = re.compile(r"^\[([^\[\]]+)\]\s*$")
_ROUTE = re.compile(r"^routes?(\d+)$")
_ROUTED_METHODS = ("auto", "manual", "dhcp")


class NetworkManager(object):
    """See :mod:`_backends` for what the members mean."""

    name = "networkmanager"
    title = "NetworkManager"
    whole_file = False
    mode = 0o600
    looked_for = "a connected device in 'nmcli device'"

    def __init__(self, node, set_name):
        self._node, self._set = node, set_name
        self._table = None

    def _devices(self):
        """Return {interface: (state, uuid)}, empty where NetworkManager is missing or does not run."""
        if self._table is None:
            done = self._node.run(["nmcli", "-t", "-f", "DEVICE,STATE,CON-UUID", "device"])
            rows = [_fields(line) for line in done.out.splitlines()] if done.rc == 0 else []
            self._table = {row[0]: (row[1], row[2]) for row in rows if len(row) == 3}
        return self._table

    def claim(self, link):
        """Return how NetworkManager holds the interface, '' if it does not.

        'connected (externally)' is an interface that somebody else set up and NetworkManager only shows.
        """
        state, uuid = self._devices().get(link.name, ("", ""))
        return "state %s, profile %s" % (state, uuid) if uuid and state != "connected (externally)" else ""

    def weak_claim(self, _link):
        """NetworkManager brings nothing up that it does not hold now."""
        return ""

    def locate(self, link):
        """Return the path of the keyfile that holds the interface."""
        uuid = self._devices().get(link.name, ("", ""))[1]
        if not uuid:
            raise NodeError("interface %s has no active connection of NetworkManager that could hold its routes; "
                            "bring one up with 'nmcli connection up' or choose another backend" % link.name)
        rows = [_fields(line) for line in self._node.check(
            ["nmcli", "-t", "-f", "UUID,FILENAME", "connection", "show"]).splitlines()]
        path = dict(row for row in rows if len(row) == 2).get(uuid, "")
        if not path.startswith(_PROFILES):
            raise NodeError("the profile of interface %s is %s; only keyfile profiles in %s can hold routes for now, "
                            "so save the profile there ('nmcli connection clone' or 'nmcli connection migrate')" % (
                                link.name, path or "kept in memory only", _PROFILES.rstrip("/")))
        return path

    def parse(self, text, interface):
        """Return the Lines of a profile, of both families."""
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

    def foreign(self, _path, _interface):
        """Return nothing: all of a profile is in its one file."""
        return []

    def compose(self, text, items, add, drop):
        """Return the text without the Lines ``drop`` and with the Items ``add``; ``items`` are those that stay or come.

        :raises NodeError: if the profile has no place for routes of a family.
        """
        del items
        gone = {key for line in drop for key in (line.key, (line.key[0], line.key[1] + "_options"))}
        kept = [raw for raw, entry in _raw_entries(text) if entry is None or entry[:2] not in gone]
        result = "".join(kept)
        for version, section in _SECTIONS.items():
            routes = [one.route for one in add if one.route.family == version]
            if routes:
                result = _insert(result, section, routes)
        return result

    def loaded(self, path):
        """Tell NetworkManager to read a profile that was written; the active connection goes on as it is."""
        done = self._node.run(["nmcli", "connection", "load", path])
        # Its exit status is 0 also for a profile that it refuses.
        if done.rc != 0 or "Could not load" in done.err + done.out:
            raise NodeError("NetworkManager does not take %s: %s; see 'journalctl -u NetworkManager'" % (
                path, (done.err or done.out).strip()))


def _fields(line):
    """Split a line of 'nmcli -t': colons part the fields, a backslash guards one inside."""
    return [re.sub(r"\\(.)", r"\1", field) for field in re.findall(r"(?:^|:)((?:\\.|[^:\\])*)", line)]


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
    fields = re.split(r"[/,;]", value) + ["", "", ""]
    try:
        destination = ipaddress.ip_network("%s/%s" % (fields[0], fields[1]), strict=False)
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
            route = Route(destination, ipaddress.ip_address(fields[2]), interface, slot[1], table,
                          ipaddress.ip_address(said["src"]) if "src" in said else None,
                          said.get("onlink", "false") in ("true", "1", "yes"),
                          int(said["mtu"]) if "mtu" in said else None)
        except ValueError:
            route = None
    return Line(route, slot, None, (_SECTIONS[version], key))


def _options(text):
    """Return ({option: value}, whether these are only options that a Route can say)."""
    said = {}
    for part in text.split(","):
        name, _equals, value = part.strip().partition("=")
        if name:
            said[name] = value
    return said, not set(said) - {"table", "src", "onlink", "mtu"}


def _insert(text, section, routes):
    """Put routes behind the header of a section, under numbers that are free; nothing else moves."""
    entries = [entry for entry in _entries(text) if entry[0] == section]
    method = dict(entry[1:] for entry in entries).get("method", "")
    if method not in _ROUTED_METHODS:
        raise NodeError("the profile cannot hold an IP%s route: its section [%s] %s; set method to manual or auto in "
                        "it ('nmcli connection modify ... %s.method ...')" % (
                            section[2:], section, "has method=%s" % method if method else "is missing or has no method",
                            section))
    taken = {match.group(1) for match in (_ROUTE.match(entry[1]) for entry in entries) if match}
    explicit_table = any(entry[1] == "route-table" for entry in entries)
    result, placed = [], False
    for raw, _entry in _raw_entries(text):
        result.append(raw)
        header = _HEADER.match(raw.strip())
        if header and header.group(1) == section and not placed:
            end = raw[len(raw.rstrip("\r\n")):]
            result += [line + end for line in _rendered(routes, {int(number) for number in taken}, explicit_table)]
            placed = True
    return "".join(result)


def _rendered(routes, taken, explicit_table):
    number, lines = 0, []
    for route in routes:
        number += 1
        while number in taken:
            number += 1
        lines.append("route%d=%s,%s,%d" % (number, route.destination, route.gateway, route.metric))
        options = []
        if route.table != MAIN_TABLE or explicit_table:
            options.append("table=%d" % route.table)
        if route.source is not None:
            options.append("src=%s" % route.source)
        if route.mtu is not None:
            options.append("mtu=%d" % route.mtu)
        if route.onlink:
            options.append("onlink=true")
        if options:
            lines.append("route%d_options=%s" % (number, ",".join(options)))
    return lines
