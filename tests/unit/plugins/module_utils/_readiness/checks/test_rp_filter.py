# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import rp_filter

VPC = {"access_mode": "leased_line", "leased_line_interface": "idc0", "vpc_cidrs": ["192.168.0.0/16"]}
FIRST, LAST = "192.168.0.1", "192.168.255.254"


@pytest.fixture
def strict(world):
    """A node on which the filter is strict, and the VPC is behind the default gateway."""
    conf(world, 1, 0)
    for address in (FIRST, LAST):
        way(world, address, "via 10.99.0.1 dev eth0")
    return world


def conf(world, everywhere, interface, name="idc0"):
    world.file("/proc/sys/net/ipv4/conf/all/rp_filter", f"{everywhere}\n")
    world.file(f"/proc/sys/net/ipv4/conf/{name}/rp_filter", f"{interface}\n")


def way(world, address, words, source="10.98.0.11"):
    world.commands[f"ip route get {address} from {source}"] = (0, f"{address} from {source} {words} \n    cache \n")


def test_a_strict_filter_drops_what_the_default_route_answers(strict):
    found = rp_filter.run(strict.facts, VPC)
    assert (found["status"], found["data"]["value"]) == ("warn", 1)
    assert found["data"]["networks"] == ["192.168.0.0/16"]
    assert "idc0 is strict (1)" in found["summary"]
    assert "192.168.0.0/16 uses eth0" in found["summary"]
    assert "sysctl -w net.ipv4.conf.idc0.rp_filter=2" in found["remedy"]
    assert "prepare_edge.yml" in found["remedy"]


@pytest.mark.parametrize(
    ("everywhere", "interface", "status"),
    [(0, 0, "pass"), (1, 0, "warn"), (0, 1, "warn"), (1, 1, "warn"), (1, 2, "pass"), (2, 1, "pass"), (2, 0, "pass")],
)
def test_the_larger_one_of_two_values_counts(strict, everywhere, interface, status):
    conf(strict, everywhere, interface)
    assert rp_filter.run(strict.facts, VPC)["status"] == status


def test_a_route_over_the_line_is_the_remedy(strict):
    for address in (FIRST, LAST):
        way(strict, address, "via 10.98.0.253 dev idc0")
    assert rp_filter.run(strict.facts, VPC)["status"] == "pass"
    # A part of the network that leaves elsewhere is enough for a part of the silence.
    way(strict, LAST, "via 10.99.0.1 dev eth0")
    assert rp_filter.run(strict.facts, VPC)["status"] == "warn"


def test_each_network_is_looked_at_and_those_of_ipv6_are_not(strict):
    for address in (FIRST, LAST, "10.8.0.1", "10.8.0.2"):
        way(strict, address, "via 10.98.0.253 dev idc0")
    way(strict, "10.8.0.2", "via 10.99.0.1 dev eth0")
    found = rp_filter.run(strict.facts, {**VPC, "vpc_cidrs": ["192.168.0.0/16", "10.8.0.0/30", "fd00::/64"]})
    assert found["data"]["networks"] == ["10.8.0.0/30"]


@pytest.mark.parametrize("answer", [(2, ""), (0, f"unreachable {FIRST} from 10.98.0.11 dev lo \n    cache \n")])
def test_no_return_path_at_all_is_dropped_too(strict, answer):
    strict.commands[f"ip route get {FIRST} from 10.98.0.11"] = answer
    assert "192.168.0.0/16 has no route" in rp_filter.run(strict.facts, VPC)["summary"]


def test_an_address_of_the_node_itself_does_not_leave(strict):
    for address in (FIRST, LAST):
        strict.commands[f"ip route get {address} from 10.98.0.11"] = (
            0,
            f"local {address} from 10.98.0.11 dev lo \n    cache <local> \n",
        )
    assert rp_filter.run(strict.facts, VPC)["status"] == "pass"


def test_a_route_with_several_next_hops_is_accepted_on_each(strict):
    hops = "\tnexthop via 10.99.0.1 dev eth0 weight 1 \n\tnexthop via 10.98.0.253 dev idc0 weight 1 \n"
    for address in (FIRST, LAST):
        strict.commands[f"ip -4 route show to match {address}"] = (
            0,
            f"default via 10.99.0.1 dev eth0 \n192.168.0.0/16 \n{hops}",
        )
    assert rp_filter.run(strict.facts, VPC)["status"] == "pass"


def test_the_gateway_names_the_interface_where_nobody_else_does(strict):
    given = {**VPC, "leased_line_interface": None, "leased_line_gateway": "10.98.0.253"}
    assert rp_filter.run(strict.facts, given)["status"] == "warn"
    assert rp_filter.run(strict.facts, {**given, "leased_line_gateway": "10.1.1.1"})["status"] == "skipped"
    assert rp_filter.run(strict.facts, {**VPC, "leased_line_interface": "eth9"})["status"] == "skipped"
    assert rp_filter.run(strict.facts, {**VPC, "access_mode": "internet"})["status"] == "skipped"


def test_without_the_networks_of_the_vpc_nothing_is_proven(strict):
    given = {**VPC, "vpc_cidrs": []}
    assert rp_filter.run(strict.facts, given)["status"] == "unproven"
    assert rp_filter.run(strict.facts, {**given, "leased_line_interface": "eth0"})["status"] == "skipped"
    conf(strict, 1, 1, "eth0")
    assert rp_filter.run(strict.facts, {**given, "leased_line_interface": "eth0"})["status"] == "pass"


def test_a_vlan_is_written_as_sysctl_reads_it(world):
    conf(world, 1, 1, "bond0.100")
    for address in (FIRST, LAST):
        world.commands[f"ip route get {address}"] = (
            0,
            f"{address} via 10.99.0.1 dev eth0 src 10.99.0.11 \n    cache \n",
        )
    found = rp_filter.run(world.facts, {**VPC, "leased_line_interface": "bond0.100"})
    assert "sysctl -w net.ipv4.conf.bond0/100.rp_filter=2" in found["remedy"]


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"/usr/lib/sysctl.d/50-default.conf": "net.ipv4.conf.all.rp_filter = 1\n"}, "warn"),
        ({"/etc/sysctl.d/9.conf": "net/ipv4/conf/idc0/rp_filter=1\n"}, "warn"),
        ({"/etc/sysctl.conf": "net.ipv4.conf.default.rp_filter=1\n"}, "warn"),
        ({"/usr/lib/sysctl.d/50.conf": "-net.ipv4.conf.*.rp_filter = 1\n"}, "warn"),
        (
            {
                "/usr/lib/sysctl.d/50-default.conf": "net.ipv4.conf.all.rp_filter = 1\n",
                "/etc/sysctl.d/90.conf": "net.ipv4.conf.idc0.rp_filter = 2\n",
            },
            "pass",
        ),
        (
            {
                "/usr/lib/sysctl.d/50-default.conf": "net.ipv4.conf.*.rp_filter = 2\n",
                "/etc/sysctl.d/60.conf": "# net.ipv4.conf.all.rp_filter = 1\nnet.ipv4.conf.eth0.rp_filter = 1\n",
            },
            "pass",
        ),
    ],
)
def test_a_filter_that_is_strict_again_after_a_reboot(strict, files, status):
    conf(strict, 0, 0)
    for path, text in files.items():
        strict.file(path, text)
    found = rp_filter.run(strict.facts, VPC)
    assert (found["status"], "after a reboot" in found["summary"]) == (status, status == "warn")
    assert found["data"]["value"] == 0
