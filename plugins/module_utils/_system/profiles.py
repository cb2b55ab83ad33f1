# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the profile of an interface says besides its network: the zone of firewalld. Private. Only reads."""

import re

_KEYFILES = "/etc/NetworkManager/system-connections"
_IFCFG = "/etc/sysconfig/network-scripts"
_CONNECTION = re.compile(r"^\[connection\][ \t]*\n(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)


def zone_of(node, interface):
    """Return the zone that the interface comes into as it is brought up, '' where its profile names none.

    Asked of NetworkManager where that holds the interface, else of the one file that names the interface.
    """
    active = node.run(["nmcli", "-t", "-f", "UUID,DEVICE", "connection", "show", "--active"])
    uuids = [line.partition(":")[0] for line in active.out.splitlines() if line.partition(":")[2] == interface]
    if active.rc == 0 and uuids:
        said = node.run(["nmcli", "-t", "-f", "connection.zone", "connection", "show", uuids[0]])
        return said.out.partition(":")[2].strip() if said.rc == 0 else ""
    zones = [zone for name, zone in _in_files(node) if name == interface]
    return zones[0] if len(zones) == 1 else ""


def _in_files(node):
    """Yield (interface, zone) of each profile in a file."""
    for name in node.listdir(_KEYFILES):
        section = _CONNECTION.search(node.read(f"{_KEYFILES}/{name}") or "")
        if section:
            yield _value(section.group(1), "interface-name"), _value(section.group(1), "zone")
    for name in node.listdir(_IFCFG):
        if name.startswith("ifcfg-") and not name.endswith(("~", ".bak", ".old", ".orig", ".rpmnew", ".rpmsave")):
            text = node.read(f"{_IFCFG}/{name}") or ""
            yield _value(text, "DEVICE"), _value(text, "ZONE")


def _value(text, key):
    """Return the last value of a key, without quotes, '' for none."""
    found = re.findall(rf"^[ \t]*{key}[ \t]*=[ \t]*([^\n]*)", text, re.MULTILINE)
    return found[-1].split("#")[0].strip().strip("\"'") if found else ""
