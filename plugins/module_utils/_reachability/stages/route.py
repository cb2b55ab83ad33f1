# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way the kernel would send a packet to an address, and whether anybody is there. Private to the collection."""

import json

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# States of a neighbour that has not said its hardware address.
_SILENT_STATES = frozenset(["INCOMPLETE", "FAILED"])
_DEAD_KINDS = ("unreachable", "blackhole", "prohibit", "throw")
_KINDS = (*_DEAD_KINDS, "local", "broadcast", "multicast", "anycast", "unicast")
# What iproute2 says where the kernel knows no way; the C locale is set by run_command().
_NO_WAY = "RTNETLINK answers: "


def unknown(error=None):
    """Return a way of which nothing is known; ``error`` is the kernel's word where it refuses to send."""
    return {"gateway": None, "interface": None, "source": None, "default": None, "error": error}


class Router:
    """Asks iproute2.

    :arg run: function like Node.run: argv and ``timeout`` in, Completed out.
    :arg timeout: seconds for one command.
    """

    def __init__(self, run, timeout):
        self._run_command, self._timeout = run, timeout

    def lookup(self, address):
        """Return ``{gateway, interface, source, default, error}``; what cannot be found out is None.

        ``gateway`` is None where the address is on the link. ``default`` says whether nothing more special than the
        default route leads there. ``error`` is the kernel's word where it has no way to the address.
        """
        found = self._get(address)
        if found["error"] is None and found["gateway"]:
            found["default"] = self._only_default(address)
        return found

    def is_silent(self, next_hop, interface):
        """Return whether a next hop has been asked for its hardware address (ARP, neighbour discovery) in vain."""
        done = self._run(["ip", "neigh", "show", "to", next_hop, "dev", interface])
        return done is not None and done.rc == 0 and bool(_SILENT_STATES.intersection(done.out.split()))

    def _get(self, address):
        done = self._run(["ip", "-j", "route", "get", address])
        if done is not None and done.rc == 0:
            return parse_json(done.out)
        if done is not None and _NO_WAY not in done.err:
            # iproute2 before 4.13 does not know -j.
            done = self._run(["ip", "route", "get", address])
            if done is not None and done.rc == 0:
                return parse_text(done.out)
        if done is not None and _NO_WAY in done.err:
            return unknown(done.err.partition(_NO_WAY)[2].strip().splitlines()[0])
        return unknown()

    def _only_default(self, address):
        family = "-6" if ":" in address else "-4"
        done = self._run(["ip", family, "route", "show", "to", "match", address])
        if done is None or done.rc != 0:
            return None
        routes = [line for line in done.out.splitlines() if line.strip() and not line[0].isspace()]
        return all(line.split()[0] == "default" for line in routes) if routes else None

    def _run(self, argv):
        try:
            return self._run_command(argv, timeout=self._timeout)
        except NodeError:
            return None


def parse_json(text):
    """Return the way in the output of ``ip -j route get``; see Router.lookup()."""
    try:
        items = [item for item in json.loads(text) if isinstance(item, dict) and "dst" in item]
    except (ValueError, TypeError):
        return unknown()
    if not items:
        return unknown()
    item = items[0]
    return _way(
        item.get("type"),
        item.get("gateway") or (item.get("via") or {}).get("host"),
        item.get("dev"),
        item.get("prefsrc"),
    )


def parse_text(text):
    """Return the way in the output of ``ip route get``; see Router.lookup()."""
    words = (text.splitlines() or [""])[0].split()
    kind = words[0] if words and words[0] in _KINDS else None
    pairs = {word: words[index + 1] for index, word in enumerate(words[:-1])}
    gateway = pairs.get("via")
    if gateway in ("inet", "inet6"):
        gateway = pairs.get(gateway)
    return _way(kind, gateway, pairs.get("dev"), pairs.get("src"))


def _way(kind, gateway, interface, source):
    if kind in _DEAD_KINDS:
        return unknown(f"the route is of type {kind}")
    return dict(unknown(), gateway=gateway, interface=interface, source=source)
