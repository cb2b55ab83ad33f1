# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""static_routes against a real kernel and a real ip, in a network namespace of its own. Nothing leaves the namespace.

Files lie in a scratch root, with ifupdown as the manager, so that its hook can be run as ifup runs it.
NetworkManager and systemd-networkd are proven on the nodes of the lab. Run as root:
``pytest tests/integration/routes``.
"""

from __future__ import annotations

import json
import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes import ip_text
from fakes.managers import HOOK
from fakes.routes import MANIFEST

ROUTES = [
    {"destination": "100.103.99.73/32", "comment": "registry"},
    {"destination": "100.118.28.0/24", "mtu": 1400, "source": "10.99.0.11"},
    {"destination": "100.119.0.0/16", "metric": 7, "table": 100},
    {"destination": "fd01::/64", "gateway": "fd00:99::1"},
    {
        "destination": "fd02::/64",
        "gateway": "fd00:77::1",
        "interface": "idc0",
        "onlink": True,
        "mtu": 1400,
        "metric": 5,
    },
]
LIVE = [
    ("100.103.99.73", "10.99.0.253", "idc0", 0, "main"),
    ("100.118.28.0/24", "10.99.0.253", "idc0", 0, "main"),
    ("100.119.0.0/16", "10.99.0.253", "idc0", 7, "100"),
    ("fd01::/64", "fd00:99::1", "idc0", 1024, "main"),
    ("fd02::/64", "fd00:77::1", "idc0", 5, "main"),
]


def test_a_node_whose_ip_knows_no_json_is_served_as_any_other(old_host):
    refused = old_host.node.run(["ip", "-j", "address", "show"])
    assert (refused.rc, refused.err) == (255, ip_text.unknown_option("-j"))
    test_apply_again_restart_again_and_take_back(old_host)


def test_apply_again_restart_again_and_take_back(host):
    before = host.shown()
    predicted = host.run(routes=ROUTES, check=True)
    assert host.routes() == []
    result = host.run(routes=ROUTES)
    assert (result["changed"], result["diff"]) == (True, predicted["diff"])
    assert host.routes() == LIVE
    assert host.run(routes=ROUTES)["changed"] is False
    host.restart()
    assert host.routes() == LIVE
    assert host.run(routes=ROUTES)["changed"] is False
    assert host.run(state="absent")["changed"] is True
    assert host.routes() == []
    assert host.shown() == before
    assert not (host.root / HOOK[1:]).exists()
    assert not (host.root / "var/lib/ack_edge").exists()


def test_another_gateway_device_metric_and_mtu_replace_the_old_route(host):
    host.run(routes=ROUTES)
    changed = [
        {"destination": "100.103.99.73/32", "gateway": "192.0.2.9"},
        {"destination": "100.118.28.0/24"},
        {"destination": "100.119.0.0/16", "metric": 8, "table": 100},
        {"destination": "fd01::/64", "gateway": "fd00:98::1"},
        {"destination": "fd02::/64", "gateway": "fd00:99::1", "metric": 5},
    ]
    assert host.run(routes=changed)["changed"] is True
    assert host.routes() == [
        ("100.103.99.73", "192.0.2.9", "eth0", 0, "main"),
        ("100.118.28.0/24", "10.99.0.253", "idc0", 0, "main"),
        ("100.119.0.0/16", "10.99.0.253", "idc0", 8, "100"),
        ("fd01::/64", "fd00:98::1", "eth0", 1024, "main"),
        ("fd02::/64", "fd00:99::1", "idc0", 5, "main"),
    ]
    assert host.run(routes=changed)["changed"] is False


def test_what_hands_did_is_mended_and_nothing_else(host):
    host.run(routes=ROUTES)
    host.ip("route", "add", "198.51.100.0/24", "via", "10.99.0.1")
    host.ip("route", "delete", "100.103.99.73/32")
    host.ip("route", "replace", "100.118.28.0/24", "via", "192.0.2.7")
    host.ip("-6", "route", "append", "fd01::/64", "via", "fd00:99::2")  # becomes a multipath route
    result = host.run(routes=ROUTES)
    assert {one["check"]: one["data"]["changed"] for one in result["results"] if one["data"]["changed"]} == {
        "100.103.99.73/32": ["live"],
        "100.118.28.0/24": ["live"],
        "fd01::/64": ["live"],
    }
    assert host.routes() == sorted([*LIVE, ("198.51.100.0/24", "10.99.0.1", "idc0", 0, "main")])
    host.run(state="absent")
    assert host.routes() == [("198.51.100.0/24", "10.99.0.1", "idc0", 0, "main")]


def test_two_routes_of_one_slot_become_one(host):
    host.run(routes=ROUTES[:1])
    host.ip("route", "prepend", "100.103.99.73/32", "via", "10.99.0.7")
    assert host.run(routes=ROUTES[:1])["changed"] is True
    assert host.routes() == LIVE[:1]


def test_a_foreign_route_is_a_conflict_an_equal_one_is_adopted(host):
    host.ip("route", "add", "100.118.28.0/24", "via", "10.99.0.1")
    with pytest.raises(NodeError, match=r"exists \(via 10\.99\.0\.1 dev idc0"):
        host.run(routes=ROUTES)
    assert not (host.root / MANIFEST[1:]).exists()
    host.ip("route", "delete", "100.118.28.0/24")
    host.ip("route", "add", "100.103.99.73/32", "via", "10.99.0.253")
    assert host.run(routes=ROUTES)["results"][0]["data"]["adopted"] == ["live"]
    host.run(state="absent")
    assert host.routes() == LIVE[:1]


def test_the_way_back_is_kept(host):
    with pytest.raises(NodeError, match=r"198\.51\.100\.9, the controller"):
        host.run(routes=["198.51.100.0/24"], peers=["198.51.100.9"])
    with pytest.raises(NodeError, match=r"192\.0\.2\.53, a nameserver"):
        host.run(routes=["192.0.2.53/32"])
    assert host.routes() == []


def test_the_kernel_goes_where_the_module_says(host):
    host.run(routes=ROUTES)
    shown = json.loads(host.ip("-j", "route", "get", "100.103.99.73"))[0]
    assert (shown["gateway"], shown["dev"]) == ("10.99.0.253", "idc0")


def test_the_interface_is_gone_at_the_end(host):
    host.run(routes=ROUTES)
    host.ip("link", "delete", "idc0")
    assert host.run(state="absent")["changed"] is True
    assert not (host.root / HOOK[1:]).exists()


def test_a_thousand_routes(host):
    """No budget in a test: the figures are printed with -s, and hanging on 1,000 commands would show."""
    routes = [f"100.{64 + number // 256}.{number % 256}.0/24" for number in range(1000)]
    for word, changed in (("fresh", True), ("unchanged", False)):
        host.log.clear()
        start = time.monotonic()
        result = host.run(routes=routes)
        print(f"1000 routes, {word}: {time.monotonic() - start:.2f} s in {len(host.log)} commands")
        assert (result["changed"], result["summary"]["pass"]) == (changed, 1000)
        assert len(host.log) < 20
    host.restart()
    assert len(host.routes()) == 1000
    host.run(state="absent")
    assert host.routes() == []
