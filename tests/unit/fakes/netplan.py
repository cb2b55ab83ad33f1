# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for netplan's generator, for the tests of static_routes: what of it the backend relies on.

Its ways and words are those seen of netplan 0.106; tests/integration/routes/test_netplan.py holds the backend against
the real one.
"""

from __future__ import annotations

import functools
import ipaddress
from pathlib import Path

import yaml
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link

from fakes import kernel_routes

GENERATOR = "/usr/libexec/netplan/generate"
SITE = "/etc/netplan/50-site.yaml"
YAML = "/etc/netplan/90-ack-edge.yaml"
NETWORK = "/run/systemd/network/10-netplan-lan.network"
KEYFILE = "/run/NetworkManager/system-connections/netplan-lan.nmconnection"
# The id of the definition is not the name of the interface.
SITE_TEXT = """# by hand
network:
  version: 2
  renderer: {renderer}
  ethernets:
    lan:
      match: {{macaddress: "52:54:00:11:22:33"}}
      set-name: idc0
      addresses: [10.99.0.11/24, "fd00:99::11/64"]
      routes: [{{to: 198.51.100.0/24, via: 10.99.0.1, metric: 0}}]
    eth0: {{addresses: [192.0.2.11/24]}}
"""
_SECTIONS = ("ethernets", "bonds", "bridges", "vlans", "wifis", "tunnels", "vrfs", "modems", "nm-devices")
# What a definition must say at the latest when the file that first names it ends.
_NEEDED = {"vlans": "link", "tunnels": "mode", "vrfs": "table", "wifis": "access-points"}
# What the tests of the backend and of its file have in common.
IDC0 = Link("idc0", 3, ())
ETH0 = Link("eth0", 2, ())
RENDERERS = {"netplan": NETWORK, "netplan_networkmanager": KEYFILE}
ROUTES = [
    types.item(
        kernel_routes.route(
            "100.1.0.0/16 via 10.99.0.253 dev idc0",
            metric=7,
            table=100,
            mtu=1400,
            onlink=True,
            source=ipaddress.ip_address("10.99.0.11"),
        ),
        comment="- to: {[*&!|>%@`'\"",
    ),
    types.item(kernel_routes.route("100.103.99.73/32 via 10.99.0.253 dev idc0")),
    types.item(kernel_routes.route("fd01::/64 via fd00:99::1 dev idc0"), comment="华北2\u2028routes: []\x85x\\u0041"),
]


class Refused(Exception):
    """What netplan says of files that it does not take."""


def generate(root: Path) -> tuple[str, str, int]:
    """Generate in a root; return (standard output, standard error, status)."""
    try:
        definitions, renderer = _merged(root)
    except Refused as error:
        return "", f"\n** (generate:1): WARNING **: too open\n{error}\n      password: of the site\n      ^\n", 1
    for name, (section, keys) in definitions.items():
        _write(root, name, section, keys, keys.get("renderer", renderer))
    return "", "", 0


def _merged(root):
    files = {}
    for directory in ("lib/netplan", "usr/lib/netplan", "etc/netplan", "run/netplan"):
        files.update({path.name: path for path in (root / directory).glob("*.yaml")})
    definitions, renderer = {}, "networkd"
    for _name, path in sorted(files.items()):
        try:
            network = (_parsed(path.read_bytes()) or {})["network"]
        except (yaml.YAMLError, ValueError, KeyError, TypeError):
            raise Refused(f"{path}:1:1: Invalid YAML: did not find expected key:") from None
        renderer = network.get("renderer", renderer)
        for section, entries in network.items():
            if section not in ("version", "renderer"):
                _merge(definitions, path, section, entries)
    return definitions, renderer


@functools.lru_cache(maxsize=256)
def _parsed(text: bytes):
    """Return what the text says, which nobody may change: the same few texts are read thousands of times."""
    return yaml.safe_load(text)


def _merge(definitions, path, section, entries):
    if section not in _SECTIONS:
        raise Refused(f"{path}:1:1: Error in network definition: unknown key '{section}'")
    for name, keys in entries.items():
        known, merged = definitions.setdefault(name, (section, {}))
        if known != section:
            raise Refused(f"{path}:1:1: Error in network definition: Updated definition '{name}' changes device type")
        routes = merged.get("routes", [])
        merged.update(keys)
        merged["routes"] = routes + [route for route in keys.get("routes", []) if route not in routes]
        if _NEEDED.get(section, "routes") not in merged:
            raise Refused(f"{path}:1:1: Error in network definition: {name}: missing '{_NEEDED[section]}' property")


def _write(root, name, section, keys, renderer):
    match = keys.get("match", {}).get("name", name)
    if renderer == "networkd":
        target = root / "run/systemd/network" / f"10-netplan-{name}.network"
        text = f"[Match]\nName={keys.get('set-name', match)}\n\n[Network]\nLinkLocalAddressing=ipv6\n"
        text += "".join(_section(route) for route in keys["routes"])
    else:
        networks = ["-" + network.replace(" ", "%20") for network in keys.get("access-points", {})] or [""]
        target = root / "run/NetworkManager/system-connections" / f"netplan-{name}{networks[0]}.nmconnection"
        text = f"[connection]\nid=netplan-{name}\ntype={section.rstrip('s')}\n"
        text += f"\n[match]\ninterface-name={match};\n" if "*" in match else ""
        text += "" if "*" in match else f"interface-name={keys.get('set-name', match)}\n"
        for version, mark in ((4, "."), (6, ":")):
            text += _family(keys, version, mark)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def _section(route):
    lines = [f"Destination={route['to']}", f"Gateway={route['via']}"]
    lines += [f"PreferredSource={route['from']}"] if "from" in route else []
    lines += ["GatewayOnLink=true"] if route.get("on-link") else []
    lines += [f"{word}={route[key]}" for key, word in _NUMBERS if key in route]
    return "\n[Route]\n" + "\n".join(lines) + "\n"


_NUMBERS = (("metric", "Metric"), ("table", "Table"), ("mtu", "MTUBytes"))


def _family(keys, version, mark):
    addresses = [address for address in keys.get("addresses", []) if mark in address]
    if not addresses:
        return f"\n[ipv{version}]\nmethod={'link-local' if version == 4 else 'ignore'}\n"
    text = f"\n[ipv{version}]\nmethod=manual\naddress1={addresses[0]}\n"
    for number, route in enumerate((route for route in keys["routes"] if mark in route["to"]), 1):
        text += f"route{number}={route['to']},{route['via']}" + (f",{route['metric']}" if "metric" in route else "")
        options = [
            f"{word}={route[key]}"
            for key, word in (("mtu", "mtu"), ("table", "table"), ("from", "src"))
            if key in route
        ]
        options += ["onlink=true"] if route.get("on-link") else []
        text += "\n" + (f"route{number}_options={','.join(options)}\n" if options else "")
    return text
