# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check ports_taken: a port that the cluster's components will open is in use by something else."""

from ansible_collections.ack_edge.node.plugins.module_utils._system.cluster import HUB_PROCESSES
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, verdict

ID = "ports_taken"
TITLE = "ports of the cluster free"

# Who may hold which port on a node that joined; names as in /proc/*/comm, at most 15 characters.
# 8472 is the kernel's: a VXLAN device has no process.
OWNERS = {
    179: ("bird", "bird6", "flanneld", "gobgpd"),
    8472: ("",),
    9100: ("node_exporter", "node-exporter"),
    10250: ("kubelet",),
    10255: ("kubelet",),
    10261: HUB_PROCESSES,
    10267: HUB_PROCESSES,
}
# edge-hub's health and proxy ports; they are open to the node itself only, so no list of inbound ports has them.
LOCAL = (10261, 10267)
_EXPORTERS = ("node_exporter", "node-exporter", "kube-rbac-proxy", "nvidia_gpu_expo", "dcgm-exporter")


def run(facts, inputs):
    """Fail for each of inputs['inbound_ports'] that somebody else listens on."""
    ports = inputs.get("inbound_ports") or []
    if not ports:
        return verdict(ID, SKIPPED, "no inbound_ports are given, so nothing can be compared")
    ports = sorted({*ports, *LOCAL})
    found = []
    for item in facts.listeners():
        if item.port in ports and item.process not in OWNERS.get(item.port, _EXPORTERS):
            text = f"{item.protocol.upper()} port {item.port} by {item.process or 'an unnamed process'}"
            if text not in found:
                found.append(text)
    if found:
        return verdict(
            ID,
            FAIL,
            f"ports of the cluster are in use: {', '.join(found)}",
            "stop these services or move them to other ports",
            "ss -ltunp",
            taken=found,
        )
    held = sorted({f"{item.port} {item.process}" for item in facts.listeners() if item.port in ports and item.process})
    own = f"; this member's own components use theirs ({', '.join(held)})" if held else ""
    return verdict(
        ID,
        PASS,
        f"no other service listens on {', '.join(map(str, ports))}{own if own and facts.is_member(inputs) else ''}",
        reproduce="ss -ltunp",
        taken=[],
    )
