# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which manager of interfaces persists a route, and what its file holds now. Private to the collection.

A backend is a class with

``name``, ``title``, ``looked_for``  the option's value, the name for people, what is looked for where nothing is found
``whole_file``, ``mode``  whether the file is ours alone, and the permissions of a new one
``claim(link)``       how the manager holds the interface now, '' if it does not
``weak_claim(link)``  why it would hold the interface at boot although it does not now, ''
``locate(link)``      path of the file that holds the interface's routes; NodeError says why there is none
``parse(text, interface)``   -> [Line], of any text, never an exception
``foreign(path, interface)`` -> [Line] of other files that the manager reads for the same interface
``compose(text, items, add, drop)`` -> the new text, or None for no file; pure
``loaded(path)``      what the manager must be told after the file was written; never restarts or reapplies anything

and decides nothing. A new manager is a new file and a word in :data:`BACKENDS`.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import stat

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._routes._ifupdown import Ifupdown
from ansible_collections.ack_edge.node.plugins.module_utils._routes._networkd import Networkd
from ansible_collections.ack_edge.node.plugins.module_utils._routes._networkmanager import NetworkManager
from ansible_collections.ack_edge.node.plugins.module_utils._routes._types import Store

BACKENDS = (NetworkManager, Networkd, Ifupdown)


def file_name(set_name):
    """Return the name of the files of an owned set: 'ack-edge' for the default, 'ack-edge-<set>' for any other."""
    return set_name if set_name == "ack-edge" else "ack-edge-%s" % set_name


def backends(node, set_name):
    """Return {name: backend} for an owned set."""
    return {kind.name: kind(node, file_name(set_name)) for kind in BACKENDS}


def choose(available, link, option):
    """Return (backend, path) for an interface.

    :arg option: 'auto' or the name of a backend.
    :raises NodeError: if two managers hold it, or none, or the manager has no file for it.
    """
    if option != "auto":
        return available[option], available[option].locate(link)
    claims = [(one, one.claim(link)) for one in available.values()]
    held = [(one, why) for one, why in claims if why]
    if not held:
        weak = [(one, one.weak_claim(link)) for one in available.values()]
        held = [(one, why) for one, why in weak if why]
    if len(held) > 1:
        raise NodeError("interface %s is managed by %s at the same time; take it from one of them, or say with "
                        "'backend' which one brings it up at boot" % (
                            link.name, " and ".join("%s (%s)" % (one.title, why) for one, why in held)))
    if not held:
        looked_for = "; ".join("%s: %s" % (one.title, one.looked_for) for one in available.values())
        raise NodeError("interface %s is managed by none of the known managers; looked for: %s; let one of them manage "
                        "it" % (link.name, looked_for))
    return held[0][0], held[0][0].locate(link)


def read(node, backend, path, interface):
    """Return the Store of one file."""
    text = node.read(path)
    return Store(
        backend=backend,
        path=path,
        interface=interface,
        text=text,
        mode=None if text is None else stat.S_IMODE(os.stat(node.path(path)).st_mode),
        lines=backend.parse(text or "", interface),
        foreign=backend.foreign(path, interface),
        missing=_missing_directories(node, path),
    )


def _missing_directories(node, path):
    missing, directory = [], os.path.dirname(path)
    while directory != "/" and not node.exists(directory):
        missing.append(directory)
        directory = os.path.dirname(directory)
    return tuple(missing)
