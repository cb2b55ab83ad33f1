# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Causes are called by what is wrong, and those that a run fixes stand apart from those that need people."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.causes import causes
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.files import summary
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.run import Run
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.titles import title
from fakes.report import endpoint, verdict

PREFLIGHT = "ack_edge.node.preflight_info"
QUIET = {"would_change": False, "refused": False, "finished": True, "msg": ""}
BY_A_RUN = {"fixed_by": "prepare_edge"}
MISSING = {"live": "missing", "persisted": "missing"}


SINCE = "removed or changed since the last run"


def look(*verdicts: Any, sections: tuple[str, ...] = ("readiness", "leased_line_routes", "reachability")) -> Any:
    return {"results": list(verdicts), "sections": dict.fromkeys(sections, QUIET)}


def route(destination: str, **facts: Any) -> Any:
    data = {"section": "leased_line_routes", **BY_A_RUN, **MISSING, **facts}
    return verdict(destination, "fail", data=data, remedy="run prepare_edge.yml")


def found(**more: Any) -> dict[str, Any]:
    return {
        "status": "fail", "checks": ["a", "b"], "targets": [], "kind": "", "fixed_by": "prepare_edge",
        "module": "static_routes", "complete": True, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (found(), "2 routes to the cloud are missing"),
        (found(complete=False), "2 routes to the cloud are missing or wrong"),
        (found(checks=["10.0.0.0/8"]), "The route to 10.0.0.0/8 is missing"),
        (found(drift=True), f"Drift: 2 routes to the cloud were {SINCE}"),
        (
            found(drift=True, checks=["10.0.0.0/8"]),
            "Drift: The route to 10.0.0.0/8 was removed or changed since the last run",
        ),
        (
            found(drift=True, module="inbound_ports"),
            "Drift: 2 rules for inbound ports were removed or changed since the last run",
        ),
        (
            found(drift=True, module="time_sync"),
            "Drift: The configuration of chrony was removed or changed since the last run",
        ),
        (found(drift=True, module="system_tools"), f"Drift: 2 system tools were {SINCE}"),
        (found(drift=True, module="readiness_info"), "System tools are missing"),
        (found(module="inbound_ports"), "Inbound ports are closed"),
        (found(module="time_sync", checks=["ntp.idc.example"]), "The clock is not kept by chrony"),
        (found(module="system_tools"), "System tools are missing"),
        (found(fixed_by="operator"), "a and 1 more"),
        (found(fixed_by="operator", module="port_listener"), "Inbound ports are not reachable from the VPC"),
        (found(fixed_by="operator", checks=["swap"], module="readiness_info"), "swap"),
        (found(targets=["x"], kind="tcp.timeout"), "2 endpoints: connections time out (tcp.timeout)"),
        (found(targets=["x"], kind="tcp.timeout", checks=["a"]), "x: connections time out (tcp.timeout)"),
        (found(targets=["x"], kind="route.next_hop"), "2 endpoints: the next hop does not answer (route.next_hop)"),
        (found(targets=["x"], kind="tls.name"), "2 endpoints: the certificate is not accepted (tls.name)"),
        (found(targets=["x"], kind="deadline"), "2 endpoints: deadline"),
        (found(targets=["x"], kind="", checks=["a"]), "x"),
    ],
)
def test_title(cause: Any, expected: str) -> None:
    assert title(cause) == expected


def fleet() -> Any:
    made = Run("verify_edge-1", "verify_edge", "then")
    behind = endpoint("registry", "100.103.9.9", "tcp.timeout", section="reachability", **BY_A_RUN)
    dead = endpoint("oss", "100.118.9.9", "tcp.timeout", section="reachability", fixed_by="network")
    swap = verdict("swap", "fail", data={"section": "readiness", "fixed_by": "operator"})
    for host in ("one", "two"):
        made.task(host, "look", look(route("100.103.0.0/16"), route("100.118.0.0/16"), behind), "1", PREFLIGHT)
    made.task("three", "look", look(swap, dead, route("100.103.0.0/16")), "1", PREFLIGHT)
    return made.document("now")


