# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest of a set of inbound ports: what it holds, and what it must look like to be understood. Private."""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import port_words

KIND = "inbound_ports"
_PORT = {"name": str, "protocol": str, "ports": [str], "sources": [str], "comment?": (str, type(None))}


def shape(backends):
    """Return the shape of the manifest, see _manifest.fits().

    :arg backends: classes of backends; each says what its own part looks like.
    """
    return {"ports?": [_PORT], "backends?": {f"{kind.name}?": kind.manifest_shape for kind in backends}}


def dump_item(item):
    """Return an item in the form that inputs.parse_items() takes."""
    return {
        "name": item.name,
        "protocol": item.protocol,
        "ports": port_words(item.ports),
        "sources": [str(source) for source in item.sources],
        "comment": item.comment,
    }
