# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every pair of what the two ends saw has a verdict, and none says pass for what was not proven."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import verdicts
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.inputs import Port

TCP, UDP = Port("kubelet", "tcp", 10250), Port("flannel", "udp", 8472)
OUTCOMES = ("answered", "other", "timeout", "refused", "silent", "unreachable", "forbidden")


def judge(port: Port, outcome: str | None, *, heard: object = (), refused: str = "", detail: str = "why") -> dict:
    seen = {"outcome": outcome, "seen_as": "192.168.0.9", "detail": detail}
    key = (port.protocol, port.port)
    listened = None if heard is None else {f"{one}": ["192.168.0.9"] for one in heard}
    (found,) = verdicts.judge(
        [port],
        {port: refused} if refused else {},
        "10.99.0.11",
        "vpc-host",
        {key: seen} if outcome else {},
        listened,
    )
    return found


@pytest.mark.parametrize(
    ("port", "outcome", "more", "status", "words"),
    [
        (TCP, "answered", {"heard": ["tcp/10250"]}, "pass", "TCP 10250 of 10.99.0.11 is reachable from vpc-host"),
        (UDP, "answered", {"heard": ["udp/8472"]}, "pass", "and the answer arrives"),
        (TCP, "timeout", {}, "fail", "no answer arrives"),
        (TCP, "refused", {}, "fail", "a firewall rejects them"),
        (UDP, "silent", {}, "fail", "did not receive the datagrams"),
        (UDP, "silent", {"heard": ["udp/8472"]}, "fail", "but the answer is lost on the return path"),
        (UDP, "refused", {}, "fail", "a firewall rejects them"),
        (TCP, "unreachable", {}, "fail", "vpc-host cannot send to TCP 10250 of 10.99.0.11: why"),
        (TCP, "forbidden", {}, "fail", "is not allowed to send to"),
        (TCP, "other", {}, "fail", "another host answers vpc-host"),
        (TCP, "other", {"refused": "taken"}, "pass", "the service that already listens there accepted the connection"),
        (UDP, "other", {"refused": "taken"}, "pass", "the service that already listens there answers"),
        (UDP, "silent", {"refused": "taken"}, "unproven", "is already in use"),
        (TCP, "timeout", {"refused": "taken"}, "fail", "no answer arrives"),
        (TCP, "timeout", {"refused": "Permission denied"}, "unproven", "nothing can listen"),
        (TCP, None, {}, "unproven", "was not probed from vpc-host"),
        (TCP, "refused", {"heard": None}, "unproven", "ended before"),
        (TCP, "other", {"heard": None, "refused": "taken"}, "unproven", "ended before"),
    ],
)
def test_what_both_saw_has_its_verdict(port: Port, outcome: str, more: dict, status: str, words: str) -> None:
    found = judge(port, outcome, **more)
    assert (found["status"], words in found["summary"]) == (status, True), found["summary"]
    assert bool(found["remedy"]) == (status != "pass")
    assert found["check"] == f"inbound_{port.protocol}_{port.port}"


def test_whether_it_arrived_is_said_where_it_is_known() -> None:
    assert judge(TCP, "answered", heard=None)["data"]["arrived"] is True
    assert judge(UDP, "silent")["data"]["arrived"] is False
    assert judge(UDP, "silent", heard=None)["data"]["arrived"] is None


@pytest.mark.parametrize(
    ("port", "outcome", "heard", "refused"),
    list(
        itertools.product(
            (TCP, UDP), (*OUTCOMES, None), (None, (), ("tcp/10250", "udp/8472")), ("", "taken", "Permission denied")
        )
    ),
)
def test_pass_is_said_only_of_an_answer(port: Port, outcome: str | None, heard: object, refused: str) -> None:
    found = judge(port, outcome, heard=heard, refused=refused)
    if found["status"] == "pass":
        assert outcome == "answered" or (outcome == "other" and refused == "taken")
    assert "{" not in found["summary"] + found["remedy"] + found["reproduce"]


def test_verdicts_keep_the_order_of_the_ports() -> None:
    found = verdicts.judge([UDP, TCP], {}, "::1", "vpc-host", {}, {})
    assert [one["check"] for one in found] == ["inbound_udp_8472", "inbound_tcp_10250"]


def test_whose_process_has_a_port_is_said() -> None:
    seen = {("tcp", 10250): {"outcome": "other", "seen_as": "", "detail": ""}}
    (found,) = verdicts.judge([TCP], {TCP: "taken"}, "::1", "vpc-host", seen, {}, {TCP: "user bob"})
    assert found["summary"].endswith("accepted the connection; a process of user bob has the port")
    assert found["data"]["holder"] == "user bob"


def test_a_port_that_something_has_on_loopback_alone_is_no_matter_of_firewalls() -> None:
    for outcome, words in (("refused", "listens only on 127.0.0.1 or ::1"), ("timeout", "no answer arrives")):
        seen = {"outcome": outcome, "seen_as": "", "detail": ""}
        (found,) = verdicts.judge(
            [TCP], {TCP: "taken"}, "10.99.0.11", "vpc-host", {("tcp", 10250): seen}, {}, {TCP: "user root"}, {TCP}
        )
        assert (found["status"], words in found["summary"]) == ("fail", True)
        assert ("firewall" in found["remedy"]) is (outcome == "timeout")
