# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in the route-<name> and route6-<name> files beside an ifcfg file. Private to the collection.

Two programs read these files: ifup of the network service, and the ifcfg-rh plug-in of NetworkManager. The file
decides, so one backend serves both; it only tells NetworkManager, where that holds the interface, to read its profile
again. Neither ifup nor any service is ever run.

A file for IPv4 may be in either of two syntaxes, and is read and written in the one that it has: arguments of ``ip
route`` (all of them), or ADDRESSn=, NETMASKn=, GATEWAYn= and METRICn=, sourced by a shell until the first n that lacks.
It is the site's file: what is not ours stays as it is, but for the numbers of entries behind one that is taken out.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ipaddress
import re
import shlex

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._routes import _ip_words
from ansible_collections.ack_edge.node.plugins.module_utils._routes._backend import Backend
from ansible_collections.ack_edge.node.plugins.module_utils._routes._types import (
    DEFAULT_METRIC,
    MAIN_TABLE,
    Line,
    Route,
)

_DIRECTORY = "/etc/sysconfig/network-scripts"
_OLD_ROUTES = "/etc/sysconfig/static-routes"
_PROGRAM = _DIRECTORY + "/ifup-eth"
# A metric that nobody says is one of the device's type to NetworkManager: a slot of its own, equal to none of ours.
_UNSAID = -1
_KEYS = re.compile(r"^\s*(?:export\s+)?ADDRESS\d+=", re.MULTILINE)
_ENTRY = re.compile(r"^(ADDRESS|NETMASK|GATEWAY|METRIC|OPTIONS|MTU|WINDOW|DEVICE)(\d+)$")
_NUMBERED = re.compile(r"(?<![A-Za-z0-9_])((?:ADDRESS|NETMASK|GATEWAY|METRIC|OPTIONS|MTU|WINDOW|DEVICE))(\d+)(?==)")


