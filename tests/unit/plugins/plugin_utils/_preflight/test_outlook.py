# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which roles have something to do on a host, what keeps them from it, and who fixes what."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._gate import reports
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight import fixes, looks, outlook
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.prober import prober

QUIET = {"would_change": False, "refused": False, "finished": True, "msg": ""}
CHANGES = QUIET | {"would_change": True}
REFUSED = QUIET | {"refused": True, "msg": "two firewalls"}
LATE = QUIET | {"finished": False}


def found(section: str, check: str = "it", status: str = "fail", **data: Any) -> Any:
    return verdict(check, status, "found", "do it", section=section, **data)


@pytest.mark.parametrize(
    ("sections", "verdicts", "expected"),
    [
        ({"readiness": QUIET, "time_sync": QUIET, "reachability": QUIET}, [], []),
        ({"readiness": QUIET, "inbound_ports": CHANGES, "reachability": QUIET}, [], ["inbound_ports", "reachability"]),
        ({"leased_line_routes": CHANGES, "system_tools": CHANGES}, [], ["system_tools", "leased_line_routes"]),
        ({"time_sync": QUIET, "reachability": QUIET}, [found("time_sync", "clock")], ["time_sync", "reachability"]),
        ({"time_sync": QUIET}, [found("reachability")], []),
        ({"inbound_ports": REFUSED | {"would_change": True}}, [], []),
        ({"leased_line_routes": LATE}, [], ["leased_line_routes"]),
        ({"time_sync": QUIET, "reachability": LATE}, [], ["reachability"]),
    ],
)
def test_to_do(sections: Any, verdicts: Any, expected: list[str]) -> None:
    assert outlook.to_do(sections, verdicts) == expected


def obstacles(sections: Any, *verdicts: Any, tolerated: Any = ()) -> list[str]:
    return [item["data"]["section"] for item in outlook.obstacles(sections, verdicts, tolerated)]


def test_a_refusal_stops_a_host_that_others_would_change_with_all_reasons() -> None:
    sections = {"readiness": QUIET, "inbound_ports": REFUSED, "leased_line_routes": CHANGES}
    verdicts = [found("readiness"), found("inbound_ports"), found("leased_line_routes")]
    assert obstacles(sections, *verdicts) == ["readiness", "inbound_ports"]


def test_what_a_run_fixes_and_what_only_a_changed_host_shows_stops_nothing() -> None:
    sections = {"readiness": QUIET, "leased_line_routes": CHANGES, "reachability": QUIET}
    assert obstacles(sections, found("leased_line_routes"), found("reachability")) == []


def test_where_nothing_is_to_do_every_failure_stops() -> None:
    sections = {"leased_line_routes": QUIET, "reachability": QUIET}
    verdicts = [found("leased_line_routes"), found("reachability")]
    assert obstacles(sections, *verdicts) == ["leased_line_routes", "reachability"]


def test_what_is_tolerated_stops_nothing_unless_it_is_refused() -> None:
    sections = {"readiness": QUIET, "inbound_ports": REFUSED, "reachability": QUIET}
    verdicts = [found("readiness"), found("inbound_ports"), found("reachability")]
    tolerated = ["readiness", "inbound_ports", "reachability"]
    assert obstacles(sections, *verdicts, tolerated=tolerated) == ["inbound_ports"]


def test_nothing_is_changed_where_readiness_did_not_finish() -> None:
    """What could not be looked at is not taken for a pass."""
    sections = {"readiness": LATE, "leased_line_routes": CHANGES}
    late = found("readiness", "readiness", "unproven")
    (stopping,) = outlook.obstacles(sections, [late])
    assert (stopping["check"], stopping["status"]) == ("readiness", "fail")
    assert late["status"] == "unproven"
    assert outlook.obstacles(sections, [late], ["readiness"]) == []


def test_an_optional_failure_stops_nothing() -> None:
    assert obstacles({"readiness": QUIET}, found("readiness", required=False)) == []


MISSING = {"live": "missing", "persisted": "missing"}
TIMEOUT = {"problem": "tcp.timeout", "address": "100.103.99.73"}


