# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What time_sync remembers on the node about what it changed. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest, fits

NAME = "ack-edge"
_STATE = {"name": str, "enabled": bool, "active": bool}


def _unit(value):
    """See that this says how the unit of chrony stood, which it cannot where there was none.

    :raises ValueError: if it does not.
    """
    if value is not None and not fits(value, _STATE):
        raise ValueError


# What plan.present() wants to be remembered, and whether a run has come to its end.
_SHAPE = {"own?": str, "unit?": _unit, "conflicts?": [_STATE], "made_directory?": bool, "pending?": bool}


def of(node):
    """Return the Manifest of what time_sync owns on the node."""
    return Manifest(node, "time_sync", NAME, _SHAPE)
