# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kernel with routes in memory, as ``ip`` shows and changes it, for the tests of static_routes."""

from __future__ import annotations

import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types

from fakes import ip_text

RULES = "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n"


def route(text: str, **attributes) -> types.Route:
    """Return the Route of 'DESTINATION via GATEWAY dev INTERFACE'."""
    destination, gateway, interface = re.fullmatch(r"(\S+) via (\S+) dev (\S+)", text).groups()
    network = ipaddress.ip_network(destination)
    values = {
        "metric": types.DEFAULT_METRIC[network.version],
        "table": types.MAIN_TABLE,
        "source": None,
        "onlink": False,
        "mtu": None,
    }
    return types.Route(network, ipaddress.ip_address(gateway), interface, **{**values, **attributes})


def live(one: types.Route, *, plain: bool = True) -> types.Live:
    """Return the Live of a Route."""
    way = f"via {one.gateway} dev {one.interface}" if one.gateway else f"directly on {one.interface}"
    return types.Live(one, plain, way, " ".join(one.arguments()) if one.gateway else "")


class Ip:
    """A kernel with links, routes and rules, and the ``ip`` that shows and changes them.

    ``old_batch`` whether a batch is that of iproute2 3.10, which does not say which line failed, and stops there.
    ``refuse_route`` text of a route that the kernel refuses; ``change`` is called for each batch line.
    """

    def __init__(self):
        self.no_ipv6, self.rules, self.refuse_route, self.old_batch = False, {}, "", False
        self.links = {
            "lo": (1, ["127.0.0.1/8", "::1/128"]),
            "eth0": (2, ["192.0.2.11/24"]),
            "idc0": (3, ["10.99.0.11/24", "fd00:99::11/64"]),
        }
        self.kernel = [
            {"dst": "default", "gateway": "192.0.2.1", "dev": "eth0", "flags": []},
            {"dst": "192.0.2.0/24", "dev": "eth0", "protocol": "kernel", "scope": "link", "prefsrc": "192.0.2.11"},
            {"dst": "10.99.0.0/24", "dev": "idc0", "protocol": "kernel", "scope": "link", "prefsrc": "10.99.0.11"},
            {"dst": "fd00:99::/64", "dev": "idc0", "protocol": "kernel", "metric": 256},
            {"type": "local", "dst": "10.99.0.11", "dev": "idc0", "table": "local", "prefsrc": "10.99.0.11"},
        ]

    def change(self) -> None:
        """Take note of a change that is about to be made."""

    def routes(self) -> list[str]:
        """Return the routes with a gateway and without default, as text."""
        return sorted(
            f"{e['dst']} via {e['gateway']} dev {e['dev']}"
            for e in self.kernel
            if "gateway" in e and e["dst"] != "default"
        )

    def _ip(self, words, stdin):
        if words == ["address", "show"]:
            listed = [
                {
                    "ifname": name,
                    "ifindex": index,
                    "addr_info": [
                        {"local": address.split("/")[0], "prefixlen": int(address.split("/")[1])}
                        for address in addresses
                    ],
                }
                for name, (index, addresses) in self.links.items()
            ]
            return ip_text.address(listed), "", 0
        family = int(words[0][1])
        if self.no_ipv6 and family == 6:
            return "", "Error: IPv6 is disabled", 2
        if words[1:] == ["rule", "show"]:
            return self.rules.get(family, RULES), "", 0
        if words[1:] == ["route", "show", "table", "all"]:
            return ip_text.routes([e for e in self.kernel if _family(e) == family]), "", 0
        return self._changes(words, stdin, family)

    def _changes(self, words, stdin, family):
        if words[1] == "route":  # one line of a batch, by itself
            return self._batch(family, " ".join(words[1:]))
        if self.old_batch:
            out, err, rc = self._batch(family, stdin)
            return out, err.partition("Command failed")[0], 2 if rc else 0
        if words[1:] == ["-force", "-batch", "-"]:
            for line in stdin.splitlines():
                self._one(line.split(), family)
            return "", "", 0
        assert words[1:] == ["-batch", "-"], words
        return self._batch(family, stdin)

    def _batch(self, family, stdin):
        for number, line in enumerate(stdin.splitlines(), 1):
            if self.refuse_route and self.refuse_route in line:
                return "", f"RTNETLINK answers: Network is unreachable\nCommand failed -:{number}\n", 1
            self.change()
            if not self._one(line.split(), family):
                return "", f"RTNETLINK answers: No such process\nCommand failed -:{number}\n", 1
        return "", "", 0

    def _one(self, words, family):
        assert words[:1] == ["route"], words
        entry = _entry(words[2:])
        slot = _slot(entry)
        same = [e for e in self.kernel if e["dst"] == slot[0] and _slot(e) == slot]
        if words[1] == "del":
            exact = [e for e in same if (e.get("gateway"), e.get("dev")) == (entry["gateway"], entry["dev"])]
            for found in exact[:1]:
                self.kernel.remove(found)
            return bool(exact)
        assert words[1] in ("replace", "append"), words
        for found in same[:1] if words[1] == "replace" else ():
            self.kernel.remove(found)
        self.kernel.append(entry)
        return True


def _entry(words):
    """Return the words of a route as ip would list it."""
    entry = {"dst": words[0].removesuffix("/32").removesuffix("/128"), "flags": []}
    values = dict(zip(words[1::2], words[2::2], strict=False))
    if words[-1] == "onlink":
        entry["flags"] = ["onlink"]
    entry.update(gateway=values["via"], dev=values["dev"])
    if int(values["metric"]):
        entry["metric"] = int(values["metric"])
    if values["table"] != "254":
        entry["table"] = values["table"]
    if values.get("proto", "boot") != "boot":
        entry["protocol"] = values["proto"]
    if "src" in values:
        entry["prefsrc"] = values["src"]
    if "mtu" in values:
        entry["metrics"] = [{"mtu": int(values["mtu"])}]
    return entry


def _family(entry):
    return 6 if ":" in entry["dst"] or ":" in entry.get("gateway", "") else 4


def _slot(entry):
    return entry["dst"], entry.get("metric", 0), entry.get("table", "254")
