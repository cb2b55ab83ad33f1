# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own file of netplan: routes that are added to definitions of the site. Pure. Private to the collection.

It is written in one way only, so that it can be read back without a reader of YAML, which the Python of a node lacks.
"""

import ipaddress
import json
import re
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import MAIN_TABLE, Line, Route


class Definition(NamedTuple):
    """A definition of netplan that configures one interface."""

    section: str  # its type, such as ethernets
    id: str
    file: str  # what netplan generates from it


_HEAD = """# Written by ack_edge.node.static_routes; a change by hand is undone by its next run.
network:
  version: 2
"""
_SECTION = re.compile(r"  [a-z-]+:\n")
_DEFINITION = re.compile(r'    "[^\n]*":  # (?P<interface>[^\n]+)\n      routes:\n')
_ROUTE = re.compile(
    r"""(?:      # (?P<comment>[^\n]*)\n)?"""
    r"""      - to: "(?P<to>[^"\n]*)"\n"""
    r"""        via: "(?P<via>[^"\n]*)"\n"""
    r"""        metric: (?P<metric>[0-9]+)\n"""
    r"""(?:        table: (?P<table>[0-9]+)\n)?"""
    r"""(?:        from: "(?P<source>[^"\n]*)"\n)?"""
    r"""(?P<onlink>        on-link: true\n)?"""
    r"""(?:        mtu: (?P<mtu>[0-9]+)\n)?"""
)
# YAML takes no control character, and ends a comment at the line ends of Unicode; the backslash is our way to say them.
_UNSAID = re.compile(r"[^\x20-\x5b\x5d-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SAID = re.compile(r"\\u([0-9a-f]{4})")


def trial(section, name):
    """Return a text that says nothing but that netplan has a definition of this section and id."""
    return f"{_HEAD}  {section}:\n    {json.dumps(name)}: {{}}\n"


def written(places, items):
    """Return the text that adds the routes of Items to definitions of the site.

    :arg places: sorted [(Definition, interface)] of every interface of the items.
    """
    parts, section = [_HEAD], ""
    for definition, interface in places:
        if definition.section != section:
            section = definition.section
            parts.append(f"  {section}:\n")
        parts.append(f"    {json.dumps(definition.id)}:  # {_say(interface)}\n      routes:\n")
        parts += [_written(one) for one in items if one.route.interface == interface]
    return "".join(parts)


def _written(one):
    """Return the lines of one Item.

    netplan's default is ours where an attribute is left out. A table is not said where it is the main one: until 0.103
    any table was refused for NetworkManager.
    """
    route = one.route
    lines = ["      # " + _say(one.comment)] if one.comment else []
    lines += [
        f'      - to: "{route.destination}"',
        f'        via: "{route.gateway}"',
        f"        metric: {route.metric}",
    ]
    if route.table != MAIN_TABLE:
        lines.append(f"        table: {route.table}")
    if route.source is not None:
        lines.append(f'        from: "{route.source}"')
    if route.onlink:
        lines.append("        on-link: true")
    if route.mtu is not None:
        lines.append(f"        mtu: {route.mtu}")
    return "\n".join(lines) + "\n"


def _say(text):
    return _UNSAID.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _unsay(text):
    return _SAID.sub(lambda match: chr(int(match.group(1), 16)), text)


def lines_of(text):
    """Return the [Line] of a text that :func:`written` can have made, [] of any other."""
    lines, interface, place = [], "", len(_HEAD)
    if not text.startswith(_HEAD):
        return []
    while place < len(text):
        match = _SECTION.match(text, place) or _DEFINITION.match(text, place) or _ROUTE.match(text, place)
        said = match.groupdict() if match else None
        if said is None:
            return []
        place = match.end()
        interface = _unsay(said.get("interface") or "") or interface
        if "to" in said:
            route = _route(said, interface)
            if route is None or not interface:
                return []
            lines.append(Line(route, route.slot, _unsay(said["comment"] or ""), len(lines), None))
    return lines


def _route(said, interface):
    try:
        return Route(
            ipaddress.ip_network(said["to"]),
            ipaddress.ip_address(said["via"]),
            interface,
            int(said["metric"]),
            int(said["table"] or MAIN_TABLE),
            ipaddress.ip_address(said["source"]) if said["source"] else None,
            bool(said["onlink"]),
            int(said["mtu"]) if said["mtu"] else None,
        )
    except ValueError:
        return None
