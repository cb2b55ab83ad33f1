# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check earlier_join: the node is in a cluster, or something of an earlier join is left.

A running edge-hub makes the next join end with 'text file busy'; a cni0 of another cluster keeps its old subnet.
"""

from ansible_collections.ack_edge.node.plugins.module_utils._system import cluster
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, verdict

ID = "earlier_join"
TITLE = "no earlier join"

# A directory counts when something is in it: packages and people make empty ones.
DIRECTORIES = ("/etc/kubernetes", "/var/lib/edge-hub", "/var/lib/edgehub", "/var/lib/yurthub")
FILES = (
    "/usr/bin/edge-hub",
    "/etc/systemd/system/edge-hub.service",
    "/etc/systemd/system/kubelet.service",
    "/var/lib/kubelet/config.yaml",
    "/etc/cni/net.d/10-flannel.conflist",
)
# kubelet; edge-hub's health and proxy ports.
PORTS = (10250, 10261, 10267)


def run(facts, inputs):
    """Fail for anything of the above; a node that is meant to be joined is skipped by name."""
    found = sorted({f"process {name}" for name in facts.processes().values() if name in cluster.PROCESSES})
    found += [f"file {path}" for path in FILES if facts.node.exists(path)]
    found += [f"directory {path}" for path in DIRECTORIES if facts.node.listdir(path)]
    found += [f"interface {name}" for name in cluster.traces_of_a_join(facts.links())]
    found += sorted(
        {f"TCP port {item.port}" for item in facts.listeners() if item.protocol == "tcp" and item.port in PORTS}
    )
    if found:
        return verdict(
            ID,
            FAIL,
            f"the node has joined a cluster already, or something of an earlier join is left: {', '.join(found)}",
            f"run 'edgeadm reset' and look again; if the node is meant to stay in its cluster, put {ID} into "
            "skip_checks",
            "ps -e | grep -E 'kubelet|edge-?hub'; ip -brief link; ls /etc/kubernetes",
            leftovers=found,
        )
    return verdict(ID, PASS, "nothing of an earlier join is on the node", leftovers=[])
