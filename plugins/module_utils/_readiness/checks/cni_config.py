# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check cni_config: a CNI configuration that sorts before 10-flannel.conflist takes its place."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "cni_config"
TITLE = "no other CNI configuration"

DIRECTORY = "/etc/cni/net.d"
CLUSTER_FILE = "10-flannel.conflist"


def run(facts, inputs):
    """Warn about files that the container runtime would read before the cluster's own."""
    files = [name for name in facts.node.listdir(DIRECTORY) if name.endswith((".conf", ".conflist", ".json"))]
    before = [name for name in files if name < CLUSTER_FILE]
    if before and CLUSTER_FILE not in files and facts.is_member(inputs):
        return verdict(ID, PASS, f"the node is a member, and its network plug-in has written {before[0]}",
                       reproduce=f"ls {DIRECTORY}", files=files)  # fmt: skip
    if before:
        return verdict(
            ID,
            WARN,
            f"{DIRECTORY} has {', '.join(before)}, which the container runtime uses instead of {CLUSTER_FILE}",
            "move these files away before joining",
            f"ls {DIRECTORY}",
            files=files,
        )
    return verdict(
        ID, PASS, f"no CNI configuration comes before {CLUSTER_FILE}", reproduce=f"ls {DIRECTORY}", files=files
    )
