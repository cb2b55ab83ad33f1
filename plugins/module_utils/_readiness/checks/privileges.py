# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check privileges: can we see and change what the other checks and roles need?"""

from ansible_collections.ack_edge.node.plugins.module_utils._system import programs
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, verdict

ID = "privileges"
TITLE = "root and the ip command"


def run(facts, inputs):
    """Fail without root or without iproute2."""
    user = facts.node.check(["id", "-u"]).strip()
    if user != "0":
        return verdict(
            ID,
            FAIL,
            f"the module runs as user id {user}, expected root (0)",
            "run with become: true and a user that can become root",
            "id -u",
            user=user,
        )
    if not programs.which(facts.node, "ip"):
        return verdict(
            ID,
            FAIL,
            "the command ip is not in PATH or the sbin directories",
            "install the package iproute2 (Debian family) or iproute (Red Hat family)",
            "command -v ip",
        )
    return verdict(ID, PASS, "runs as root, and the command ip exists", reproduce="id -u")
