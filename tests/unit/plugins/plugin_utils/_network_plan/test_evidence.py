# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet report is data: it proves what it proves, and nothing in it does more than that."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import CHINESE
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.evidence import MOST_ADDRESSES
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.view import view
from fakes import odd_inputs
from fakes.network_plan import SCHEMA, flow, item, make, plan, site
from fakes.report import endpoint, run, verdict
from fakes.requirements import CALM
from hypothesis import given

CONTROL_PLANE = "cs-anony-vpc.cn-beijing.aliyuncs.com"
REGISTRY = "flow-outbound-registry-tcp-443"


def report(hosts: dict[str, Any], site_name: str = "idc-bj") -> dict[str, Any]:
    document = run("verify-1", hosts)
    for record in document["hosts"].values():
        record["site"] = site_name
    return document


def registry(problem: str = "", **data: Any) -> dict[str, Any]:
    return endpoint("image_registry", "100.103.0.251", problem, **data)


def control_plane(*addresses: str, problem: str = "", **data: Any) -> dict[str, Any]:
    used = addresses[0] if addresses else ""
    return endpoint("control_plane", used, problem, host=CONTROL_PLANE, addresses=list(addresses), **data)


def states(made: Plan, identity: str) -> dict[str, list[str]]:
    return {row["state"]: row["hosts"] for row in made["evidence"] if row["id"] == identity}


def test_what_works_and_what_does_not() -> None:
    made = plan(report({"bj-1": [registry()], "bj-2": [registry("tcp.timeout")], "bj-3": [registry()]}))
    SCHEMA.validate(made)
    assert states(made, REGISTRY) == {"works": ["bj-1", "bj-3"], "fails": ["bj-2"]}
    assert states(made, "prefix-100.103.0.251-32") == {"works": ["bj-1", "bj-3"], "fails": ["bj-2"]}
    assert states(made, "prefix-100.103.6.63-32") == {}
    told = item(made, f"unreached-{REGISTRY}")
    assert told["blocking"] and "1 of 3 hosts" in told["what"] and "timed out" in told["why"]


@pytest.mark.parametrize(
    ("problem", "stage", "expected"),
    [
        ("tcp.refused", "tcp", "fails"),
        ("route.missing", "route", "fails"),
        ("tls.expired", "tls", "works"),
        ("tls.mtu", "mtu", "fails"),
        ("tls.intercepted", "tls", "fails"),
        ("http.status", "http", "works"),
    ],
)
def test_a_fault_behind_the_connection_proves_the_path(problem: str, stage: str, expected: str) -> None:
    made = plan(report({"bj-1": [registry(problem, stage=stage)]}))
    assert states(made, REGISTRY) == {expected: ["bj-1"]}


@pytest.mark.parametrize(
    "found",
    [
        registry(via={"proxy": "http://proxy.example:3128"}),
        registry(port=8443),
        registry(protocol="udp"),
        verdict("image_registry", "unproven", data=registry()["data"]),
        verdict("image_registry", "skipped", data=registry()["data"]),
        verdict("image_registry"),
    ],
)
def test_what_proves_nothing(found: dict[str, Any]) -> None:
    assert states(plan(report({"bj-1": [found]})), REGISTRY) == {}


def test_another_address_than_the_permitted_ones_proves_nothing() -> None:
    made = plan(report({"bj-1": [endpoint("image_registry", "47.1.1.1")]}))
    assert made["evidence"] == []


def test_hosts_of_other_sites_and_regions_say_nothing() -> None:
    other = report({"hz-1": [registry()]}, "idc-hz")
    made = plan(other)
    assert made["evidence"] == []
    assert "site idc-bj and region cn-beijing" in item(made, "report-of-others")["why"]
    document = report({"bj-1": [registry()]})
    document["hosts"]["bj-1"]["region"] = "cn-hangzhou"
    assert plan(document)["evidence"] == []


def test_hosts_without_a_site_are_of_the_only_one() -> None:
    document = report({"bj-1": [registry()]}, "")
    assert states(plan(document), REGISTRY) == {"works": ["bj-1"]}
    both = make(site(), site(name="idc-b", node_cidrs="10.30.0.0/16"), report=document)
    assert [made["evidence"] for made in both] == [[], []]


def inbound(status: str, port: int = 10250, protocol: str = "tcp") -> dict[str, Any]:
    data = {"protocol": protocol, "port": port, "name": "kubelet", "address": "10.20.0.11", "prober": "vpc-1"}
    return verdict(f"inbound_{protocol}_{port}", status, data=data)


def test_inbound_ports_as_the_probe_host_saw_them() -> None:
    document = report({"bj-1": [inbound("pass"), inbound("fail", 9100), inbound("unproven", 8472, "udp")]})
    made = plan(document)
    assert states(made, "flow-inbound-kubelet-tcp") == {"works": ["bj-1"]}
    assert states(made, "flow-inbound-node-exporter-tcp") == {"fails": ["bj-1"]}
    assert states(made, "flow-inbound-flannel-vxlan-udp") == {}


