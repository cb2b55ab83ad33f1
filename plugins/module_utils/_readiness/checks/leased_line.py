# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check leased_line: can the routes to the cloud be installed as they are asked for? Before anything is changed."""

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, verdict

ID = "leased_line"
TITLE = "leased-line gateway and interface"


def run(facts, inputs):
    """Judge inputs['leased_line_interface'] and inputs['leased_line_gateway'], as far as they are given."""
    interface, gateway = inputs.get("leased_line_interface"), inputs.get("leased_line_gateway")
    if inputs.get("access_mode") == "internet":
        return verdict(ID, SKIPPED, "access_mode is internet, so no leased line is used")
    if not interface and not gateway:
        return verdict(ID, SKIPPED, "leased_line_gateway is not set: the site's own routing carries the traffic")
    found = _judge_interface(facts, interface) if interface else None
    if not found and gateway:
        found = _judge_gateway(facts, ipaddress.ip_address(gateway), interface)
    reproduce = "ip -brief address; ip -brief link"
    if found:
        return verdict(ID, FAIL, found[0], found[1], reproduce, interface=interface, gateway=gateway)
    what = f"interface {interface}" if interface else f"the link to gateway {gateway}"
    network = f" and in the network of gateway {gateway}" if interface and gateway else ""
    return verdict(
        ID,
        PASS,
        f"{what} is present, up{network}",
        reproduce=reproduce,
        interface=interface,
        gateway=gateway,
    )


def _judge_interface(facts, name):
    """Return (summary, remedy) of what is wrong with the interface, or None."""
    if name not in facts.links():
        others = ", ".join(other for other in facts.links() if other != "lo") or "none"
        return (
            f"leased_line_interface is '{name}', but the node has no such interface; it has {others}",
            "set leased_line_interface to the interface towards the leased line",
        )
    down = facts.down(name)
    if down == "is down":
        return (
            f"leased_line_interface is '{name}', which {down}",
            f"bring it up in the configuration of its network manager (by hand: ip link set {name} up)",
        )
    if down:
        return (
            f"leased_line_interface is '{name}', which {down}",
            "check its cable and the switch port",
        )
    return None


def _judge_gateway(facts, gateway, interface):
    """Return (summary, remedy) of what is wrong with the gateway, or None."""
    for address in facts.addresses():
        if address.interface.ip == gateway:
            return (
                f"leased_line_gateway is {gateway}, which is an address of this node (on {address.dev})",
                "set leased_line_gateway to the address of the router on the other side",
            )
    holders = [address for address in facts.addresses() if _on_link(address, gateway)]
    for address in holders:
        if _no_host(address.interface.network, gateway):
            return (
                f"leased_line_gateway is {gateway}, which is the network or broadcast address of "
                f"{address.interface.network}",
                "set leased_line_gateway to the address of the router in that network",
            )
    names = sorted({address.dev for address in holders})
    if interface in names or (names and not interface):
        return None
    networks = _networks(facts, gateway.version, interface)
    if names:
        return (
            f"leased_line_gateway is {gateway}, which is on-link on {', '.join(names)} and not on "
            f"leased_line_interface '{interface}' ({networks})",
            f"set leased_line_interface to {names[0]}, or leased_line_gateway to a router in the network of "
            f"'{interface}'",
        )
    where = f"interface '{interface}'" if interface else "the node"
    return (
        f"leased_line_gateway is {gateway}, which is not on-link: {where} has {networks}",
        "set leased_line_gateway to a router in one of these networks, or give the interface an address in the "
        f"network of {gateway}",
    )


def _on_link(address, gateway):
    if address.peer and address.peer.ip == gateway:
        return True
    return gateway.version == address.interface.version and gateway in address.interface.network


def _no_host(network, gateway):
    return (
        network.version == 4
        and network.prefixlen < 31
        and gateway in (network.network_address, network.broadcast_address)
    )


def _networks(facts, version, interface):
    found = [
        f"{address.interface.network} on {address.dev}"
        for address in facts.addresses()
        if address.interface.version == version
        and not address.interface.ip.is_loopback
        and interface in (None, address.dev)
    ]
    return ", ".join(found) or f"no IPv{version} network"
