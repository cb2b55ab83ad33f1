# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backend persists the routes of an interface, and what its file holds now. Private to the collection.

A new manager is a new file with a class on Backend, and a word in :data:`BACKENDS`: detection and the choices of the
module follow from it.
"""

import os
import stat

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Managers
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.ifupdown import Ifupdown
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.netplan import Netplan
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.network_scripts import (
    NetworkScripts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.networkd import Networkd
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.networkmanager import NetworkManager
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.systemd_unit import SystemdUnit
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Store

BACKENDS = (NetworkManager, Netplan, Networkd, Ifupdown, NetworkScripts, SystemdUnit)
AUTO = "auto"


def choices():
    """Return what the module's option 'backend' can be."""
    return [AUTO, *(kind.name for kind in BACKENDS)]


def file_name(set_name):
    """Return the name of the files of an owned set: 'ack-edge' for the default, 'ack-edge-<set>' for any other."""
    return set_name if set_name == "ack-edge" else f"ack-edge-{set_name}"


def backends(node, set_name):
    """Return {name: backend} for an owned set."""
    managers = Managers(node)
    return {kind.name: kind(node, file_name(set_name), managers) for kind in BACKENDS}


def choose(available, link, option):
    """Return (backend, path) for an interface.

    :arg option: one of :func:`choices`.
    :raises NodeError: if two managers hold it, or the manager has no file for it.
    """
    if option != AUTO:
        return available[option], available[option].locate(link)
    managers = [one for one in available.values() if not one.last_resort]
    held = _held((one, one.claim(link)) for one in managers) or _held((one, one.weak_claim(link)) for one in managers)
    if len(held) > 1:
        names = " and ".join(f"{one.title} ({why})" for one, why in held)
        raise NodeError(
            f"interface {link.name} is managed by {names} at the same time; remove it from all but one, or set "
            "backend to the one that brings it up at boot"
        )
    if held:
        return held[0][0], held[0][0].locate(link)
    return _for_nobody(available, managers, link)


def _held(claims):
    return [(one, why) for one, why in claims if why]


def _for_nobody(available, managers, link):
    """Return (backend, path) for an interface that no manager holds."""
    for one in available.values():
        if one.last_resort and one.runs():
            return one, one.locate(link)
    looked_for = "; ".join(f"{one.title}: {one.looked_for}" for one in managers)
    raise NodeError(
        f"interface {link.name} is managed by none of the known managers (looked for: {looked_for}), and systemd does "
        "not run here; set backend to what brings it up at boot"
    )


def read(node, backend, path, interface):
    """Return the Store of one file."""
    text = node.read(path)
    mode = None if text is None else stat.S_IMODE(os.stat(node.path(path)).st_mode)
    linked = all(node.link_target(link) == target for link, target in backend.links(path).items())
    return Store(
        backend=backend,
        path=path,
        interface=interface,
        text=text,
        metadata_ok=mode == backend.mode and linked,
        lines=backend.parse(text or "", interface),
        foreign=backend.foreign(path, interface),
        missing=_missing_directories(node, [path, *sorted(backend.links(path))]),
    )


def _missing_directories(node, paths):
    missing = []
    for path in paths:
        directory = os.path.dirname(path)
        while directory not in missing and directory != "/" and not node.exists(directory):
            missing.append(directory)
            directory = os.path.dirname(directory)
    return tuple(missing)
