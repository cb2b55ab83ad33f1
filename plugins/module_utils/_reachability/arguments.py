# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments that reachability_info takes: its argument specification. Private to the collection."""

ARGUMENT_SPEC = {
    "endpoints": {"type": "list", "elements": "dict", "required": True},
    "timeout": {"type": "float", "default": 5.0},
    "deadline": {"type": "float", "default": 30.0},
    "threads": {"type": "int", "default": 64},
    "expect_private": {"type": "bool", "default": False},
    "node_cidrs": {"type": "list", "elements": "str", "default": []},
    "max_offset": {"type": "float", "default": 1.0},
    "proxy": {"type": "str", "choices": ["none", "environment", "explicit"], "default": "none"},
    "proxy_url": {"type": "str", "no_log": True},
    "ca_path": {"type": "path"},
    "verify": {"type": "bool", "default": True},
}
REQUIRED_IF = [("proxy", "explicit", ("proxy_url",))]
