# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check own_address: which address edgeadm would give the node, and whether that is a right one.

With nodeIface empty edgeadm takes an /etc/hosts record equal to the host name, else the address on the interface of
the default route (the vendor's parameter table).
"""

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, verdict

ID = "own_address"
TITLE = "address of the node"


def run(facts, inputs):
    """Judge every record of the host name in /etc/hosts, or the address of the default route where there is none."""
    name = facts.host_name()
    networks = [ipaddress.ip_network(item) for item in inputs.get("node_cidrs") or []]
    # Whoever reads the file takes capitals for small letters.
    records = [address for address, names in facts.hosts_records() if name.lower() in map(str.lower, names)]
    for address in records:
        wrong = _wrong_record(facts, address, networks)
        if wrong:
            return verdict(
                ID,
                FAIL,
                f"/etc/hosts maps the host name '{name}' to {address}, which {wrong}; edgeadm uses it as the address "
                "of the node",
                f"set the record of '{name}' in /etc/hosts to an address of this node{_within(networks)}, or remove "
                "the name from that line",
                f"getent ahosts {name}; ip -brief address",
                addresses=records,
                source="hosts",
            )
    if records:
        return verdict(
            ID,
            PASS,
            f"edgeadm would use {records[0]} from /etc/hosts",
            reproduce=f"getent hosts {name}",
            addresses=records,
            source="hosts",
        )
    return _from_default_route(facts, networks)


def _wrong_record(facts, text, networks):
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return "is not a valid address"
    if address.is_loopback:
        return "is a loopback address"
    if address not in [item.interface.ip for item in facts.addresses()]:
        return "is not an address of this node"
    return _outside(address, networks)


def _outside(address, networks):
    same = [network for network in networks if network.version == address.version]
    if same and not any(address in network for network in same):
        return f"is outside node_cidrs ({', '.join(str(network) for network in same)})"
    return ""


def _within(networks):
    return f" within {', '.join(str(network) for network in networks)}" if networks else ""


def _from_default_route(facts, networks):
    for version in (4, 6):
        for route in facts.default_routes(version):
            address = route.source or _global_address(facts, route.interface, version)
            if address:
                return _judge_default(facts, address, route, networks)
    return verdict(
        ID,
        UNPROVEN,
        f"neither /etc/hosts nor a default route gives an address for '{facts.host_name()}'",
        f"add the line 'ADDRESS {facts.host_name()}' to /etc/hosts, or give the node a default route",
        f"grep -w {facts.host_name()} /etc/hosts; ip route show default",
        addresses=[],
        source="none",
    )


def _global_address(facts, dev, version):
    for address in facts.addresses():
        if address.dev == dev and address.interface.version == version and address.scope == "global":
            return address.interface.ip
    return None


def _judge_default(facts, address, route, networks):
    reproduce = f"ip route show default; ip -brief address show dev {route.interface}"
    wrong = _outside(address, networks)
    if wrong:
        return verdict(
            ID,
            FAIL,
            f"edgeadm would use {address}, the address on {route.interface} of the default route, which {wrong}",
            f"add the line 'ADDRESS {facts.host_name()}' with an address of this node{_within(networks)} to "
            "/etc/hosts, or set nodeIface when joining",
            reproduce,
            addresses=[str(address)],
            source="default_route",
        )
    return verdict(
        ID,
        PASS,
        f"edgeadm would use {address}, the address on {route.interface} of the default route",
        reproduce=reproduce,
        addresses=[str(address)],
        source="default_route",
    )
