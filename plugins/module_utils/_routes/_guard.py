# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses must not move, and whether a change would move them. Pure but for reading resolv.conf. Private.

An address is looked up as the kernel does it, longest prefix first, then lowest metric, before and after the change.
Rules of policy routing are not followed: a table other than main is taken as if it were asked before main, which errs
to the safe side.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ipaddress
import re
from collections import namedtuple

from ansible_collections.ack_edge.node.plugins.module_utils._routes._kernel import Live
from ansible_collections.ack_edge.node.plugins.module_utils._routes._types import MAIN_TABLE

Guarded = namedtuple("Guarded", "address what")

CONTROLLER, PROTECTED, GATEWAY, NAMESERVER = (
    "the controller (this ssh session comes from it)", "an address of 'protect'", "the default gateway", "a nameserver")
# Interfaces of flannel, Calico, Cilium, Terway, Raven and kube-proxy: what is routed there belongs to the cluster.
_CLUSTER = re.compile(r"^(cni\d+|flannel[.-].*|cali.*|vxlan\.calico|tunl\d+|cilium_.*|lxc.*|raven.*|kube-ipvs\d+)\Z")
_SHOWN = 3
_RESOLV_CONF = "/etc/resolv.conf"
# Behind the stub listener of systemd-resolved stand the real servers.
_RESOLVED_CONF = "/run/systemd/resolve/resolv.conf"


def guarded(node, kernel, peers, protect, nameservers=True):
    """Return [Guarded]: ssh peers, protected addresses, default gateways and nameservers that are not the node itself.

    :arg peers: texts of addresses, as from ``_node.ssh_peers``.
    :arg protect: ip_address objects that the user named.
    """
    found = [(address, CONTROLLER) for address in map(_address, peers)]
    found += [(address, PROTECTED) for address in protect]
    found += [(live.route.gateway, GATEWAY) for live in kernel.routes
              if live.route.destination.prefixlen == 0 and live.route.table == MAIN_TABLE]
    if nameservers:
        found += [(address, NAMESERVER) for address in _nameservers(node)]
    result, seen = [], set()
    for address, what in found:
        if address is None or address in seen or address.is_loopback or address.is_link_local or kernel.own(address):
            continue
        seen.add(address)
        result.append(Guarded(address, what))
    return result


def _address(text):
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _nameservers(node):
    servers = _listed(node.read(_RESOLV_CONF))
    if any(server.is_loopback for server in servers):
        servers += _listed(node.read(_RESOLVED_CONF))
    return servers


def _listed(text):
    words = [line.split() for line in (text or "").splitlines()]
    found = [_address(line[1]) for line in words if len(line) > 1 and line[0] == "nameserver"]
    return [address for address in found if address is not None]


def after(routes, replace, delete, restore=()):
    """Return the routes ([Live]) as they stand when a change has been made."""
    gone, taken = set(delete), {route.slot for route in replace} | {live.route.slot for live in restore}
    kept = [live for live in routes if live.route not in gone and live.route.slot not in taken]
    return kept + list(restore) + [Live(route, True, "via %s dev %s" % (route.gateway, route.interface), "")
                                   for route in replace]


def cluster_overlaps(kernel, items):
    """Return texts about wanted routes that overlap what the network plug-in of a running cluster routes itself."""
    theirs = [live.route for live in kernel.routes
              if _CLUSTER.match(live.route.interface) and live.route.destination.prefixlen]
    problems = []
    for one in items:
        destination = one.route.destination
        for other in theirs:
            if other.family == one.route.family and destination.prefixlen and destination.overlaps(other.destination):
                problems.append("%s overlaps %s, which the network of the cluster routes itself on %s of this node; "
                                "take it out of the list" % (destination, other.destination, other.interface))
                break
    return problems


def in_use(kernel, items, owned):
    """Return {slot: text}: what else on the node lives inside the destination of a wanted route.

    The route does not hold for these addresses, or the other way round. Common in 100.64.0.0/10, where carriers and
    Tailscale number too (RFC 6598; Tailscale's documentation on the addresses of its nodes).
    """
    ours = {one.route for one in owned} | {one.route for one in items}
    gateways = {one.route.gateway for one in items}
    theirs = [(address, "%s has %s" % (link.name, address)) for link in kernel.links.values()
              for address in link.addresses]
    theirs += [(live.route.destination, "%s goes %s" % (live.route.destination, live.way)) for live in kernel.routes
               if live.route not in ours and live.route.gateway not in gateways
               and not any(address in live.route.destination for address in _addresses(kernel, live))]
    found = {}
    for one in items:
        inside = [text for what, text in theirs if _is_inside(what, one.route.destination)]
        if inside:
            more = ["and %d more" % (len(inside) - _SHOWN)] if len(inside) > _SHOWN else []
            found[one.route.slot] = ", ".join(inside[:_SHOWN] + more)
    return found


def _addresses(kernel, live):
    """Return the addresses of the interface of a route that has no gateway."""
    link = kernel.links.get(live.route.interface)
    return link.addresses if link and live.route.gateway is None else ()


def _is_inside(what, destination):
    """Return whether an address or a smaller network lies in a network that is neither one address nor everything."""
    if what.version != destination.version or destination.prefixlen in (0, destination.max_prefixlen):
        return False
    if isinstance(what, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return what in destination
    return what.prefixlen > destination.prefixlen and what.network_address in destination


def moved(addresses, before, later):
    """Return [(Guarded, way now, way then)] for those whose path a change would move or cut.

    An address that has no path now cannot be cut off, so that is no finding.
    """
    tables = {live.route.table for live in before + later if live.route.table != MAIN_TABLE}
    findings = []
    for one in addresses:
        for table in [MAIN_TABLE] + sorted(tables):
            now, then = _path(one.address, before, table), _path(one.address, later, table)
            if now is not None and (then is None or now.way != then.way):
                findings.append((one, now.way, then.way if then is not None else "nowhere"))
                break
    return findings


def _path(address, routes, table):
    """Return the Live that carries the address in a table, else in main, else None."""
    for number in (table, MAIN_TABLE):
        found = [live for live in routes if live.route.table == number and live.route.family == address.version
                 and address in live.route.destination]
        if found:
            return min(found, key=lambda live: (-live.route.destination.prefixlen, live.route.metric))
    return None