def test_what_needs_people_comes_first_and_a_timeout_behind_a_missing_route_is_not_among_it() -> None:
    assert [(row["fixed_by"], row["hosts"]) for row in causes(fleet())] == [
        ("network", ["three"]),
        ("operator", ["three"]),
        ("prepare_edge", ["one", "three", "two"]),
        ("prepare_edge", ["one", "two"]),
    ]


@pytest.mark.parametrize(("opens", "fixed_by"), [(BY_A_RUN, "prepare_edge"), ({"fixed_by": "operator"}, "network")])
def test_who_fixes_a_port_that_the_vpc_does_not_reach(opens: Any, fixed_by: str) -> None:
    """The network team is not asked for what drops packets while the node's own firewall does."""
    made = Run("verify_edge-1", "verify_edge", "then")
    closed = verdict("kubelet", "fail", data={"section": "inbound_ports", **opens})
    made.task("one", "look", look(closed, sections=("inbound_ports",)), "1", PREFLIGHT)
    made.task("one", "proof", {"results": [verdict("inbound_tcp_10250", "fail")]}, "2", "ack_edge.node.port_listener")
    rows = {row["checks"][0]: row for row in causes(made.document("now"))}
    assert rows["inbound_tcp_10250"]["fixed_by"] == fixed_by
    assert rows["inbound_tcp_10250"]["title"] == "Inbound ports are not reachable from the VPC"


def test_two_lines_say_what_a_run_fixes() -> None:
    lines = summary(fleet())
    assert lines[1:3] == [
        "  prepare_edge fixes 2 of 4 causes on 3 hosts: 2 routes to the cloud are missing; "
        "registry.example (100.103.9.9) TCP 443: connections time out (tcp.timeout)",
        "      to do: run prepare_edge.yml; for hosts that are also listed below, fix those problems first",
    ]
    assert [line for line in lines if "routes to the cloud" in line] == [lines[1]]
    assert any("three: swap: " in line for line in lines)


def test_what_a_role_finds_after_its_change_takes_the_place_of_the_look() -> None:
    made = Run("prepare_edge-1", "prepare_edge", "then")
    made.task(
        "one", "look", look(route("100.103.0.0/16"), sections=("leased_line_routes", "readiness")), "1", PREFLIGHT
    )
    record = made.document()["hosts"]["one"]
    assert [item["status"] for item in record["verdicts"]] == ["fail"]
    assert record["modules"]["ack_edge.node.static_routes"]["proves"] is True
    made.task(
        "one", "routes", {"results": [verdict("100.103.0.0/16")], "changed": True}, "2", "ack_edge.node.static_routes"
    )
    record = made.document()["hosts"]["one"]
    assert [(item["status"], item["task"]) for item in record["verdicts"]] == [("pass", "routes")]
    assert record["modules"].keys() == {
        "ack_edge.node.requirements",
        "ack_edge.node.readiness_info",
        "ack_edge.node.static_routes",
    }


def test_a_look_that_failed_proves_nothing() -> None:
    made = Run("verify_edge-1", "verify_edge", "then")
    made.task("one", "look", {"failed": True, "results": [], "failed_checks": ["answer"]}, "1", PREFLIGHT, failed=True)
    assert not any(look["proves"] for look in made.document()["hosts"]["one"]["modules"].values())


def test_drift_is_a_cause_of_its_own_and_no_route_counts_twice() -> None:
    made = Run("verify_edge-1", "verify_edge", "then")
    gone = [route("100.103.0.0/16", drift=True), route("100.118.0.0/16", drift=True), route("100.120.0.0/16")]
    made.task("one", "look", look(*gone), "1", PREFLIGHT)
    made.task("two", "look", look(route("100.103.0.0/16", drift=True)), "1", PREFLIGHT)
    assert {row["title"]: (row["checks"], row["hosts"]) for row in causes(made.document())} == {
        "Drift: 2 routes to the cloud were removed or changed since the last run": (
            ["100.103.0.0/16", "100.118.0.0/16"],
            ["one", "two"],
        ),
        "The route to 100.120.0.0/16 is missing": (["100.120.0.0/16"], ["one"]),
    }
