# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check rp_filter: the kernel silently drops packets from the VPC whose return path leaves by another interface.

With a strict reverse-path filter a packet is accepted only on the interface by which the node itself would send to its
source. What goes out over the leased line is not concerned, so that every probe of the node passes while kubelet and
the ports of the cluster never see a packet of the VPC.
"""

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._system import network, sysctl
from ansible_collections.ack_edge.node.plugins.module_utils._system.network_types import DEAD_KINDS
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, SKIPPED, UNPROVEN, WARN, verdict

ID = "rp_filter"
TITLE = "reverse path filter"

_CONF = "/proc/sys/net/ipv4/conf"
# 0 accepts from anywhere, 2 (loose) asks only that there is a route to the source at all.
_STRICT = 1
# The kernel does not filter what came in over IPv6.
_FAMILY = 4


def run(facts, inputs):
    """Warn where the filter of the leased line is strict and the return path to inputs['vpc_cidrs'] is another one.

    data.value is the filter as the kernel applies it, data.networks what leaves by another interface.
    """
    if inputs.get("access_mode") == "internet":
        return verdict(ID, SKIPPED, "access_mode is internet, so no traffic comes over a leased line")
    interface = inputs.get("leased_line_interface") or _toward(facts, inputs.get("leased_line_gateway"))
    value = _effective(facts.node, interface) if interface else None
    if value is None:
        return verdict(
            ID,
            SKIPPED,
            "leased_line_interface is unknown, or the node has no such interface, so no filter was checked",
        )
    reproduce = f"sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.{_key(interface)}.rp_filter"
    later = _at_boot(facts.node, interface)
    if _STRICT not in (value, later):
        kind = "off" if value == 0 else "loose"
        return verdict(
            ID,
            PASS,
            f"the reverse path filter of {interface} is {kind} ({value})",
            reproduce=reproduce,
            value=value,
            networks=[],
        )
    networks = [net for net in map(ipaddress.ip_network, inputs.get("vpc_cidrs") or []) if net.version == _FAMILY]
    if not networks:
        return _without_networks(facts, interface, value, reproduce)
    elsewhere = [(net, way) for net, way in ((net, _elsewhere(facts, interface, net)) for net in networks) if way]
    if elsewhere:
        return _dropped(interface, value, elsewhere, reproduce)
    return verdict(
        ID,
        PASS,
        f"the reverse path filter of {interface} is strict {_when(value)}, and the return path to "
        f"{', '.join(map(str, networks))} uses {interface}",
        reproduce=reproduce,
        value=value,
        networks=[],
    )


def _when(value):
    return "(1)" if value == _STRICT else f"after a reboot, by the sysctl files (it is {value} now)"


def _dropped(interface, value, elsewhere, reproduce):
    said = ", ".join(f"{net} {way}" for net, way in elsewhere)
    setting = f"net.ipv4.conf.{_key(interface)}.rp_filter"
    return verdict(
        ID,
        WARN,
        f"the reverse path filter of {interface} is strict {_when(value)}, but the return path is another one: "
        f"{said}; the kernel silently drops packets from there",
        f"route these networks over {interface} (prepare_edge.yml does it if leased_line_gateway is set), or make the "
        f"filter loose: sysctl -w {setting}=2, and the line '{setting} = 2' in a file of /etc/sysctl.d",
        f"{reproduce}; ip route get {_ends(elsewhere[0][0])[0]}",
        value=value,
        networks=[str(net) for net, _way in elsewhere],
    )


def _without_networks(facts, interface, value, reproduce):
    ways = {route.interface for route in facts.default_routes(_FAMILY)[:1]}
    if ways == {interface}:
        return verdict(
            ID,
            PASS,
            f"the reverse path filter of {interface} is strict {_when(value)}, and the default route uses it",
            reproduce=reproduce,
            value=value,
            networks=[],
        )
    return verdict(
        ID,
        UNPROVEN,
        f"the reverse path filter of {interface} is strict {_when(value)}, but the networks of the VPC are unknown",
        "set vpc_cidrs",
        reproduce,
        value=value,
        networks=[],
    )


def _toward(facts, gateway):
    """Return the interface that a gateway is on, '' where there is none or it is not on-link."""
    if not gateway:
        return ""
    wanted = ipaddress.ip_address(gateway)
    near = [one.dev for one in facts.addresses() if one.network.version == wanted.version and wanted in one.network]
    return near[0] if near else ""


def _effective(node, interface):
    """Return the filter as the kernel applies it, the larger one of two; None where there is no such interface."""
    texts = [node.read(f"{_CONF}/{name}/rp_filter") for name in ("all", interface)]
    values = [int(text) for text in texts if text is not None and text.strip().isdigit()]
    return max(values) if len(values) == len(texts) else None


def _at_boot(node, interface):
    """Return the filter that the files of sysctl set at boot, -1 where they say nothing of it."""
    settings = sysctl.at_boot(node)
    found = [sysctl.setting(settings, f"net/ipv4/conf/{name}/rp_filter") for name in ("all", interface, "default")]
    # An interface has its own value, or that of default as it was when the interface came up.
    found = [found[0], found[1] or found[2]]
    return max((int(one.value) for one in found if one and one.value.isdigit()), default=-1)


def _key(interface):
    """Return an interface as sysctl wants it: a dot in the name of a VLAN is a slash there."""
    return interface.replace(".", "/")


def _elsewhere(facts, interface, net):
    """Return how packets to a network leave where it is not by the interface, '' where it is."""
    sources = [one.interface.ip for one in facts.links()[interface].addresses] if interface in facts.links() else []
    source = next((str(ip) for ip in sources if ip.version == _FAMILY), "")
    for address in _ends(net):
        # The kernel looks up as it would to answer: from the address that the packet came to.
        path = network.path_to(facts.node.run, address, source=source)
        if path.route is None or path.route.kind in DEAD_KINDS:
            return "has no route"
        if path.route.kind == "unicast" and not _takes(facts, path.route.interface, interface, address):
            return f"uses {path.route.interface}"
    return ""


def _takes(facts, found, interface, address):
    """Return whether a packet may take an interface: of a route with several next hops, the kernel says one only."""
    if found == interface:
        return True
    routes = network.matching(facts.node.run, address)
    best = max(routes, key=lambda route: (route.destination.prefixlen, -(route.metric or 0)), default=None)
    hops = [hop.interface for hop in best.hops] if best else []
    return found in hops and interface in hops


def _ends(net):
    """Return the first and the last host of a network (texts)."""
    if net.num_addresses <= 2:
        return [str(net.network_address)]
    return [str(net.network_address + 1), str(net.broadcast_address - 1)]
