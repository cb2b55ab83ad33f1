# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check host_state: the node is new, or a member of this cluster; not of another one, and not half removed from one."""

from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import earlier_join
from ansible_collections.ack_edge.node.plugins.module_utils._system.membership import (
    FOREIGN,
    HALF_REMOVED,
    JOINED,
    NEW,
    UNKNOWN,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, verdict

ID = "host_state"
TITLE = "new, or a member of this cluster"

BY_HAND = (
    "systemctl status kubelet; grep server: /etc/kubernetes/kubelet.conf; grep -r server-addr "
    "/etc/kubernetes/manifests /etc/systemd/system"
)
_WORDS = {
    NEW: "the host is new: {}",
    JOINED: "the host has joined this cluster: {}",
    FOREIGN: "the host is in another cluster: {}",
    HALF_REMOVED: "the host is half removed from a cluster: {}",
    UNKNOWN: "whether the host is a member of this cluster is unknown: {}",
}


def run(facts, inputs):
    """Compare what the node is with inputs['host_state']; data.state is what it is."""
    wanted = inputs.get("host_state") or "auto"
    found = facts.membership(inputs)
    status, remedy = _judged(found, wanted, facts)
    said = "" if status == PASS or wanted == "auto" else f"; host_state is {wanted}"
    return verdict(
        ID,
        status,
        _WORDS[found.state].format(found.reason) + said,
        remedy,
        BY_HAND,
        state=found.state,
        servers=list(found.servers),
    )


def _judged(found, wanted, facts):
    """Return (status, remedy)."""
    if found.state == UNKNOWN:
        return UNPROVEN, (
            "set api_server to the address that kubelet of a member uses, run with become: true, and run again"
        )
    if wanted in ("auto", found.state) and found.state in (NEW, JOINED):
        return PASS, ""
    if found.state == NEW:
        return FAIL, "join the host to the cluster, or set host_state to auto"
    if found.state == JOINED:
        return FAIL, f"set host_state to auto, or {_reset(facts)}"
    if found.state == FOREIGN:
        return FAIL, (
            f"if the cluster has several addresses, set api_server to the one that the host uses; else {_reset(facts)}"
        )
    return (
        FAIL,
        f"if the host is a member, start kubelet ('journalctl -u kubelet' shows why it ended); else {_reset(facts)}",
    )


def _reset(facts):
    return f"{earlier_join.remover(facts.leftovers())} and run again"
