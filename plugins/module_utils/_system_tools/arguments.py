# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments that system_tools takes: its argument specification. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import tools

ARGUMENT_SPEC = {
    "system_tools": tools.ARGUMENT,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "source": {"type": "str", "choices": ["repository", "directory", "url"], "default": "repository"},
    "directory": {"type": "path"},
    "url": {"type": "str"},
    "checksum": {"type": "str"},
    "archive": {"type": "path"},
}
REQUIRED_IF = [("source", "directory", ("directory",)), ("source", "url", ("url", "checksum"))]