@pytest.mark.parametrize(
    ("item", "sections", "expected"),
    [
        (found("leased_line_routes", "100.103.0.0/16", **MISSING), {"leased_line_routes": CHANGES}, "prepare_edge"),
        (found("leased_line_routes", "x.example", routes=[MISSING]), {"leased_line_routes": CHANGES}, "prepare_edge"),
        (found("leased_line_routes", "x.example", "warn", routes=[]), {"leased_line_routes": CHANGES}, "operator"),
        (found("leased_line_routes", "100.103.0.0/16", **MISSING), {"leased_line_routes": REFUSED}, "operator"),
        (found("inbound_ports", runtime="missing", boot="ok"), {"inbound_ports": CHANGES}, "prepare_edge"),
        (found("inbound_ports", "warn", "warn", runtime="ok", boot="ok"), {"inbound_ports": CHANGES}, "operator"),
        (found("time_sync", "clock"), {"time_sync": CHANGES}, "prepare_edge"),
        (found("time_sync", "clock"), {"time_sync": QUIET}, "operator"),
        (found("readiness", "system_tools"), {"readiness": QUIET}, "prepare_edge"),
        (found("readiness", "swap"), {"readiness": QUIET}, "operator"),
        (found("reachability", **TIMEOUT), {"reachability": QUIET}, "network"),
        (found("reachability", problem="tls.expired", address=""), {"reachability": QUIET}, "operator"),
    ],
)
def test_who_fixes_it(item: Any, sections: Any, expected: str) -> None:
    fixes.assign([item], sections)
    assert item["data"]["fixed_by"] == expected


def test_a_timeout_behind_a_route_that_a_run_adds_is_not_sent_to_the_network_team() -> None:
    sections = {"leased_line_routes": CHANGES, "reachability": QUIET}
    route = found("leased_line_routes", "100.103.99.0/24", destination="100.103.99.0/24", **MISSING)
    behind, elsewhere = found("reachability", **TIMEOUT), found("reachability", **{**TIMEOUT, "address": "100.9.9.9"})
    fixes.assign([route, behind, elsewhere], sections)
    fixers = [item["data"]["fixed_by"] for item in (route, behind, elsewhere)]
    assert fixers == ["prepare_edge", "prepare_edge", "network"]


def test_nobody_has_to_fix_what_passes() -> None:
    item = verdict("it", "pass", "fine", section="readiness")
    fixes.assign([item], {"readiness": QUIET})
    assert "fixed_by" not in item["data"]


def test_roles_without_work_need_no_variables() -> None:
    given = {"time_sync_servers": ["a"], "inbound_ports_ports": [], "reachability_endpoints": [1]}
    assert fixes.needed(given, ["time_sync"]) == {"time_sync_servers": ["a"]}
    assert fixes.needed(given, []) == {}


RESULT = {
    "sections": {"readiness": QUIET, "leased_line_routes": CHANGES},
    "results": [verdict("gap", "warn", "x", "y"), found("leased_line_routes"), found("readiness", status="warn")],
}


def test_a_look_is_what_its_modules_would_have_said() -> None:
    assert {name: part["failed_checks"] for name, part in looks.split(RESULT).items()} == {
        "requirements": [],
        "readiness_info": [],
        "static_routes": ["it"],
    }


def test_what_a_role_registered_is_newer_than_the_look() -> None:
    newer = {"results": [], "failed_checks": [], "msg": ""}
    known = {"ack_edge_preflight": RESULT, "leased_line_routes_report": newer, "reachability_report": {"skipped": True}}
    assert list(reports(known)) == ["requirements", "readiness", "leased_line_routes"]
    assert reports(known)["leased_line_routes"] is newer


@pytest.mark.parametrize("broken", [{}, {"sections": {}, "results": [1]}, {"sections": {}, "results": [found("odd")]}])
def test_a_look_that_is_none_is_not_taken_for_a_pass(broken: Any) -> None:
    assert list(reports({"ack_edge_preflight": broken})) == ["ack_edge_preflight"]


NEEDS = {"inbound": [{"name": "kubelet"}], "access_mode": "leased_line"}


@pytest.mark.parametrize(
    ("requirements", "chosen", "probes", "expected"),
    [
        (NEEDS, "", [], ""),
        (NEEDS, "one", ["two"], "one"),
        (NEEDS, "", ["two"], "two"),
        (NEEDS | {"inbound": []}, "one", ["two"], ""),
        (NEEDS | {"access_mode": "internet"}, "", ["two"], ""),
        (NEEDS | {"access_mode": "internet"}, "one", ["two"], "one"),
    ],
)
def test_prober(requirements: Any, chosen: str, probes: list[str], expected: str) -> None:
    assert prober("edge-1", requirements, chosen, probes) == expected


def test_probe_hosts_share_the_work_and_keep_their_hosts() -> None:
    found_by = {host: prober(host, NEEDS, "", ["b", "a", "c"]) for host in (f"edge-{number}" for number in range(300))}
    assert found_by == {host: prober(host, NEEDS, "", ["c", "a", "b"]) for host in found_by}
    assert min(list(found_by.values()).count(name) for name in "abc") > 60
