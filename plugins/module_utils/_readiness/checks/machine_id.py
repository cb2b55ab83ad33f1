# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check machine_id: a node without one, or with that of the image it was cloned from, is taken for another one."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "machine_id"
TITLE = "machine id"

PATH = "/etc/machine-id"


def run(facts, inputs):
    """Warn where there is none; data.machine_id lets the fleet report find duplicates."""
    text = (facts.node.read(PATH) or "").strip()
    # Of zeros alone it is none, see machine-id(5).
    if not re.match(r"^(?!0{32})[0-9a-f]{32}\Z", text):
        return verdict(
            ID,
            WARN,
            f"{PATH} holds '{text}', expected 32 hexadecimal digits, not all of them 0",
            "run systemd-machine-id-setup, then reboot the node",
            f"cat {PATH}",
            machine_id=text,
        )
    return verdict(ID, PASS, "the node has a machine id", reproduce=f"cat {PATH}", machine_id=text)