class NetworkScripts(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "network_scripts"
    title = "network-scripts"
    whole_file = False
    looked_for = "an ifcfg file for it in %s that NetworkManager or ifup reads" % _DIRECTORY

    def claim(self, link):
        """Return which ifcfg profile NetworkManager holds the interface with, '' if it does not."""
        path = self._profile(link.name)
        return "profile %s, read by NetworkManager" % path if path else ""

    def weak_claim(self, link):
        """Return which ifcfg file ifup would bring the interface up with."""
        path = self._ifcfg(link.name) if self._node.exists(_PROGRAM) else ""
        return "%s, read by ifup" % path if path else ""

    def _profile(self, interface):
        profile = self._managers.profile(interface)
        return profile.path if profile is not None and profile.path.startswith(_DIRECTORY + "/") else ""

    def _ifcfg(self, interface):
        """Return the ifcfg file of the interface, '' if none names it or several do."""
        path = "%s/ifcfg-%s" % (_DIRECTORY, interface)
        if self._node.exists(path):
            return path
        paths = ["%s/%s" % (_DIRECTORY, name) for name in self._node.listdir(_DIRECTORY) if name.startswith("ifcfg-")]
        named = [path for path in paths if ("DEVICE", interface) in _assignments(self._node.read(path) or "")]
        return named[0] if len(named) == 1 else ""

    def locate(self, link):
        """Return the path of the file for IPv4; :meth:`path_for` knows that for IPv6."""
        path = self._profile(link.name) or self._ifcfg(link.name)
        if not path:
            raise NodeError("interface %s has no ifcfg file in %s, or several name it with DEVICE; write one, or "
                            "choose another backend" % (link.name, _DIRECTORY))
        return "%s/route-%s" % (_DIRECTORY, path.rpartition("/ifcfg-")[2])

    def path_for(self, path, route):
        """Return the file for the family of the route."""
        return path if route.family == 4 else path.replace("/route-", "/route6-")

    def parse(self, text, interface):
        """Return the Lines of a file in either syntax."""
        read = _read_keys if _KEYS.search(text) else _read_lines
        metric = _UNSAID if self._profile(interface) else None
        return read(text, interface, metric)

    def foreign(self, path, interface):
        """Return the Lines of the old file that ifup reads for all interfaces; NetworkManager does not know it."""
        if self._profile(interface) or "/route6-" in path:
            return []
        return _read_old(self._node.read(_OLD_ROUTES) or "", interface)

    def compose(self, text, _items, add, drop, back=()):
        """Return the text without the Lines ``drop``, with the Items ``add`` and the lines ``back``.

        :raises NodeError: if the syntax of the file cannot say a route.
        """
        if not (add or drop or back):
            return text
        in_keys = _KEYS.search(text) or (not text.strip() and any(isinstance(raw, list) for raw in back))
        change = _change_keys if in_keys else _change_lines
        return change(text, [one.route for one in add], {line.key for line in drop}, list(back)) or None

    def loaded(self, path):
        """Let NetworkManager, where it holds the interface, read the profile anew."""
        ifcfg = re.sub(r"/route6?-", "/ifcfg-", path)
        if self._managers.holds_profile(ifcfg):
            self._managers.load(ifcfg)


def _assignments(text):
    """Return [(name, value)] of a file that a shell sources, as far as it is plain assignments."""
    return [pair for _raw, pairs in _raw_assignments(text) for pair in pairs]


def _raw_assignments(text):
    """Yield (line with its end, [(name, value)]) for every line."""
    for raw in re.findall(r"[^\n]*\n|[^\n]+", text):
        try:
            words = shlex.split(raw, comments=True)
        except ValueError:  # a quote that is open
            words = []
        pairs = [word.partition("=") for word in words if "=" in word]
        yield raw, [(name, value) for name, _equals, value in pairs]


def _read_old(text, interface):
    lines = []
    for number, raw in enumerate(text.split("\n")):
        found = re.match(r"^\s*(\S+)\s+-?(net|host)\s+(\S+)(?:\s+netmask\s+(\S+))?\s+gw\s+(\S+)\s*$", raw)
        if found and found.group(1) in ("any", interface):
            _device, kind, address, netmask, gateway = found.groups()
            netmask = "32" if kind == "host" else netmask
            line = _line(address, netmask, gateway, DEFAULT_METRIC[4], interface, number, None)
            lines += [line] if line is not None else []
    return lines


def _line(address, netmask, gateway, metric, interface, key, raw):
    """Return the Line of an IPv4 route, None where its destination cannot be read."""
    if not netmask:
        return None  # a class of 1981, which programs take in different ways
    try:
        destination = ipaddress.IPv4Network(u"%s/%s" % (address, netmask), strict=False)
    except ValueError:
        return None
    route = None
    try:
        if metric != _UNSAID:
            route = Route(destination, ipaddress.IPv4Address(gateway), interface, metric, MAIN_TABLE, None, False, None)
    except ValueError:
        pass
    return Line(route, (destination, metric, MAIN_TABLE), None, key, raw)


# The syntax of ip route.


def _logical(text):
    """Return the lines with their ends; one that ends in a backslash goes on in the next, as for the shell's read."""
    found = []
    for raw in re.findall(r"[^\n]*\n|[^\n]+", text):
        if found and found[-1].rstrip("\n").endswith("\\"):
            found[-1] += raw
        else:
            found.append(raw)
    return found


def _read_lines(text, interface, unsaid):
    lines = []
    for number, raw in enumerate(_logical(text)):
        words = raw.replace("\\\n", " ").split()
        found = _ip_words.read(words, interface) if words and not words[0].startswith("#") else None
        if found is None:
            continue
        slot, route = found
        if unsaid is not None and not {"metric", "preference", "priority"} & set(words):
            slot, route = (slot[0], unsaid, slot[2]), None
        lines.append(Line(route, slot, None, number, raw))
    return lines


def _change_lines(text, add, drop, back):
    if any(not isinstance(raw, str) for raw in back):
        raise NodeError("it held ADDRESSn= entries that were taken over, and now holds lines of ip route; put them "
                        "back by hand: %s" % back)
    kept = [raw for number, raw in enumerate(_logical(text)) if number not in drop]
    new = [_said(route) + "\n" for route in add] + [raw.rstrip("\n") + "\n" for raw in back]
    if new and kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    if new and kept and kept[-1].rstrip("\n").endswith("\\"):
        raise NodeError("it ends in a line that goes on (\\), where nothing can be added; end that line")
    return "".join(kept + new)


def _said(route):
    """Return a route in the words that both ip and NetworkManager know; the metric is said, for they differ without."""
    words = [str(route.destination), "via", str(route.gateway), "dev", route.interface, "metric", str(route.metric)]
    words += ["table", str(route.table)] if route.table != MAIN_TABLE else []
    words += ["src", str(route.source)] if route.source is not None else []
    words += ["mtu", str(route.mtu)] if route.mtu is not None else []
    return " ".join(words + (["onlink"] if route.onlink else []))


# The syntax of ADDRESSn=.


def _numbered(text):
    """Return {number: {name: value}}; the last assignment counts."""
    found = {}
    for name, value in _assignments(text):
        match = _ENTRY.match(name)
        if match:
            found.setdefault(int(match.group(2)), {})[match.group(1)] = value
    return found


def _read_keys(text, interface, unsaid):
    lines = []
    for number, entry in sorted(_numbered(text).items()):
        metric = entry.get("METRIC", "")
        if "ADDRESS" not in entry or (metric and not metric.isdigit()):
            continue
        metric = int(metric) if metric else DEFAULT_METRIC[4] if unsaid is None else unsaid
        raw = sorted([name, value] for name, value in entry.items())
        line = _line(entry["ADDRESS"], entry.get("NETMASK"), entry.get("GATEWAY", ""), metric, interface, number, raw)
        if line is not None and set(entry) - {"ADDRESS", "NETMASK", "GATEWAY", "METRIC"}:
            line = line._replace(route=None)
        lines += [line] if line is not None else []
    return lines


def _change_keys(text, add, drop, back):
    if any(isinstance(raw, str) for raw in back):
        raise NodeError("it held lines of ip route that were taken over, and now holds ADDRESSn= entries; put them "
                        "back by hand: %s" % "; ".join(str(raw).strip() for raw in back))
    kept = []
    for raw, pairs in _raw_assignments(text):
        numbers = {int(match.group(2)) for match in (_ENTRY.match(name) for name, _value in pairs) if match}
        if not numbers & drop:
            kept.append(raw)
        elif numbers - drop:
            raise NodeError("its line '%s' holds more than one entry, of which one is to go; part it into lines" % (
                raw.strip()))
    text = "".join(kept)
    if drop:  # the shell stops at the first number that lacks, so what stood behind moves up
        moved = {number: place for place, number in enumerate(sorted(_numbered(text)))}
        text = "".join(raw if raw.lstrip().startswith("#") else _renumbered(raw, moved)
                       for raw, _pairs in _raw_assignments(text))
    new = [_entry(route) for route in add] + [[tuple(pair) for pair in raw] for raw in back]
    free = max(list(_numbered(text)) + [-1]) + 1
    if new and text and not text.endswith("\n"):
        text += "\n"
    return text + "".join("%s%d=%s\n" % (name, free + place, shlex.quote(value))
                          for place, entry in enumerate(new) for name, value in entry)


def _renumbered(raw, moved):
    return _NUMBERED.sub(lambda match: "%s%d" % (
        match.group(1), moved.get(int(match.group(2)), int(match.group(2)))), raw)


def _entry(route):
    """Return [(name, value)] of a route.

    :raises NodeError: if it has what this syntax cannot say.
    """
    beyond = [("metric", route.metric, DEFAULT_METRIC[4]), ("table", route.table, MAIN_TABLE),
              ("source", route.source, None), ("mtu", route.mtu, None), ("onlink", route.onlink, False)]
    wrong = ["%s %s" % (name, value) for name, value, can in beyond if value != can]
    if wrong:
        raise NodeError("it is written in ADDRESSn= entries, which cannot say %s of the route to %s; rewrite it as "
                        "lines of ip route ('100.64.0.0/10 via 10.0.0.1')" % (", ".join(wrong), route.destination))
    return [("ADDRESS", str(route.destination.network_address)), ("NETMASK", str(route.destination.netmask)),
            ("GATEWAY", str(route.gateway)), ("METRIC", str(route.metric))]
