# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the manifest and the journal of a set of routes must look like to be understood. Private to the collection."""

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._manifest import fits
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import LIVE, PERSISTED, recall

_TEXT_OR_NONE = (str, type(None))
_FACTS = {
    "destination": str,
    "gateway": _TEXT_OR_NONE,
    "interface": str,
    "metric": int,
    "table": int,
    "source": _TEXT_OR_NONE,
    "onlink": bool,
    "mtu": (int, type(None)),
    "comment": _TEXT_OR_NONE,
    "origin": str,
    "names": [str],
    "backend": str,
    "path": str,
    "adopted": [str],
    "displaced?": {LIVE + "?": [str], PERSISTED + "?": list},
}


def route(facts):
    """See that these are the facts of an Item.

    :raises ValueError, KeyError, TypeError: if they are not.
    """
    if not fits(facts, _FACTS):
        raise ValueError
    recall(facts)


def place(value):
    """See that this is the name of a backend and a path.

    :raises ValueError: if it is not.
    """
    if not fits(value, [str]) or len(value) != 2:
        raise ValueError


def answers(value):
    """See that these are {name: [addresses, error]}.

    :raises ValueError, TypeError: if they are not.
    """
    for addresses, error in value.values():
        if not (fits(addresses, [str]) and fits(error, str)):
            raise ValueError
        for text in addresses:
            ipaddress.ip_address(text)


SHAPE = {"routes?": [route], "directories?": [str], "unfinished?": [place], "boot?": str}
JOURNAL = {"routes?": [route], "answers?": answers}