def test_addresses_of_unpublished_names_come_with_their_source() -> None:
    hosts = {f"bj-{number}": [control_plane("100.103.110.4")] for number in range(1, 6)}
    made = plan(report(hosts))
    record = next(one for one in made["records"] if one["host"] == CONTROL_PLANE)
    assert record["addresses"] == ["100.103.110.4"]
    assert record["source"] == "resolved by bj-1, bj-2, bj-3 and 2 more, run verify-1"
    dns = next(hop for hop in view(made, CHINESE).hops if hop.id == "dns").tables[0]
    (source,) = next(row[2] for row in dns.rows if row[0] == [CONTROL_PLANE])
    assert "解析" in source and "bj-1, bj-2, bj-3" in source and "verify-1" in source and "resolved" not in source
    prefix = next(one for one in made["prefixes"] if one["purpose"] == "resolved")
    assert (prefix["destination"], prefix["source"]) == ("100.103.110.4/32", record["source"])
    control = flow(made, "flow-outbound-control-plane-tcp-443")
    assert control["destinations"] == ["100.103.110.4/32"]
    assert states(made, control["id"]) == {"works": list(hosts)}
    assert item(made, f"unresolved-{CONTROL_PLANE}") is None


def test_a_name_that_fails_later_is_resolved_all_the_same() -> None:
    made = plan(report({"bj-1": [control_plane("100.103.110.4", problem="tcp.timeout")]}))
    assert states(made, f"record-{CONTROL_PLANE}") == {"works": ["bj-1"]}
    assert states(made, "flow-outbound-control-plane-tcp-443") == {"fails": ["bj-1"]}


@pytest.mark.parametrize("address", ["47.95.1.1", "10.20.0.1", "100.128.0.1", "2001:db8::1", "0.0.0.0"])
def test_addresses_elsewhere_are_an_open_item_and_no_route(address: str) -> None:
    made = plan(report({"bj-1": [control_plane(address, problem="address.outside")]}))
    assert [one["destination"] for one in made["prefixes"]] == [one["destination"] for one in plan()["prefixes"]]
    told = item(made, f"outside-{CONTROL_PLANE}")
    assert address in told["what"] and "bj-1" in told["why"]
    assert states(made, f"record-{CONTROL_PLANE}") == {"fails": ["bj-1"]}


def test_addresses_of_names_that_nobody_asked_for_are_not_taken() -> None:
    made = plan(report({"bj-1": [endpoint("x", "100.90.1.1", host="evil.example", addresses=["100.90.1.1"])]}))
    assert made["evidence"] == []
    assert "100.90.1.1/32" not in [one["destination"] for one in made["prefixes"]]


def test_there_is_an_end_to_what_hosts_can_add() -> None:
    flood = [f"100.90.{number // 250}.{number % 250}" for number in range(500)]
    assert len(plan(report({"bj-1": [control_plane(*flood)]}))["prefixes"]) == len(plan()["prefixes"]) + MOST_ADDRESSES
    many = {f"bj-{number}": [control_plane(flood[number])] for number in range(100)}
    made = plan(report(many))
    assert len(made["prefixes"]) == len(plan()["prefixes"]) + MOST_ADDRESSES
    assert f"more than {MOST_ADDRESSES} addresses" in item(made, f"many-addresses-{CONTROL_PLANE}")["what"]
    few = plan(report({"bj-1": [control_plane(*flood[:MOST_ADDRESSES])]}))
    assert item(few, f"many-addresses-{CONTROL_PLANE}") is None


def test_a_page_names_some_hosts_and_the_plan_all() -> None:
    made = plan(report({f"bj-{number:02}": [registry()] for number in range(30)}))
    assert all(len(row["hosts"]) == 30 for row in made["evidence"])
    text = BY_NAME["md"].text(made)
    assert "bj-09 (+20)" in text and "bj-10" not in text and "works (30)" in text


def test_what_steers_a_terminal_does_not_get_into_the_plan() -> None:
    found = registry("tcp.timeout")
    found["summary"] = "a\x1b[31m\u202eb\nc" + "x" * 1000
    made = plan(report({"bj\x1b-1": [found]}))
    text = json.dumps(made, ensure_ascii=False)
    assert "\x1b" not in text and "\\u001b" not in text and "\u202e" not in text
    assert len(made["evidence"][0]["summary"]) <= 300


def junk(source: random.Random) -> Any:
    return odd_inputs.json_value(source, ("100.90.1.1", CONTROL_PLANE, "check", "status", "data", "address"))


def hostile(source: random.Random) -> tuple[dict[str, Any], Any, Any]:
    """Return what stands in the data of a verdict, in its summary, and in the place of verdicts."""
    keys = [key for key in sorted(registry()["data"]) if source.random() < 0.3]
    return {key: junk(source) for key in keys}, junk(source), junk(source)


@CALM
@given(odd_inputs.made(hostile))
def test_hostile_reports_make_valid_plans(said: tuple[dict[str, Any], Any, Any]) -> None:
    data, summary, verdicts = said
    found = control_plane("100.103.110.4")
    found["data"] |= data
    document = report({"bj-1": [found], "bj-2": []})
    # As a file holds it: the callback checks the types of what it writes, and a file is what somebody made of it.
    document["hosts"]["bj-1"]["verdicts"] = [
        {**found, "summary": summary},
        *(verdicts if isinstance(verdicts, list) else []),
    ]
    document["hosts"]["bj-2"]["verdicts"] = verdicts
    SCHEMA.validate(plan(document))
