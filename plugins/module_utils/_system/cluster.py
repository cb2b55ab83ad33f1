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
    r"(?:edge-?hub|yurthub|kubelet|kubelite|kube-(?:proxy|apiserver|scheduler|controller(?:-manager)?)|hyperkube|flanneld"
    r"|edgecore|kubeedge|edgemesh-agent|lite-apiserver|minikube|microshift|protokube|rancher-system-.*"
    r"|(?:openshift|origin)-node|snap\.k8s\..*"
    r"|(?:snap\.)?(?:k3s|k3d|k8e|rke2|k0s|k0sworker|k0scontroller|microk8s)(?:[-.@].*)?)"
    r"(?:[-_.](?:sh|start|wrapper))*(?::.*)?\Z"
)
# What starts another program that stands behind it.
_LAUNCHER = re.compile(
    r"(?:(?:ba|da|k|z)?sh|env|exec|nice|ionice|nohup|chrt|taskset|numactl|flock|sudo|su|unshare|nsenter|snap|rkt"
    r"|ctr|docker|podman|nerdctl|start-stop-daemon|systemd-(?:cat|run|inhibit))\Z"
)
_DIRECTORY = re.compile(
    r"(?:kube(?:rnetes|let|edge)|rancher|k3s|k8e|rke2?|k0s|microk8s|minikube|microshift|edge-?hub|yurthub|openyurt|superedge"
    r"|edged|origin|calico|cilium)\Z"
)

# Tables of nftables and chains of iptables that software makes and refreshes, not whoever decides about inbound
# traffic: that of a cluster first, then that of other containers, machines and watchers. Their tables come and go, so
# that a rule of ours would not stay. The names are whole, as that software gives them: a site calls its own table
# docker_host, too. A name says who refreshes a table, never that it drops nothing.
SOFTWARE_TABLES = (
    r"kube-proxy|kube-router|kube-firewall|kubelet|flannel-ipv[46]|calico|cilium|cni_hostport|cni_plugins_\w+",
    r"docker-bridges|netavark|podman|libvirt(?:_network)?|lxc|lxd|incus|f2b-.+|crowdsec6?(?:[-_].+)?|sshguard|firewalld",
)
_TABLE = re.compile(r"(?:" + "|".join(SOFTWARE_TABLES) + r")\Z")
_CLUSTER_TABLE = re.compile(rf"(?:{SOFTWARE_TABLES[0]})\Z")
# What Docker and podman make leads from FORWARD alone: a chain of theirs behind INPUT is one of the site.
_CLUSTER_CHAINS = ("KUBE-", "CNI-", "FLANNEL", "cali-", "CILIUM_")
SOFTWARE_CHAINS = (*_CLUSTER_CHAINS, "LIBVIRT_", "NETAVARK", "f2b-", "sshguard")
_OF_THE_SITE = ("CNI-ADMIN",)


def owns_table(name):
    """Return whether a table of nftables has the name of one that software makes."""
    return bool(_TABLE.match(name))


def owns_chain(name):
    """Return whether a chain of iptables behind INPUT has a name as software gives them."""
    return name.startswith(SOFTWARE_CHAINS) and name not in _OF_THE_SITE


def owns_redirect(chain, table=""):
    """Return whether a chain, or its table of nft, has the name of one that leads packets to a cluster's workloads."""
    return (chain.startswith(_CLUSTER_CHAINS) and chain not in _OF_THE_SITE) or bool(_CLUSTER_TABLE.match(table))


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
