# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for firewalls, read back: every flow of the plan is one permit, and what is defined is taken out."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from fakes.plan_formats import CASES, plan
from fakes.plan_parsers import ADD, FIREWALLS, OPTION, TAKE_OUT, Permit, part

ZONED = sorted(set(FIREWALLS) - {"nftables"})


def flows(given: Any, zones: bool = True) -> list[Permit]:
    inside, outside = (given["site"]["zone_inside"], given["site"]["zone_outside"]) if zones else ("", "")
    return [
        Permit(
            *((inside, outside) if flow["direction"] == "outbound" else (outside, inside)),
            frozenset(map(ipaddress.ip_network, flow["sources"])),
            frozenset(map(ipaddress.ip_network, flow["destinations"])),
            flow["protocol"],
            frozenset((ports["first"], ports["last"]) for ports in flow["ports"]),
        )
        for flow in given["flows"]
    ]


@pytest.mark.parametrize(("region", "site"), CASES)
@pytest.mark.parametrize("name", FIREWALLS)
def test_every_flow_is_one_permit(name: str, region: str, site: str) -> None:
    given = plan(region, site)
    read = FIREWALLS[name](part(BY_NAME[name].text(given), ADD))
    assert list(read.rules.values()) == flows(given, name != "nftables")


@pytest.mark.parametrize("name", FIREWALLS)
def test_both_families_are_permitted(name: str) -> None:
    given = plan(vpc_cidrs=["192.168.0.0/16", "2408:4000::/32"], node_cidrs=["10.20.0.0/16", "2001:db8:20::/48"])
    read = FIREWALLS[name](part(BY_NAME[name].text(given), ADD))
    found = list(read.rules.values())
    assert sorted(found, key=repr) == sorted(flows(given, name != "nftables"), key=repr)
    assert {network.version for permit in found for network in permit.sources} == {4, 6}


@pytest.mark.parametrize("name", FIREWALLS)
def test_the_whole_service_range_and_port_ranges(name: str) -> None:
    given = plan(scope="supernet")
    given["flows"][0]["ports"] = [{"first": 30000, "last": 32767}, {"first": 6443, "last": 6443}]
    read = FIREWALLS[name](part(BY_NAME[name].text(given), ADD))
    assert list(read.rules.values()) == flows(given, name != "nftables")


@pytest.mark.parametrize("name", ZONED)
@pytest.mark.parametrize("missing", ["zone_inside", "zone_outside"])
def test_without_zones_there_are_objects_and_no_rules_and_it_is_said(name: str, missing: str) -> None:
    given = plan(**{missing: None})
    text = BY_NAME[name].text(given)
    read = FIREWALLS[name](part(text, ADD))
    assert read.rules == {}
    assert read.groups
    assert text.count(f"{missing} not set") == len(given["flows"])


@pytest.mark.parametrize("name", ZONED)
def test_what_is_defined_is_taken_out_after_what_uses_it(name: str) -> None:
    text = BY_NAME[name].text(plan())
    read = FIREWALLS[name](part(text, ADD))
    lines = part(text, TAKE_OUT)
    order = []
    for number, names in enumerate((read.rules, read.groups, read.services)):
        for one in names:
            places = [
                place for place, line in enumerate(lines) if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w.-])", line)
            ]
            assert len(places) == 1, (one, places)
            order.append((number > 0, places[0]))
    assert order == sorted(order, key=lambda item: item[0])
    assert max(place for used, place in order if not used) < min(place for used, place in order if used)
    defined = set(re.findall(r"ACK-EDGE-[0-9A-Z.-]*[0-9A-Z]", "\n".join(part(text, ADD))))
    assert set(re.findall(r"ACK-EDGE-[0-9A-Z.-]*[0-9A-Z]", "\n".join(lines))) == defined


def test_the_table_of_nftables_is_taken_out_whole() -> None:
    text = BY_NAME["nftables"].text(plan())
    (table,) = re.findall(r"\ntable (\S+ \S+) \{\n", text)
    assert part(text, TAKE_OUT) == [f"nft delete table {table}"]


@pytest.mark.parametrize("name", ZONED)
def test_a_device_without_state_is_told_the_answers(name: str) -> None:
    given = plan()
    option = part(BY_NAME[name].text(given), OPTION)
    assert len(option) == len(given["flows"])
    assert all(line.startswith("permit ") for line in option)


@pytest.mark.parametrize("name", ZONED)
def test_it_says_where_a_permit_has_to_stand(name: str) -> None:
    text = BY_NAME[name].text(plan())
    head = text.split("=== Add ===")[0]
    assert "before the first" in " ".join(line[2:] for line in head.splitlines())
    assert re.search(r"move .*before", head)
