# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check pod_service_overlap: a route or nameserver of the node inside the Pod or Service CIDR.

edgeadm refuses such a node for good ('Node route overlaps with service cidr'): the CIDRs of a cluster cannot be
changed, so it is the node's network or a new cluster.
"""

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._system import cluster
from ansible_collections.ack_edge.node.plugins.module_utils._system.network_types import NO_NETWORK_KINDS
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, verdict

ID = "pod_service_overlap"
TITLE = "no overlap with the Pod and Service CIDR"

# Whether the node is a member -> what comes of an overlap.
_CONSEQUENCE = {
    False: "edgeadm will permanently refuse this node",
    True: "the node is a member, and its network diverts traffic of Pods and Services",
}


def run(facts, inputs):
    """Fail for each route and nameserver that touches inputs['pod_cidr'] or inputs['service_cidr']."""
    ranges = [(name, ipaddress.ip_network(text)) for name in ("pod_cidr", "service_cidr") for text in inputs[name]]
    if not ranges:
        return verdict(
            ID,
            UNPROVEN,
            "neither pod_cidr nor service_cidr is known, so overlaps cannot be checked",
            "set pod_cidr and service_cidr; the console shows them on the cluster's basic information page",
        )
    found = []
    for name, cidr in ranges:
        # To the Pods of other nodes, which flannel (host-gw) and BGP route past any interface of the cluster.
        pods = cidr if name == "pod_cidr" and facts.is_member(inputs) else None
        found += [f"route {route} overlaps {name} {cidr}" for route in _routes(facts, cidr, pods)]
        found += [f"nameserver {server} is in {name} {cidr}" for server in _servers(facts, cidr)]
    reproduce = "ip route show table all; ip -6 route show table all; cat /etc/resolv.conf"
    if found:
        return verdict(
            ID,
            FAIL,
            f"{_CONSEQUENCE[facts.is_member(inputs)]}: {'; '.join(found)}",
            "move the node's network out of the range, remove the route or nameserver if it is not needed, or create "
            "the cluster with other CIDRs; a cluster's CIDRs cannot be changed",
            reproduce,
            overlaps=found,
        )
    missing = [name for name in ("pod_cidr", "service_cidr") if not inputs[name]]
    if missing:
        known = " and ".join(str(cidr) for _name, cidr in ranges)
        return verdict(
            ID,
            UNPROVEN,
            f"nothing overlaps {known}, but {missing[0]} is unknown",
            f"set {missing[0]}",
            reproduce,
        )
    return verdict(
        ID,
        PASS,
        f"no route and no nameserver overlaps {' or '.join(f'{name} {cidr}' for name, cidr in ranges)}",
        reproduce=reproduce,
        overlaps=[],
    )


def _routes(facts, cidr, pods):
    """Return the offending routes as text; a local one only where the network around it does not show already.

    :arg pods: the Pod CIDR of the cluster that the node is a member of: routes by a next hop inside are the cluster's.
    """
    found, networks = [], []
    counting = [route for route in facts.routes() if _counts(route, cidr) and not _is_to_pods(route, pods)]
    for route in sorted(counting, key=lambda route: route.kind == "local"):
        if route.kind == "local" and any(route.destination.overlaps(network) for network in networks):
            continue
        to, dev = route.destination, route.interface
        text = f"{to} dev {dev}" if dev else f"{route.kind} {to}"
        networks.append(to)
        if text not in found:
            found.append(text)
    return found


def _counts(route, cidr):
    return (
        not route.is_default
        and route.family == cidr.version
        and route.kind not in NO_NETWORK_KINDS
        # The cluster's own on a node that joined already: they are meant to be inside.
        and not cluster.owns_interface(route.interface)
        and route.destination.overlaps(cidr)
    )


def _is_to_pods(route, pods):
    """Return whether a route leads to Pods of another node; on a network of its own a Pod CIDR still conflicts."""
    # Only routes that overlap come here, so that a longer prefix lies inside.
    return bool(pods is not None and route.destination.prefixlen > pods.prefixlen and route.gateway)


def _servers(facts, cidr):
    found = []
    for server in facts.nameservers():
        try:
            inside = ipaddress.ip_address(server) in cidr
        except ValueError:
            continue
        if inside:
            found.append(server)
    return found
