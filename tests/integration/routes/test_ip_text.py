# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of the real ip against its own JSON, in a network namespace; and a node whose ip knows no JSON.

Nothing leaves the namespace. Run as root: ``pytest tests/integration/routes``.
"""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import registry
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.facts import Facts
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel
from ansible_collections.ack_edge.node.plugins.module_utils._system import network
from fakes.ip_json import as_json

# Of every kind that iproute2 can make without a module of the kernel beyond what the other tests use.
KINDS = (
    "-4 route add 10.60.0.0/16 via 10.99.0.253",
    "-4 route add 10.61.0.0/16 via 10.99.0.253 src 10.99.0.11 metric 50 mtu 1400",
    "-4 route add 10.62.0.0/16 via 10.99.0.253 mtu lock 1300 advmss 1200 initcwnd 20",
    "-4 route add 10.63.0.0/16 via 10.55.0.1 dev idc0 onlink proto static",
    "-4 route add blackhole 10.64.0.0/16",
    "-4 route add unreachable 10.65.0.0/16 metric 7",
    "-4 route add prohibit 10.66.0.0/16",
    "-4 route add throw 10.67.0.0/16 table 100",
    "-4 route add 10.68.0.0/16 nexthop via 10.99.0.1 dev idc0 weight 1 nexthop via 192.0.2.1 dev eth0 weight 200",
    "-4 route add 10.69.0.0/16 via inet6 fe80::1 dev idc0",
    "-4 route add 10.70.0.0/16 dev idc0 scope link table 1234",
    "-4 route add 10.71.0.1 via 10.99.0.253 tos 0x10",
    "-4 route add 0.0.0.0/1 via 10.99.0.253",
    "-6 route add fd10::/48 via fd00:99::1 mtu 1380 pref high",
    "-6 route add fd11::/48 via fe80::1 dev idc0 metric 77 expires 600",
    "-6 route add blackhole fd12::/48",
    "-6 route add fd13::/48 nexthop via fd00:99::1 dev idc0 weight 1 nexthop via fd00:98::1 dev eth0 weight 2",
    "-6 route add default via fd00:99::1 table 100",
    "-6 route add fd14::/48 from fd00:99::/64 via fd00:99::1",
    "-4 rule add priority 900 to 100.64.0.0/10 lookup main suppress_prefixlength 0",
    "-4 rule add priority 901 from 10.99.0.11 fwmark 0x1/0xff iif idc0 lookup 100",
    "-4 rule add priority 903 from 203.0.113.9 blackhole",
    "-4 rule add priority 902 not from all lookup 1234",
    "-4 address add 10.88.0.1 peer 10.88.0.2/32 dev idc0",
    "-4 address add 10.89.0.1/24 dev idc0 label idc0:one",
    "link add a@b type veth peer name a@c",
)
MAY_BE_MISSING = (
    "nexthop add id 5 via 10.99.0.1 dev idc0",
    "-4 route add 10.72.0.0/16 nhid 5",
)


def clean(host):
    for family in ("-4", "-6"):
        for priority in ("900", "901", "902", "903"):
            host.try_ip(family, "rule", "delete", "priority", priority)
    host.try_ip("link", "delete", "a@b")
    host.try_ip("nexthop", "flush")
    for line in KINDS:
        words = line.split()
        if words[1:3] == ["route", "add"] and not {"via", "dev"} & set(words):
            host.try_ip(words[0], "route", "delete", *words[3:])


@pytest.fixture
def every_kind(host):
    def try_ip(*words):
        return subprocess.run(["ip", *words], check=False, capture_output=True, text=True).returncode

    host.try_ip = try_ip
    for line in KINDS:
        host.ip(*line.split())
    for line in MAY_BE_MISSING:
        try_ip(*line.split())
    yield host
    clean(host)


def lasting(entry):
    return {**entry, "expires": 1} if "expires" in entry else entry


def settled(entries):
    """Leave out what comes and goes while an interface gets its link-local address."""
    return [entry for entry in entries if not entry["dst"].startswith(("fe80:", "ff00:"))]


def told(route):
    """Return a route as JSON would have it; what has no field of its own is compared by its text."""
    named = dict(route.extras)
    entry = as_json(route._replace(extras=tuple(pair for pair in route.extras if pair[0] == "expires")))
    if "tos" in named:
        entry["tos"] = named["tos"]
    if "from" in named:
        entry["from"] = named["from"]
    if "nhid" in named:
        entry["nhid"] = int(named["nhid"])
    return lasting(entry)


@pytest.mark.parametrize("family", [4, 6])
def test_routes_as_text_and_as_json(every_kind, family):
    expected = json.loads(every_kind.ip(f"-{family}", "-j", "route", "show", "table", "all"))
    for entry in expected:
        entry.pop("cache", None)
    found = [told(route) for route in network.routes(every_kind.node, family)]
    assert settled(found) == settled(map(lasting, expected))
    assert len(expected) > 15


def test_links_as_text_and_as_json(every_kind):
    found = network.links(every_kind.node)
    expected = {entry["ifname"]: entry for entry in json.loads(every_kind.ip("-j", "address", "show"))}
    names = {name if "@" not in name else "a" for name in expected}
    assert names >= {"lo", "idc0", "eth0", "a"}
    for name in ("lo", "idc0", "eth0"):
        link, entry = found[name], expected[name]
        assert (link.ifindex, sorted(link.flags), link.state, link.mtu) == (
            entry["ifindex"], sorted(entry["flags"]), entry["operstate"], entry["mtu"],
        )  # fmt: skip
        assert [(str(one.interface), one.peer and str(one.peer.ip), one.scope) for one in link.addresses] == [
            (f"{one['local']}/{one['prefixlen']}", one.get("address"), one["scope"]) for one in entry["addr_info"]
        ]
    assert list(network.links(every_kind.node, "idc0").values()) == [found["idc0"]]


def test_rules_as_text_and_as_json(every_kind):
    found = network.rules(every_kind.node, 4)
    listed = json.loads(every_kind.ip("-4", "-j", "rule", "show"))
    assert [(one.priority, one.negated, one.table, one.suppress) for one in found] == [
        (one["priority"], "not" in one, one.get("table", ""), one.get("suppress_prefixlen")) for one in listed
    ]
    assert [str(one.to) for one in found if one.to] == ["100.64.0.0/10"]


@pytest.mark.parametrize("address", ["10.60.0.1", "10.61.1.1", "10.99.0.11", "10.69.0.1", "fd10::1"])
def test_the_path_as_text_and_as_json(every_kind, address):
    (entry,) = json.loads(every_kind.ip("-j", "route", "get", address))
    route = network.path_to(every_kind.node.run, address).route
    gateway = entry.get("gateway") or entry.get("via", {}).get("host")
    assert (route.gateway and str(route.gateway), route.interface, str(route.source)) == (
        gateway, entry["dev"], entry["prefsrc"],
    )  # fmt: skip
    assert [str(one.destination) for one in network.matching(every_kind.node.run, "10.60.0.1") if not one.is_default]


@pytest.mark.parametrize("address", ["10.64.0.1", "10.65.0.1", "10.66.0.1"])
def test_where_the_kernel_refuses_its_word_is_kept(every_kind, address):
    path = network.path_to(every_kind.node.run, address)
    assert path.route is None
    assert path.refused


def test_the_kernel_takes_back_every_route_in_the_words_that_we_say(every_kind):
    """What say_route says replaces the very same route: nothing is different behind it."""
    before = every_kind.shown()
    said = 0
    for live in kernel.observe(every_kind.node).routes:
        if live.words and live.route.destination.prefixlen and "kernel" not in live.words.split():
            every_kind.ip(f"-{live.route.family}", "route", "replace", *live.words.split())
            said += 1
    assert said > 12
    drop = re.compile(r" expires \d+sec")
    assert sorted(drop.sub("", "".join(every_kind.shown())).split("\n")) == sorted(
        drop.sub("", "".join(before)).split("\n")
    )


def test_no_readiness_check_is_unproven_for_lack_of_json(old_host):
    asked = []

    def run(argv, stdin=None, timeout=60):
        if argv[0] != "ip":
            return Completed(argv, 127, "", f"{argv[0]}: not found")
        asked.append(argv)
        return old_host._run(argv, stdin, timeout)

    node = type(old_host.node)(run, str(old_host.root))
    inputs = {"access_mode": "leased_line", "leased_line_gateway": "10.99.0.253", "leased_line_interface": "idc0",
              "pod_cidr": ["10.99.0.0/16"], "service_cidr": ["172.21.0.0/20"]}  # fmt: skip
    only = ["default_route", "interface_mtu", "ip_rule", "leased_line", "pod_service_overlap", "own_address"]
    found = {one["check"]: one["status"] for one in registry.look(Facts(node), inputs, only)}
    assert found == {
        "default_route": "pass",
        "interface_mtu": "pass",
        "ip_rule": "pass",
        "leased_line": "pass",
        "pod_service_overlap": "fail",
        "own_address": "pass",
    }
    assert len(asked) == len({tuple(argv) for argv in asked}) == 4
