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
# What makes a machine the node of a cluster: ours, plain Kubernetes and the distributions, by how they name programs,
# processes (of which the kernel has 15 characters) and units. Not what only has such a name in its own, as an exporter.
_AGENT = re.compile(
    r"(?:(?:start|run)[-_])?"
    r"(?:edge-?hub|yurthub|kubelet|kubelite|kube-proxy|kube-apiserver|hyperkube|flanneld|edgecore|minikube"
    r"|(?:snap\.)?(?:k3s|k3d|rke2|k0s|k0sworker|k0scontroller|microk8s)(?:[-.@].*)?)"
    r"(?:[-_.](?:sh|start|wrapper))*(?::.*)?\Z"
)
# What starts another program that stands behind it.
_LAUNCHER = re.compile(
    r"(?:(?:ba|da|k|z)?sh|env|exec|nice|ionice|nohup|chrt|taskset|numactl|flock|sudo|su|unshare|nsenter|snap|rkt"
    r"|ctr|docker|podman|nerdctl|start-stop-daemon|systemd-(?:cat|run|inhibit))\Z"
)
_DIRECTORY = re.compile(r"(?:kube(?:rnetes|let|edge)|rancher|k3s|rke2?|k0s|microk8s|minikube|edge-?hub|yurthub)\Z")

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


def is_agent(name):
    """Return whether a program, a process or a unit (without its suffix) makes a machine a node, by its name."""
    return bool(_AGENT.match(name))


def starts_agent(command):
    """Return whether a command (text, as of ExecStart) starts such a program, itself or through a launcher."""
    words = [word.rpartition("/")[2] for word in re.split(r"[\s\"'();|&\\]+", command) if word]
    if not words:
        return False
    first = words[0].lstrip("-@:+!")
    return is_agent(first) or (bool(_LAUNCHER.match(first)) and any(is_agent(word) for word in words[1:]))


def owns_directory(name):
    """Return whether a directory of /etc or /var/lib is one of a cluster's, by its name."""
    return bool(_DIRECTORY.match(name))


def traces_of_a_join(names):
    """Return those of the names of interfaces that tell of a join, in their order; one of those that each Pod has."""
    found, kinds = [], set()
    for name in names:
        row = next((row for row in INTERFACES if re.match(f"(?:{row.pattern})\\Z", name)), None)
        if row is not None and row.proves_join and not (row.per_pod and row in kinds):
            found.append(name)
            kinds.add(row)
    return found
