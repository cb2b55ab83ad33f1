# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check earlier_join: the node is in a cluster, or something of an earlier join is left, of whichever distribution.

A running edge-hub makes the next join end with 'text file busy'; a cni0 of another cluster keeps its old subnet; the
kubelet of another distribution takes port 10250, now or when it starts again.
"""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, verdict

ID = "earlier_join"
TITLE = "no earlier join"

# What takes each away, by a word in what was found.
_REMOVERS = (
    (r"k3s", "k3s-uninstall.sh or k3s-agent-uninstall.sh"),
    (r"rke2", "rke2-uninstall.sh"),
    (r"k0s", "k0s stop; k0s reset"),
    (r"microk8s|kubelite", "snap remove --purge microk8s"),
    (r"snap.k8s", "snap remove --purge k8s"),
    (r"microshift", "microshift-cleanup-data"),
    (r"edgecore|kubeedge", "keadm reset"),
    (r"rancher", "k3s-uninstall.sh, rke2-uninstall.sh or the cleanup script of Rancher"),
    (r"kubelet", "for a cluster made by kubeadm, kubeadm reset"),
)

BY_HAND = (
    "ps -e | grep -E 'kubelet|edge-?hub|edgecore|k3s|rke2|k0s'; ip -brief link; ls /etc/kubernetes; "
    "systemctl list-unit-files | grep -E 'kubelet|edge|k3s|rke2|k0s'"
)


def run(facts, inputs):
    """Fail for anything of a cluster, unless the node is a member of the cluster that it is meant for."""
    found = facts.leftovers()
    if not found:
        return verdict(ID, PASS, "no remains of an earlier join are on the node", leftovers=[])
    if facts.is_member(inputs):
        return verdict(ID, PASS, "the node is a member of this cluster and uses what is installed",
                       reproduce=BY_HAND, leftovers=found)  # fmt: skip
    return verdict(
        ID,
        FAIL,
        f"the node has already joined a cluster, or remains of an earlier join exist: {', '.join(found)}",
        f"{remover(found)} and run again; if the node is to stay in its cluster, add {ID} to skip_checks",
        BY_HAND,
        leftovers=found,
    )


def remover(found):
    """Say what takes away what was found; edgeadm knows only what is of its own clusters."""
    named = [command for pattern, command in _REMOVERS if any(re.search(pattern, item) for item in found)]
    return f"run the removal command ({'; '.join(named)}; else 'edgeadm reset')" if named else "run 'edgeadm reset'"
