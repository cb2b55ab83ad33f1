# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments that readiness_info takes: its argument specification. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import tools

_TEXTS = {"type": "list", "elements": "str", "default": []}
ARGUMENT_SPEC = {
    "checks": _TEXTS,
    "skip": _TEXTS,
    "advisory": _TEXTS,
    "access_mode": {"type": "str", "choices": ["leased_line", "internet"]},
    "cluster_version": {"type": "str"},
    "proxy_mode": {"type": "str", "choices": ["iptables", "ipvs"]},
    "host_state": {"type": "str", "choices": ["auto", "new", "joined"], "default": "auto"},
    "api_server": {"type": "str"},
    "pod_cidr": _TEXTS,
    "service_cidr": _TEXTS,
    "node_cidrs": _TEXTS,
    "vpc_cidrs": _TEXTS,
    "leased_line_gateway": {"type": "str"},
    "leased_line_interface": {"type": "str"},
    "os_support": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "arch": {"type": "str", "required": True},
            "system": {"type": "str", "required": True},
            "version": {"type": "str", "required": True},
            "kernel": {"type": "str"},
            "cluster_min": {"type": "str"},
            "cluster_max": {"type": "str"},
        },
    },
    "system_tools": tools.ARGUMENT,
    "inbound_ports": {"type": "list", "elements": "int", "default": []},
    "min_free_mb": {"type": "int", "default": 10240},
    "max_clock_offset": {"type": "float", "default": 1.0},
}
