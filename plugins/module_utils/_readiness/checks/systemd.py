# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check systemd: it runs the services that a join installs, and very old ones fail with many mounts."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._system import services
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, WARN, verdict

ID = "systemd"
TITLE = "systemd"

# The version of EL 7, with which mounts have failed with 'Argument list too long' until its packages were updated.
OLD = 219


def run(facts, inputs):
    """Fail without systemd, and warn about an old one; data.version is its number, 0 if unknown."""
    if not services.is_init(facts.node):
        return verdict(
            ID,
            FAIL,
            "systemd is not the init of this node, but edgeadm installs systemd services",
            "install an operating system that vars/os_support.yml lists",
            "ps -p 1 -o comm=",
            version=0,
        )
    done = facts.node.run(["systemctl", "--version"])
    number = re.match(r"systemd (\d+)", done.out)
    if not number:
        return verdict(
            ID,
            UNPROVEN,
            "systemd does not report its version",
            "run 'systemctl --version' by hand",
            "systemctl --version",
            version=0,
        )
    version = int(number.group(1))
    if version <= OLD:
        return verdict(
            ID,
            WARN,
            f"systemd {version} is too old: mounts of many Pods can fail with 'Argument list too long'",
            "update the package systemd to the newest of the distribution, then run systemctl daemon-reexec",
            "systemctl --version",
            version=version,
        )
    return verdict(ID, PASS, f"systemd {version} runs the node", reproduce="systemctl --version", version=version)
