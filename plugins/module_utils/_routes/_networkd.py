# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in a drop-in of our own beside the .network file of systemd-networkd. Private to the collection.

networkd is never reloaded: it would take away routes that it does not know, a CNI's among them. It reads the drop-in
at the next boot; until then the kernel has the routes from us.
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

_LINKS = "/run/systemd/netif/links"
# A drop-in of /etc counts wherever the .network file itself lies.
_DROPINS = ("/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network")
_UNHELD = ("", "unmanaged", "pending", "linger")
_KNOWN = {"Destination", "Gateway", "Metric", "Table", "PreferredSource", "MTUBytes", "GatewayOnLink"}
_YES = ("yes", "true", "1", "on")


class Networkd(object):
    """See :mod:`_backends` for what the members mean."""

    name = "networkd"
    title = "systemd-networkd"
    whole_file = True
    mode = 0o644
    looked_for = "a NETWORK_FILE in %s" % _LINKS

    def __init__(self, node, set_name):
        self._node, self._set = node, set_name
        self._runs = None

    def _facts(self, index):
        text = self._node.read("%s/%d" % (_LINKS, index)) or ""
        return dict(re.findall(r"^([A-Z_0-9]+)=(.*)$", text, re.MULTILINE))

    def claim(self, link):
        """Return how networkd holds the interface, '' if it does not; its notes outlive it, so it must be running."""
        facts = self._facts(link.index)
        if facts.get("ADMIN_STATE", "") in _UNHELD or not facts.get("NETWORK_FILE"):
            return ""
        if self._runs is None:
            self._runs = self._node.run(["systemctl", "is-active", "--quiet", "systemd-networkd.service"]).rc == 0
        return "state %s, %s" % (facts["ADMIN_STATE"], facts["NETWORK_FILE"]) if self._runs else ""

    def weak_claim(self, _link):
        """networkd says itself what it holds."""
        return ""

    def locate(self, link):
        """Return the path of our drop-in for the .network file of the interface."""
        network = self._facts(link.index).get("NETWORK_FILE")
        if not network:
            raise NodeError("interface %s has no .network file of systemd-networkd that could hold its routes; write "
                            "one or choose another backend" % link.name)
        for other in self._node.listdir(_LINKS):
            if other.isdigit() and int(other) != link.index and self._facts(int(other)).get("NETWORK_FILE") == network:
                raise NodeError("%s configures other interfaces beside %s, which would get its routes too; give %s a "
                                ".network file of its own" % (network, link.name, link.name))
        return "%s/%s.d/%s.conf" % (_DROPINS[0], network.rpartition("/")[2], self._set)

    def parse(self, text, interface):
        """Return the Lines of a .network file or drop-in, a comment right above [Route] being the route's."""
        lines, comment, section = [], "", None
        for raw in (text or "").splitlines() + ["[]"]:
            stripped = raw.strip()
            if stripped.startswith("[") and stripped.endswith("]"):
                if section is not None:
                    lines.append(_line(section, interface, len(lines)))
                section = {"#": comment} if stripped == "[Route]" else None
                comment = ""
            elif stripped.startswith(("#", ";")):
                comment = stripped[1:].strip()
            elif not stripped:
                comment = ""
            elif section is not None and "=" in stripped:
                key, _equals, value = stripped.partition("=")
                section[key.strip()] = value.strip()
        return [line for line in lines if line is not None]

    def foreign(self, path, interface):
        """Return the Lines of the .network file and of its other drop-ins."""
        dropin_dir = path.rpartition("/")[0].rpartition("/")[2]
        network = dropin_dir[:-len(".d")]
        files = []
        for base in _DROPINS:
            files.append("%s/%s" % (base, network))
            files += ["%s/%s/%s" % (base, dropin_dir, name)
                      for name in self._node.listdir("%s/%s" % (base, dropin_dir)) if name.endswith(".conf")]
        return [line for name in files if name != path for line in self.parse(self._node.read(name), interface)]

    def compose(self, _text, items, _add, _drop):
        """Return the whole drop-in, None where nothing is left to hold."""
        if not items:
            return None
        parts = ["# Written by ack_edge.node.static_routes; a change by hand is undone by its next run.\n"]
        for one in items:
            route = one.route
            lines = ["# " + one.comment] if one.comment else []
            lines += ["[Route]", "Destination=%s" % route.destination, "Gateway=%s" % route.gateway,
                      "Metric=%d" % route.metric, "Table=%d" % route.table]
            if route.source is not None:
                lines.append("PreferredSource=%s" % route.source)
            if route.mtu is not None:
                lines.append("MTUBytes=%d" % route.mtu)
            if route.onlink:
                lines.append("GatewayOnLink=yes")
            parts.append("\n".join(lines) + "\n")
        return "\n".join(parts)

    def loaded(self, _path):
        """Do nothing: networkd reads the drop-in when it starts the next time."""


def _line(section, interface, number):
    """Return the Line of one [Route] section, None where it names no destination that can be read."""
    comment = section.pop("#")
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
            route = Route(destination, ipaddress.ip_address(gateway), interface, metric, table,
                          ipaddress.ip_address(section["PreferredSource"]) if "PreferredSource" in section else None,
                          section.get("GatewayOnLink", "no").lower() in _YES,
                          int(section["MTUBytes"]) if "MTUBytes" in section else None)
        except ValueError:
            route = None
    return Line(route, (destination, metric, table), comment, number)
