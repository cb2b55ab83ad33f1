# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A probe host tells of the ports that it was asked for, and of no others."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.action import port_probe_info
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import counts, failure
from fakes.action import told

PORTS = (
    {"name": "kubelet", "protocol": "tcp", "ports": ["10250-10251"]},
    {"name": "vxlan", "protocol": "udp", "ports": [8472]},
)
SEEN = [
    {"name": name, "protocol": protocol, "port": port, "outcome": "answered", "seen_as": "10.1.1.1", "detail": ""}
    for name, protocol, port in (("kubelet", "tcp", 10250), ("kubelet", "tcp", 10251), ("vxlan", "udp", 8472))
]


def run(results: Any, ports: Any = PORTS) -> dict[str, Any]:
    answer = {"changed": False, "results": results}
    made = told(
        port_probe_info.ActionModule,
        {"ports": list(ports) if isinstance(ports, tuple) else ports},
        answer,
        delegate_to="vpc-host",
    )
    return made.run(task_vars={"inventory_hostname": "n1"})


def test_an_honest_answer_comes_through() -> None:
    assert run(SEEN) == {"changed": False, "results": SEEN, "summary": counts([]), "failed_checks": []}


@pytest.mark.parametrize(
    "results",
    [
        [],
        SEEN[:2],
        SEEN[::-1],
        [*SEEN, SEEN[0]],
        [{**SEEN[0], "name": "x"}, *SEEN[1:]],
        [{**SEEN[0], "protocol": "udp"}, *SEEN[1:]],
        [{**SEEN[0], "port": 22}, *SEEN[1:]],
    ],
)
def test_other_ports_are_the_failure_of_the_probe_host(results: Any) -> None:
    found = run(results)
    assert found["failed_checks"] == ["answer"]
    assert found["msg"].startswith(
        "vpc-host answered port_probe_info with something that it never answers: results tells of "
    )
    assert "expected tcp/10250, tcp/10251, udp/8472" in found["msg"]


@pytest.mark.parametrize("ports", [None, "x", [{"name": "x"}], [{"name": "x", "protocol": "tcp", "ports": ["x"]}]])
def test_ports_that_no_module_takes_are_none(ports: Any) -> None:
    assert "expected no port" in run(SEEN, ports)["msg"]


def test_where_the_node_says_that_it_saw_the_probe_host() -> None:
    assert [one["seen_as"] for one in run([SEEN[0], {**SEEN[1], "seen_as": "{{ x }}"}, SEEN[2]])["results"]] == [
        "10.1.1.1",
        "",
        "10.1.1.1",
    ]


def test_a_failure_comes_through() -> None:
    answer = {"failed": True, **failure("token is ''")}
    assert told(port_probe_info.ActionModule, {"ports": list(PORTS)}, answer).run(task_vars={}) == answer
