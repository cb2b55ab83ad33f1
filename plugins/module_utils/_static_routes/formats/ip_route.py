# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in the words of ``ip route``, as files hold them: read a line, read and write a batch. Pure. Private.

The opposite of reading is ``Route.arguments``.
"""

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    Line,
    Route,
)

_METRIC = ("metric", "preference", "priority")
# What a Route cannot say but does not need to: they change nothing that it promises.
_HARMLESS = ("proto", "protocol", "scope")
_TABLES = {"main": MAIN_TABLE, "default": 253, "local": 255}
_BATCH = "route replace "


def read(words, interface, version=4):
    """Return (slot, Route or None) of the words behind ``ip route add``, None where no destination can be read.

    The Route is None where the line says more or other than one can hold.

    :arg interface: the one of a line that names none.
    :arg version: 4 or 6, for 'default'.
    """
    words = list(words)
    plain = True
    if words and words[0] == "unicast":
        words = words[1:]
    elif words and words[0].isalpha() and words[0] != "default":
        plain, words = False, words[1:]  # blackhole, throw and the like
    if not words:
        return None
    said, complete = _attributes(words[1:])
    try:
        destination = _destination(words[0], said.get("via", ""), version)
        metric = int(said.get("metric", 0)) or DEFAULT_METRIC[destination.version]
        table = said.get("table", "main")
        table = _TABLES[table] if table in _TABLES else int(table)
    except ValueError:
        return None
    slot = (destination, metric, table)
    return slot, _route(slot, said, interface) if plain and complete else None


def _destination(text, gateway, version):
    if text == "default":
        return ipaddress.ip_network("::/0" if version == 6 or ":" in gateway else "0.0.0.0/0")
    return ipaddress.ip_network(text, strict=False)


def _attributes(words):
    """Return ({attribute: value}, whether these are all and only what a Route can say)."""
    said, complete, rest = {}, True, list(words)
    while rest:
        word = rest.pop(0)
        if word == "onlink":
            said[word] = True
            continue
        if not rest:
            return said, False
        value = rest.pop(0)
        name = "metric" if word in _METRIC else word
        if word in _HARMLESS:
            continue
        complete = complete and name in ("via", "dev", "metric", "table", "src", "mtu") and name not in said
        said[name] = value
    return said, complete


def _route(slot, said, interface):
    destination, metric, table = slot
    try:
        route = Route(
            destination,
            ipaddress.ip_address(said["via"]) if "via" in said else None,
            said.get("dev", interface),
            metric,
            table,
            ipaddress.ip_address(said["src"]) if "src" in said else None,
            bool(said.get("onlink")),
            int(said["mtu"]) if "mtu" in said else None,
        )
    except ValueError:
        return None
    families = [one.version for one in (route.gateway, route.source) if one is not None]
    return route if families == [route.family] * len(families) else None


def batch(items):
    """Return the lines (text) of ``ip -batch`` that put Items in, each with its comment above it."""
    parts = []
    for one in items:
        parts += [f"# {one.comment}\n"] if one.comment else []
        parts.append(f"{_BATCH}{' '.join(one.route.arguments())}\n")
    return "".join(parts)


def read_batch(text):
    """Return the [Line] of every batch line in a text, whatever else stands in it."""
    lines, comment = [], ""
    for number, raw in enumerate((text or "").split("\n")):
        if raw.startswith(_BATCH):
            found = read(raw[len(_BATCH) :].split(), "")
            if found is not None:
                lines.append(Line(found[1], found[0], comment, number, None))
        comment = raw[2:] if raw.startswith("# ") else ""
    return lines
