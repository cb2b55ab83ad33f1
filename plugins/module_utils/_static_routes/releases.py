# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What old releases of systemd-networkd and NetworkManager ignore in the files that hold routes. Private.

Neither says a word about a key that it does not know, so its release decides whether a route is whole after a reboot.
"""

import re
from typing import Callable, NamedTuple, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import MAIN_TABLE, Route


class Key(NamedTuple):
    """Something that a route may say."""

    name: str  # for people
    said: Callable[[Route], bool]  # whether a route says it
    since: Tuple[int, ...]  # the first release that reads it


NETWORKD = (Key("mtu", lambda route: route.mtu is not None, (239,)), Key("onlink", lambda route: route.onlink, (234,)))
NETWORKMANAGER = (
    Key("source", lambda route: route.source is not None, (1, 8)),
    Key("mtu", lambda route: route.mtu is not None, (1, 8)),
    Key("table", lambda route: route.table != MAIN_TABLE, (1, 10)),
    Key("onlink", lambda route: route.onlink, (1, 12)),
)
# The first networkd that reads drop-ins, and the first that knows GatewayOnLink= beside GatewayOnlink=.
DROP_INS = (232,)
ON_LINK = (242,)


class Release(NamedTuple):
    """A release of a manager; one that does not say its version counts for today's."""

    title: str  # for people
    number: Tuple[int, ...]  # () where it is not known

    def before(self, number):
        """Return whether it is older than ``number``."""
        return bool(self.number) and self.number < number


def ignored(ask, route, keys):
    """Return what a manager does not read of a Route, '' where it reads all of it.

    :arg ask: function that returns its Release; only called where the route says any of the ``keys``.
    """
    said = [key for key in keys if key.said(route)]
    release = ask() if said else None
    lacks = [key for key in said if release.before(key.since)]
    if not lacks:
        return ""
    first = ".".join(str(part) for part in max(key.since for key in lacks))
    names = " and ".join(key.name for key in lacks)
    return f"{release.title} ignores {names} of a route; {first} is the first version that reads it"


def of_networkd(node):
    """Return the Release of systemd, which is that of its networkd."""
    return _release("systemd-networkd", node.run(["systemctl", "--version"]).out, r"^systemd (\d+)")


def of_networkmanager(node):
    """Return the Release of NetworkManager."""
    return _release("NetworkManager", node.run(["nmcli", "--version"]).out, r"\bversion (\d+\.\d+(?:\.\d+)?)")


def _release(title, said, pattern):
    match = re.search(pattern, said)
    if match is None:
        return Release(title, ())
    return Release(f"{title} {match.group(1)}", tuple(int(part) for part in match.group(1).split(".")))
