# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the role, after a restart with no run in between, and after the damage was mended.

Only ip and the files themselves are asked.
"""

import json

# How a node persists its routes: the file, and what stands in it for one of them.
PERSISTED = {
    "ifupdown": ("/etc/network/if-up.d/ack-edge", "route replace {} via 10.99.0.253 "),
    "networkd": ("/etc/systemd/network/20-idc0.network.d/ack-edge.conf", "Destination={}\nGateway=10.99.0.253\n"),
    "networkmanager": ("/etc/NetworkManager/system-connections/idc0.nmconnection", "={},10.99.0.253,"),
    "netplan": ("/etc/netplan/90-ack-edge.yaml", '- to: "{}"\n        via: "10.99.0.253"\n'),
    "netplan_networkmanager": ("/etc/netplan/90-ack-edge.yaml", '- to: "{}"\n        via: "10.99.0.253"\n'),
    "network_scripts": ("/etc/sysconfig/network-scripts/route-idc0", "{} via 10.99.0.253 "),
    "ifcfg": ("/etc/sysconfig/network-scripts/route-idc0", "{} via 10.99.0.253 "),
    "ifcfg_entries": ("/etc/sysconfig/network-scripts/route-idc0", "={address}\n"),
    "unit": ("/etc/systemd/system/ack-edge-routes.service", "route replace {} via 10.99.0.253 "),
}


def test_routes_are_live(host, destinations):
    live = {row["dst"]: row for row in json.loads(host.check_output("ip -j -4 route show"))}
    found = [live[name.removesuffix("/32")] for name in destinations]
    assert [(row["gateway"], row["dev"]) for row in found] == [("10.99.0.253", "idc0")] * 10


def test_each_route_is_there_once(host, destinations):
    shown = [row["dst"] for row in json.loads(host.check_output("ip -j -4 route show table all"))]
    assert [shown.count(name.removesuffix("/32")) for name in destinations] == [1] * 10


def test_routes_are_persisted(host, node, destinations):
    path, line = PERSISTED[node.network]
    text = host.file(path).content_string
    said = [line.format(name, address=name.partition("/")[0]) for name in destinations]
    assert [text.count(one) for one in said] == [1] * 10


def test_default_route_stays(host):
    assert "via 10.98.0.254 dev wan0" in host.check_output("ip -4 route show default")
