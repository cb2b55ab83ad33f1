# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check own_address: which address edgeadm would give the node, and whether that is a right one.

With nodeIface empty edgeadm takes an /etc/hosts record equal to the host name, else the address on the interface of
the default route (the vendor's parameter table).
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, verdict

ID = "own_address"
TITLE = "address of the node"


def run(facts, inputs):
    """Judge every record of the host name in /etc/hosts, or the address of the default route where there is none."""
    name = facts.host_name()
    networks = [ipaddress.ip_network(item) for item in inputs.get("node_cidrs") or []]
    records = [address for address, names in facts.hosts_records() if name in names]
    for address in records:
        wrong = _wrong_record(facts, address, networks)
        if wrong:
            return verdict(ID, FAIL, "/etc/hosts maps the host name '%s' to %s, which %s; edgeadm takes it as "
                           "the address of the node" % (name, address, wrong),
                           "let the record of '%s' in /etc/hosts name an address of this node%s, or remove the name "
                           "from that line" % (name, _within(networks)),
                           "getent ahosts %s; ip -brief address" % name, addresses=records, source="hosts")
    if records:
        return verdict(ID, PASS, "edgeadm would take %s from /etc/hosts" % records[0],
                       reproduce="getent hosts %s" % name, addresses=records, source="hosts")
    return _from_default_route(facts, networks)


def _wrong_record(facts, text, networks):
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return "is no address"
    if address.is_loopback:
        return "is a loopback address"
    if address not in [item.interface.ip for item in facts.addresses()]:
        return "is not an address of this node"
    return _outside(address, networks)


def _outside(address, networks):
    same = [network for network in networks if network.version == address.version]
    if same and not any(address in network for network in same):
        return "is outside node_cidrs (%s)" % ", ".join(str(network) for network in same)
    return ""


def _within(networks):
    return " within %s" % ", ".join(str(network) for network in networks) if networks else ""


def _from_default_route(facts, networks):
    for version in (4, 6):
        for route in facts.default_routes(version):
            address = route.source or _global_address(facts, route.dev, version)
            if address:
                return _judge_default(facts, ipaddress.ip_address(str(address)), route, networks)
    return verdict(ID, UNPROVEN, "neither /etc/hosts nor a default route gives an address for '%s'" % facts.host_name(),
                   "add the line 'ADDRESS %s' to /etc/hosts, or give the node a default route" % facts.host_name(),
                   "grep -w %s /etc/hosts; ip route show default" % facts.host_name(), addresses=[], source="none")


def _global_address(facts, dev, version):
    for address in facts.addresses():
        if address.dev == dev and address.interface.version == version and address.scope == "global":
            return address.interface.ip
    return None


def _judge_default(facts, address, route, networks):
    reproduce = "ip route show default; ip -brief address show dev %s" % route.dev
    wrong = _outside(address, networks)
    if wrong:
        return verdict(ID, FAIL, "edgeadm would take %s, the address on %s where the default route leaves, which %s"
                       % (address, route.dev, wrong),
                       "add the line 'ADDRESS %s' with an address of this node%s to /etc/hosts, or give nodeIface "
                       "when joining" % (facts.host_name(), _within(networks)), reproduce, addresses=[str(address)],
                       source="default_route")
    return verdict(ID, PASS, "edgeadm would take %s, the address on %s where the default route leaves"
                   % (address, route.dev), reproduce=reproduce,
                   addresses=[str(address)], source="default_route")
