# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in a keyfile of NetworkManager: its text is edited line by line and every other byte stays. Pure. Private."""

import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    Line,
    Route,
)

_SECTIONS = {4: "ipv4", 6: "ipv6"}
_HEADER = re.compile(r"^\[([^\[\]]+)\]\s*\Z")
_ROUTE = re.compile(r"^routes?(\d+)\Z")
_ROUTED_METHODS = ("auto", "manual", "dhcp")


def routes_of(text, interface):
    """Return the [Line] of any keyfile, of both families."""
    values = {}
    for section, key, value in entries(text):
        values.setdefault(section, {})[key] = value
    lines = []
    for version, section in _SECTIONS.items():
        found = values.get(section, {})
        for key in found:
            if _ROUTE.match(key):
                line = _line(version, interface, key, found[key], found.get(key + "_options", ""))
                lines += [line] if line is not None else []
    return lines


def change(text, add, drop, restore=()):
    """Return the text without the Lines ``drop``, with the Routes ``add`` and the ``restore`` (``Line.raw``).

    :raises NodeError: if the profile has no place for routes of a family.
    """
    gone = {key for line in drop for key in (line.key, (line.key[0], line.key[1] + "_options"))}
    result = "".join(raw for raw, entry in _raw(text) if entry is None or entry[:2] not in gone)
    for version, section in _SECTIONS.items():
        values = [_value(route, _has(text, section, "route-table")) for route in add if route.family == version]
        values += [(raw[1], raw[2]) for raw in restore if raw[0] == section]
        if values:
            result = _insert(result, section, values)
    return result


def _raw(text):
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


def entries(text):
    """Return every (section, key, value) of any keyfile."""
    return [entry for _text, entry in _raw(text) if entry is not None]


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
    return any(entry[:2] == (section, key) for entry in entries(text))


def _insert(text, section, values):
    """Put (value, options) of routes behind the header of a section, under free numbers; nothing else moves."""
    there = [entry for entry in entries(text) if entry[0] == section]
    method = dict(entry[1:] for entry in there).get("method", "")
    if method not in _ROUTED_METHODS:
        found = f"has method={method}" if method else "is missing or has no method"
        raise NodeError(
            f"the profile cannot hold an IP{section[2:]} route: its section [{section}] {found}; set method to manual "
            f"or auto in it ('nmcli connection modify ... {section}.method ...')"
        )
    taken = {match.group(1) for match in (_ROUTE.match(entry[1]) for entry in there) if match}
    result, placed = [], False
    for raw, _entry in _raw(text):
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
        lines.append(f"route{number}={value}")
        if options:
            lines.append(f"route{number}_options={options}")
    return lines


def _value(route, explicit_table):
    """Return (value, options) of a route; the table is said where the profile sets another for all its routes."""
    options = []
    if route.table != MAIN_TABLE or explicit_table:
        options.append(f"table={route.table}")
    if route.source is not None:
        options.append(f"src={route.source}")
    if route.mtu is not None:
        options.append(f"mtu={route.mtu}")
    if route.onlink:
        options.append("onlink=true")
    return f"{route.destination},{route.gateway},{route.metric}", ",".join(options)
