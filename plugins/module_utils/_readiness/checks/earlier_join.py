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
    (r"rancher", "the clean-up script of Rancher"),
    (r"kubelet", "of a cluster that kubeadm made, kubeadm reset"),
)

BY_HAND = (
    "ps -e | grep -E 'kubelet|edge-?hub|edgecore|k3s|rke2|k0s'; ip -brief link; ls /etc/kubernetes; "
    "systemctl list-unit-files | grep -E 'kubelet|edge|k3s|rke2|k0s'"
)


def run(facts, inputs):
    """Fail for anything of a cluster, unless the node is a member of the cluster that it is meant for."""
    found = facts.leftovers()
    if not found:
        return verdict(ID, PASS, "nothing of an earlier join is on the node", leftovers=[])
    if facts.is_member(inputs):
        return verdict(ID, PASS, "the node is a member of this cluster, so what it has of a cluster is in use",
                       reproduce=BY_HAND, leftovers=found)  # fmt: skip
    return verdict(
        ID,
        FAIL,
        f"the node has joined a cluster already, or something of an earlier join is left: {', '.join(found)}",
        f"{remover(found)} and look again; if the node is meant to stay in its cluster, put {ID} into skip_checks",
        BY_HAND,
        leftovers=found,
    )


def remover(found):
    """Say what takes away what was found; edgeadm knows only what is of its own clusters."""
    named = [command for pattern, command in _REMOVERS if any(re.search(pattern, item) for item in found)]
    return f"run what removes it ({'; '.join(named)}; else 'edgeadm reset')" if named else "run 'edgeadm reset'"
