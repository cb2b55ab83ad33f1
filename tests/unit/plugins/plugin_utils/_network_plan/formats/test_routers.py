# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for routers, read back: every prefix of the plan once as a route, once in a list, and once taken out."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from fakes.plan_formats import CASES, plan
from fakes.plan_parsers import OPTION, ROUTERS, SHOW, added, part, taken_out

MIXED: dict[str, Any] = {
    "vpc_cidrs": ["192.168.0.0/16", "2408:4000:1:200::/56"],
    "node_cidrs": ["10.20.0.0/16", "2001:db8:20::/48"],
}
# No name of a route on these: FRR and VyOS have none, Junos would need an annotation.
NAMELESS = {"frr", "vyos", "junos"}


def destinations(given: Any, version: int = 0) -> list[Any]:
    networks = [ipaddress.ip_network(prefix["destination"]) for prefix in given["prefixes"]]
    return [network for network in networks if not version or network.version == version]


@pytest.mark.parametrize(("region", "site"), CASES)
@pytest.mark.parametrize("name", ROUTERS)
def test_every_prefix_is_routed_listed_and_taken_out_once(name: str, region: str, site: str) -> None:
    given = plan(region, site)
    text = BY_NAME[name].text(given)
    read = added(name, text)
    assert [route.network for route in read.routes] == destinations(given)
    own = given["site"]
    assert {(route.next_hop, route.vrf, route.preference) for route in read.routes} == {
        (own["next_hop"], own["vrf"], own["preference"])
    }
    assert [network for _list, network in read.listed] == destinations(given)
    gone, lists = taken_out(name, text)
    assert [route.network for route in gone] == destinations(given)
    assert lists == list(dict.fromkeys(one for one, _network in read.listed))
    if name not in ("junos", "mikrotik"):  # they take out the route by its network
        assert {(route.next_hop, route.vrf) for route in gone} == {(own["next_hop"], own["vrf"])}


@pytest.mark.parametrize("name", sorted(set(ROUTERS) - NAMELESS - {"mikrotik"}))
def test_a_route_says_what_it_is_for(name: str) -> None:
    given = plan()
    read = added(name, BY_NAME[name].text(given))
    assert [route.name for route in read.routes] == [prefix["name"] for prefix in given["prefixes"]]


@pytest.mark.parametrize(("next_hop", "version"), [("10.255.0.1", 4), ("2001:db8::1", 6)])
@pytest.mark.parametrize("name", ROUTERS)
def test_families_stay_apart_and_the_other_one_is_open(name: str, next_hop: str, version: int) -> None:
    given = plan(next_hop=next_hop, **MIXED)
    text = BY_NAME[name].text(given)
    read = added(name, text)
    assert [route.network for route in read.routes] == destinations(given, version)
    assert sorted(map(str, (network for _list, network in read.listed))) == sorted(map(str, destinations(given)))
    families = {(one, network.version) for one, network in read.listed}
    assert len({one for one, _version in families}) == len(families) == 2
    for network in destinations(given, 10 - version):
        assert f"Open: no route to {network} (" in text
    gone, lists = taken_out(name, text)
    assert [route.network for route in gone] == destinations(given, version)
    assert len(lists) == 2


@pytest.mark.parametrize("next_hop", [None, "fe80::1"])
@pytest.mark.parametrize("name", ROUTERS)
def test_without_a_usable_next_hop_there_is_no_route_and_it_is_said(name: str, next_hop: str | None) -> None:
    given = plan(next_hop=next_hop, vpc_cidrs=["2408:4000:1:200::/56"], node_cidrs=["2001:db8:20::/48"])
    text = BY_NAME[name].text(given)
    read = added(name, text)
    assert read.routes == []
    assert len(read.listed) == len(given["prefixes"])
    assert text.count("Open: no route to ") == len(given["prefixes"])
    assert taken_out(name, text)[0] == []


@pytest.mark.parametrize("name", ROUTERS)
def test_it_shows_both_the_routes_and_the_list(name: str) -> None:
    text = BY_NAME[name].text(plan())
    shown = "\n".join(part(text, SHOW))
    (listed,) = {one for one, _network in added(name, text).listed}
    assert listed in shown or name == "vyos"
    assert "rout" in shown
    assert part(text, OPTION) == []
