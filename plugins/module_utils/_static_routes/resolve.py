# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that nobody publishes a network for: ask the node's resolver for their addresses. Private to the collection."""

import concurrent.futures
import ipaddress
import socket
from typing import NamedTuple, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.bounds import MOST_OF_A_NAME
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Address

_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
# A dead resolver costs its whole timeout for every name, so all are asked at the same time.
_AT_ONCE = 16


class Answer(NamedTuple):
    """What a name resolves to."""

    addresses: Tuple[Address, ...]  # sorted; more than ``bounds`` takes are cut behind the first one that is too many
    error: str  # '' or what the resolver said


def resolve(names, version, getaddrinfo=socket.getaddrinfo):
    """Return {name: Answer} with the addresses of one IP version (4 or 6)."""
    names = list(dict.fromkeys(names))
    if not names:
        return {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        asked = {name: pool.submit(_ask, name, version, getaddrinfo) for name in names}
    return {name: future.result() for name, future in asked.items()}


def _ask(name, version, getaddrinfo):
    try:
        found = getaddrinfo(name, None, _FAMILIES[version], socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return Answer((), str(getattr(error, "strerror", None) or error))
    addresses = {ipaddress.ip_address(entry[4][0].partition("%")[0]) for entry in found}
    return Answer(tuple(sorted(addresses)[: MOST_OF_A_NAME + 1]), "" if addresses else "no address")
