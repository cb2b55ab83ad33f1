# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments that inbound_ports takes: its argument specification. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends import registry

_PORT_SPEC = {
    "name": {"type": "str", "required": True},
    "protocol": {"type": "str", "choices": ["tcp", "udp"], "required": True},
    "ports": {"type": "list", "elements": "str", "required": True},
    "sources": {"type": "list", "elements": "str", "required": True},
    "comment": {"type": "str", "default": "", "aliases": ["purpose"]},
    "confidence": {"type": "str"},
}
ARGUMENT_SPEC = {
    "name": {"type": "str", "default": "ack-edge"},
    "ports": {"type": "list", "elements": "dict", "options": _PORT_SPEC},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "backend": {"type": "str", "choices": registry.choices(), "default": "auto"},
    "zone": {"type": "str", "default": ""},
    "interface": {"type": "str", "default": ""},
    "gateway": {"type": "str", "default": ""},
    "allow_any_source": {"type": "bool", "default": False},
}
REQUIRED_IF = [("state", "present", ["ports"])]
