# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments that time_sync takes: its argument specification. Private to the collection."""

ARGUMENT_SPEC = {
    "servers": {"type": "list", "elements": "str", "default": []},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "verify_only": {"type": "bool", "default": False},
    "max_offset": {"type": "float", "default": 1.0},
    "wait": {"type": "int", "default": 60},
}
