# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What on a node belongs to the software of a cluster, by its names: the one list of it. Private to the collection.

Names as the network plug-ins and kube-proxy give them by default.
"""

import re
from typing import NamedTuple


class Interface(NamedTuple):
    """Interfaces that one piece of software makes."""

    pattern: str  # regular expression of the whole name
    owner: str
    proves_join: bool  # whether nothing else makes one, so that it tells of a join; the kernel itself makes a tunl0
    per_pod: bool  # whether each Pod has one


INTERFACES = (
    Interface(r"cni\d+", "bridge of flannel and other CNI plug-ins", True, False),
    Interface(r"flannel(?:\d+|[.-].*)", "flannel", True, False),
    Interface(r"cali.*", "Calico, Terway", True, True),
    Interface(r"vxlan(?:-v6)?\.calico|(?:wireguard|wg-v6)\.cali", "Calico", True, False),
    Interface(r"tunl\d+", "Calico over IP in IP", False, False),
    Interface(r"cilium_.*", "Cilium", True, False),
    # Not lxcbr0, the bridge of LXC.
    Interface(r"lxc(?:_health|[0-9a-f]{5,12})", "Cilium", True, True),
    Interface(r"raven.*", "Raven", True, False),
    Interface(r"kube-ipvs\d+", "kube-proxy", True, False),
    Interface(r"nodelocaldns.*", "NodeLocal DNSCache", True, False),
    Interface(r"kube-(?:bridge|dummy-if)", "kube-router", True, False),
)
_ANY = re.compile("(?:" + "|".join(f"(?:{row.pattern})" for row in INTERFACES) + r")\Z")

HUB_PROCESSES = ("edge-hub", "edgehub", "yurthub")
# Processes of a node that joined; names as in /proc/*/comm, at most 15 characters.
PROCESSES = ("kubelet", *HUB_PROCESSES, "kube-proxy", "flanneld")

# How tables of nftables and chains of iptables begin that software makes and refreshes, not whoever decides about
# inbound traffic: that of a cluster first, then that of other containers, machines and watchers. What they drop is
# theirs to drop, and their tables come and go, so that a rule of ours would not stay.
SOFTWARE_TABLES = (
    *("kube", "flannel", "cni", "cali", "cilium"),
    *("docker", "podman", "netavark", "libvirt", "lxc", "lxd", "incus", "f2b", "crowdsec", "sshguard", "firewalld"),
)
SOFTWARE_CHAINS = ("KUBE-", "CNI-", "FLANNEL", "cali-", "CILIUM_", "DOCKER", "LIBVIRT_", "f2b-", "sshguard")


def owns_interface(name):
    """Return whether an interface is one of the cluster's own: what is routed there belongs to the cluster."""
    return bool(_ANY.match(name))


def traces_of_a_join(names):
    """Return those of the names of interfaces that tell of a join, in their order; one of those that each Pod has."""
    found, kinds = [], set()
    for name in names:
        row = next((row for row in INTERFACES if re.match(f"(?:{row.pattern})\\Z", name)), None)
        if row is not None and row.proves_join and not (row.per_pod and row in kinds):
            found.append(name)
            kinds.add(row)
    return found
