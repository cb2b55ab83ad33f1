# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the preparation, and again after a restart with no run in between. The node's own tools are asked, not ours."""

import json
import re

import pytest

TOOLS = ("ifconfig", "ip", "chronyd", "chronyc", "crontab", "lspci", "socat", "ebtables", "iptables", "conntrack")
PORTS = (("tcp", 10250), ("tcp", 10255), ("tcp", 9100), ("tcp", 9445), ("udp", 8472))
# Where a node of the lab says nothing of its firewall, its image has one.
OF_THE_IMAGE = {"debian12": "nftables", "el": "firewalld"}


def firewall(node):
    return node.firewall or OF_THE_IMAGE.get(node.image)


@pytest.mark.parametrize("tool", TOOLS)
def test_tool_is_there(host, tool):
    with host.sudo():
        assert host.run("PATH=$PATH:/usr/sbin:/sbin command -v %s", tool).rc == 0


def test_routes_lead_to_the_leased_line(host, requirements):
    import topology

    live = {row["dst"]: row for row in json.loads(host.check_output("ip -j -4 route show"))}
    for row in requirements["routes"] + requirements["site_routes"]:
        route = live[row["destination"].removesuffix("/32")]
        assert (route["gateway"], route["dev"]) == (topology.LEASED_LINE_GATEWAY, "idc0")


def test_names_without_published_address_are_routed(host, requirements):
    import topology

    for name in requirements["resolve"]:
        address = host.check_output("getent ahostsv4 %s", name).split()[0]
        assert f"via {topology.LEASED_LINE_GATEWAY} dev idc0" in host.check_output("ip route get %s", address)


def test_default_route_and_resolver_stay(host):
    import topology

    assert f"via {topology.INTERNET_GATEWAY} dev wan0" in host.check_output("ip -4 route show default")


@pytest.mark.parametrize(("protocol", "port"), PORTS)
def test_port_is_open_to_the_vpc(host, node, protocol, port):
    with host.sudo():
        if firewall(node) == "nftables":
            chain = host.check_output("nft list chain inet filter input").splitlines()
            rules = [line for line in chain if f"{protocol} dport" in line and str(port) in line]
            assert any("192.168.0.0/16" in line and "accept" in line for line in rules)
        elif firewall(node) == "ufw":
            rule = f"-A ufw-user-input -s 192.168.0.0/16 -p {protocol} "
            rules = [line for line in host.check_output("iptables -S ufw-user-input").splitlines() if str(port) in line]
            assert any(line.startswith(rule) and line.endswith("-j ACCEPT") for line in rules)
            assert re.search(rf"\b{port}\b.* ALLOW +192\.168\.0\.0/16", host.check_output("ufw status"))
        elif firewall(node) == "firewalld":
            rule = f'rule family="ipv4" source address="192.168.0.0/16" port port="{port}" protocol="{protocol}" accept'
            assert host.run("firewall-cmd --query-rich-rule=%s", rule).rc == 0
            assert host.run("firewall-cmd --permanent --query-rich-rule=%s", rule).rc == 0
        else:
            # No firewall: nothing was made of one.
            assert host.run("nft list ruleset").stdout.strip() == ""


def test_firewall_is_as_closed_as_before(host, node):
    with host.sudo():
        if firewall(node) == "nftables":
            assert "policy drop" in host.check_output("nft list chain inet filter input")
        elif firewall(node) == "ufw":
            assert "-P INPUT DROP" in host.check_output("iptables -S INPUT")
        elif firewall(node) == "firewalld":
            assert host.check_output("firewall-cmd --get-default-zone") == "public"
            assert "10250" not in host.check_output("firewall-cmd --zone=public --list-ports")


def test_clock_follows_the_site(host):
    import topology

    with host.sudo():
        assert host.run("chronyc -n waitsync 60 1 0 1").rc == 0
        assert topology.NTP_SERVER in host.check_output("chronyc -N sources")


def test_clock_serves_nobody(host):
    with host.sudo():
        assert not [line for line in host.check_output("ss -Hlun").splitlines() if line.split()[3].endswith(":123")]


def test_check_mode_has_nothing_to_say(play):
    import topology

    done = play("prepare_edge", "--check")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("changed=0 ") == len(topology.NODES + topology.OLDER_NODES), done.stdout


def test_gate_is_open(play):
    import topology

    done = play("verify_edge")
    assert done.returncode == 0, done.stdout
    # A container has no modules of its kernel to look at.
    assert done.stdout.count("is ready but for 1 open point (cn-beijing)") == len(topology.NODES + topology.OLDER_NODES)
