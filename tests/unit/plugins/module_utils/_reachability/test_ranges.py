# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One verdict tells of all ports of a range, and single ports pass through as they are."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from ansible_collections.ack_edge.node.plugins.module_utils._reachability import ranges
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import Endpoint
from hypothesis import given
from hypothesis import strategies as st

STATUSES = ("pass", "warn", "fail", "unproven")


def verdict(port: int, status: str) -> dict:
    remedy = "" if status == "pass" else "mend it"
    problem = "" if status in ("pass", "warn") else "tcp.refused"
    return _verdict.verdict("e", status, f"port {port}", remedy, port=port, ports=[], problem=problem)


def joined(first: int, statuses: list[str]) -> dict:
    endpoint = Endpoint("e", "h", first, "tcp", last=first + len(statuses) - 1)
    parts = ranges.split([endpoint])
    verdicts = [verdict(part.port, status) for part, status in zip(parts, statuses, strict=True)]
    (one,) = ranges.join([endpoint], verdicts)
    return one


def test_the_worst_port_speaks_for_the_range() -> None:
    found = joined(10280, ["pass", "pass", "fail", "pass", "unproven", "fail"])
    assert found["status"] == "fail"
    assert found["summary"] == (
        "ports 10280-10285: 2 fail (10282, 10285), 1 unproven (10284), 3 pass (10280-10281, 10283); port 10282"
    )
    assert found["data"]["port"] == 10282
    assert found["data"]["ports"][2:4] == [
        {"port": 10282, "status": "fail", "problem": "tcp.refused"},
        {"port": 10283, "status": "pass", "problem": ""},
    ]


def test_single_ports_pass_through_in_their_place() -> None:
    endpoints = [Endpoint("a", "h", 1, "tcp"), Endpoint("b", "h", 5, "tcp", last=6), Endpoint("c", "h", 9, "tcp")]
    verdicts = [verdict(port, "pass") for port in (1, 5, 6, 9)]
    found = ranges.join(endpoints, verdicts)
    assert (found[0], found[2]) == (verdicts[0], verdicts[3])
    assert found[1]["summary"].startswith("ports 5-6: 2 pass (5-6); ")


@given(st.integers(1, 60000), st.lists(st.sampled_from(STATUSES), min_size=2, max_size=100))
def test_pass_is_said_only_where_every_port_passed(first: int, statuses: list[str]) -> None:
    found = joined(first, statuses)
    assert (found["status"] == "pass") == (set(statuses) == {"pass"})
    assert (found["status"] == "fail") == ("fail" in statuses)
    assert [row["status"] for row in found["data"]["ports"]] == statuses
    assert _verdict.failed([found]) == ([found] if "fail" in statuses else [])
