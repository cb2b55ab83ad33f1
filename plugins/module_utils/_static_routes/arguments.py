# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments that static_routes takes: its argument specification. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry

ROUTE_SPEC = {
    "destination": {"type": "str", "required": True},
    "gateway": {"type": "str"},
    "interface": {"type": "str"},
    "metric": {"type": "int"},
    "table": {"type": "int"},
    "source": {"type": "str"},
    "onlink": {"type": "bool", "default": False},
    "mtu": {"type": "int"},
    "comment": {"type": "str", "aliases": ["purpose"]},
    "confidence": {"type": "str"},
    "published": {"type": "dict"},
}
ARGUMENT_SPEC = {
    "name": {"type": "str", "default": "ack-edge"},
    "routes": {"type": "list", "elements": "dict", "default": [], "options": ROUTE_SPEC},
    "gateway": {"type": "str"},
    "interface": {"type": "str"},
    "resolve": {"type": "list", "elements": "str", "default": []},
    "resolve_within": {"type": "str", "default": "100.64.0.0/10"},
    "prune": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "backend": {"type": "str", "choices": registry.choices(), "default": "auto"},
    "forbidden": {"type": "list", "elements": "str", "default": []},
    "protect": {"type": "list", "elements": "str", "default": []},
    "force": {"type": "bool", "default": False},
    "takeover": {"type": "bool", "default": False},
    "live": {"type": "bool", "default": True},
    "confirm_timeout": {"type": "int", "default": 30},
    "confirm": {"type": "str"},
}
