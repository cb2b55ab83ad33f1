# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in the [Route] sections of .network files of systemd-networkd and their drop-ins. Private."""

import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    Line,
    Route,
)

# Where the files lie; a drop-in of the first one counts wherever the .network file itself lies.
DIRECTORIES = ("/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network")
# The second spelling is the one that every systemd takes which knows the key at all; the first came later.
_ON_LINK = ("GatewayOnLink", "GatewayOnlink")
_KNOWN = {"Destination", "Gateway", "Metric", "Table", "PreferredSource", "MTUBytes", *_ON_LINK}
_NEW_SPELLING = re.compile(r"^[ \t]*GatewayOnLink[ \t]*=[^\n]*\n?", re.MULTILINE)
_YES = ("yes", "true", "1", "on", "y", "t")


def files_of(node, network):
    """Return where a .network file of that name can lie, and its drop-ins that are there."""
    files = []
    for base in DIRECTORIES:
        directory = f"{base}/{network}.d"
        files.append(f"{base}/{network}")
        files += [f"{directory}/{name}" for name in names(node, directory, ".conf")]
    return files


def names(node, directory, suffix):
    """Return the names of the files that networkd reads in a directory; it passes over hidden ones."""
    return [name for name in node.listdir(directory) if name.endswith(suffix) and not name.startswith(".")]


def written(items):
    """Return the text of a drop-in with Items."""
    parts = ["# Written by ack_edge.node.static_routes; a change by hand is undone by its next run.\n"]
    for one in items:
        route = one.route
        lines = ["# " + one.comment] if one.comment else []
        lines += [
            "[Route]",
            f"Destination={route.destination}",
            f"Gateway={route.gateway}",
            f"Metric={route.metric}",
            f"Table={route.table}",
        ]
        if route.source is not None:
            lines.append(f"PreferredSource={route.source}")
        if route.mtu is not None:
            lines.append(f"MTUBytes={route.mtu}")
        if route.onlink:
            lines.append("GatewayOnlink=yes")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def has_new_spelling(text):
    """Return whether a text says GatewayOnLink=, which networkd takes for GatewayOnlink= or does not know."""
    return bool(_NEW_SPELLING.search(text or ""))


def without_new_spelling(text):
    """Return a text as a networkd sees it that does not know GatewayOnLink=."""
    return _NEW_SPELLING.sub("", text)


def old_spelling(text):
    """Return a text with GatewayOnlink= for GatewayOnLink=."""
    return (text or "").replace("\nGatewayOnLink=", "\nGatewayOnlink=")


def routes_of(text, interface):
    """Return the [Line] of the [Route] sections of any text."""
    found = [(comment, keys) for header, comment, keys in sections(text) if header == "Route"]
    lines = [_line(comment, keys, interface, number) for number, (comment, keys) in enumerate(found)]
    return [line for line in lines if line is not None]


def sections(text):
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
            known, key, value = found[-1][2], key.strip(), value.strip()
            known[key] = _added(known.get(key), value) if found[-1][0] == "Match" else value
        comment = ""
    return found


def match_of(text):
    """Return {key: value} of the [Match] sections, which are one; a key that comes again adds to its list."""
    found = {}
    for header, _comment, keys in sections(text):
        for key, value in keys.items() if header == "Match" else ():
            found[key] = _added(found.get(key), value)
    return found


def _added(known, value):
    # An empty value begins the list anew.
    return f"{known} {value}" if known and value else value


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
                any(section.get(key, "no").lower() in _YES for key in _ON_LINK),
                int(section["MTUBytes"]) if "MTUBytes" in section else None,
            )
        except ValueError:
            route = None
    return Line(route, (destination, metric, table), comment, number, None)


def not_brought_up(path, text):
    """Return what in a .network file or drop-in keeps networkd from bringing the interface up, '' for nothing."""
    for header, _comment, keys in sections(text):
        policy, unmanaged = keys.get("ActivationPolicy", ""), keys.get("Unmanaged", "")
        if header == "Link" and policy in ("manual", "down", "always-down"):
            return f"{path} has ActivationPolicy={policy}, so networkd does not bring the interface up"
        if header == "Link" and unmanaged.lower() in _YES:
            return f"{path} has Unmanaged={unmanaged}, so networkd does not configure the interface"
    return ""
