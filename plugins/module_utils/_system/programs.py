# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which programs the node has, and which run. Private to the collection. Only reads."""

import os

from ansible_collections.ack_edge.node.plugins.module_utils._node import program_path

# Where a program may lie besides PATH, which over sudo and ssh often lacks the sbin directories.
DIRECTORIES = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


def which(node, program):
    """Return the path of a program that this user could start by its name, or None."""
    directories = program_path(os.environ.get("PATH", "")).split(":") if not node.root else []
    for directory in [*directories, *DIRECTORIES]:
        path = f"{directory}/{program}"
        real = node.path(path)
        if directory and os.path.isfile(real) and os.access(real, os.X_OK):
            return path
    return None


def processes(node):
    """Return the names of the running processes as a dict pid (int) -> name (at most 15 characters)."""
    found = {}
    for entry in node.listdir("/proc"):
        if entry.isdigit():
            name = node.read(f"/proc/{entry}/comm")
            if name:
                found[int(entry)] = name.strip()
    return found
