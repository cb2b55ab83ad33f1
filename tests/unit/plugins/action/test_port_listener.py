# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No probe host is sent to an address that a node made up."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.action import port_listener
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failure
from fakes.action import honest, told

TOKEN = "0123456789abcdef0123456789abcdef"
PORTS = [
    {"name": "kubelet", "protocol": "tcp", "ports": [10250, "10255"], "sources": [], "purpose": "x"},
    {"name": "vxlan", "protocol": "udp", "ports": "8472"},
]
TASK = {"ports": PORTS, "toward": ["192.168.0.0/16", "10.99.0.0/24"], "within": ["10.99.0.0/24", "fd00::/64"]}


def started(**keys: Any) -> dict[str, Any]:
    listening = {
        "token": TOKEN,
        "address": "10.99.0.11",
        "listening": ["tcp/10250", "udp/8472"],
        "taken": {"tcp/10255": "taken"},
    }
    return honest(**{**listening, **keys})


def run(answer: Any, **arguments: Any) -> dict[str, Any]:
    return told(port_listener.ActionModule, {**TASK, **arguments}, answer).run(task_vars={"inventory_hostname": "n1"})


@pytest.mark.parametrize("address", ["10.99.0.11", "fd00::11", ""])
def test_an_honest_answer_comes_through(address: str) -> None:
    assert run(started(address=address)) == started(address=address)


def test_the_address_is_written_in_its_usual_form() -> None:
    assert run(started(address="::ffff:10.99.0.11"))["address"] == "10.99.0.11"
    assert run(started(address="FD00:0::11"))["address"] == "fd00::11"


@pytest.mark.parametrize("within", [[], ["10.99.0.0/24"], ["0.0.0.0/0", "::/0"]])
@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "169.254.1.1"),
        *(
            "fe80::1",
            "255.255.255.255",
            "fe80::1%eth0",
            "fd00::1%1",
            "vpc-db.example",
            "localhost",
            "10.99.0.11 ",
            "-x",
        ),
        *("10.99.0.11/24", "0x7f000001", "2130706433", "127.1", "10.99.0.011"),
    ],
)
def test_an_address_that_no_node_has(address: str, within: list[str]) -> None:
    found = run(started(address=address), within=within)
    assert (found["failed_checks"], "address" in found) == (["answer"], False)
    assert found["msg"].startswith("n1 answered port_listener with something that it never answers: address is ")


@pytest.mark.parametrize(
    ("address", "within", "reason"),
    [
        ("192.168.0.20", TASK["within"], "outside within (10.99.0.0/24, fd00::/64)"),
        ("10.99.1.1", TASK["within"], "outside within"),
        ("8.8.8.8", "10.99.0.0/24,fd00::/64", "outside within (10.99.0.0/24, fd00::/64)"),
        ("192.168.0.20", [], "inside toward, where the probe comes from"),
    ],
)
def test_nobody_is_sent_where_no_node_is(address: str, within: Any, reason: str) -> None:
    found = run(started(address=address), within=within)
    assert (found["address"], found.get("failed")) == ("", None)
    assert f"the node names {address} as the address to probe, which is {reason}" in found["warnings"][0]


def test_without_within_any_other_address_may_be_probed() -> None:
    assert run(started(address="10.1.1.1"), within=[])["address"] == "10.1.1.1"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"listening": ["tcp/22"]}, "name other ports than the task"),
        ({"taken": {"udp/53": "x"}}, "name other ports than the task"),
        ({"listening": ["tcp/10250", "tcp/10250"]}, "or one of them twice"),
        ({"token": "{{ x }}"}, "token is '{{ x }}', expected 32 hexadecimal digits"),
    ],
)
def test_what_the_listener_has(changes: dict[str, Any], problem: str) -> None:
    assert problem in run(started(**changes))["msg"]


@pytest.mark.parametrize("key", ["token", "address", "listening", "taken"])
def test_nothing_may_be_missing(key: str) -> None:
    answer = started()
    del answer[key]
    assert f"{key} is missing" in run(answer)["msg"]


def test_a_failure_and_an_ended_listener_have_no_address() -> None:
    assert run({"failed": True, **failure("seconds is 0")})["msg"] == "seconds is 0"
    ended = run(started(address="127.0.0.1"), state="absent", token=TOKEN)
    assert ended.keys() & {"token", "address", "listening", "taken", "failed"} == set()
