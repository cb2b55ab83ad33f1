# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as a node runs it, with the prober at the other end of the loopback."""

from __future__ import annotations

import socket

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.doc_fragments import tried_ports
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import listener
from ansible_collections.ack_edge.node.plugins.modules import port_listener
from fakes import servers
from fakes.modules import run_module


def call(module: str, **parameters: object) -> tuple[int, dict]:
    return run_module(module, parameters)


@pytest.fixture
def ports() -> list[dict]:
    tcp, udp = servers.free_port(), servers.free_port(socket.SOCK_DGRAM)
    return [
        {"name": "kubelet", "protocol": "tcp", "ports": [tcp], "sources": ["192.168.0.0/16"], "purpose": "x"},
        {"name": "flannel", "protocol": "udp", "ports": [udp]},
    ]


def numbers(ports: list[dict]) -> list[int]:
    return [port["ports"][0] for port in ports]


def test_the_whole_proof(ports: list[dict]) -> None:
    tcp, udp = numbers(ports)
    with servers.tcp_server(servers.keep_silent) as taken:
        ports.append({"name": "taken", "protocol": "tcp", "ports": [str(taken)]})
        status, started = call("port_listener", ports=ports, toward=["127.0.0.0/8"])
        assert status == 0 and started["changed"]
        assert started["address"] == servers.LOOP
        assert started["listening"] == [f"tcp/{tcp}", f"udp/{udp}"]
        assert started["taken"] == {f"tcp/{taken}": "taken"}
        status, probe = call("port_probe_info", address=servers.LOOP, ports=ports, token=started["token"], timeout=2)
        assert (status, probe["changed"]) == (0, False)
        assert [one["outcome"] for one in probe["results"]] == ["answered", "answered", "other"]
        status, ended = call(
            "port_listener",
            state="absent",
            ports=ports,
            token=started["token"],
            probes=probe["results"],
            address=servers.LOOP,
            prober="vpc-host",
        )
        assert status == 0
        assert [one["status"] for one in ended["results"]] == ["pass"] * 3
        assert ended["failed_checks"] == [] and ended["changed"]
        _status, again = call("port_listener", state="absent", ports=ports, token=started["token"])
    assert again["changed"] is False
    assert [one["status"] for one in again["results"]] == ["unproven"] * 3


def test_check_mode_starts_and_ends_nothing(ports: list[dict]) -> None:
    _status, started = call("port_listener", ports=ports, _ansible_check_mode=True)
    assert started["changed"]
    assert listener.end(started["token"]) is None
    _status, started = call("port_listener", ports=ports)
    _status, ended = call(
        "port_listener", state="absent", ports=ports, token=started["token"], _ansible_check_mode=True
    )
    assert ended["changed"] is False
    assert listener.end(started["token"]) == {}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (
            {"ports": [{"name": "a", "protocol": "tcp", "ports": ["x"]}], "seconds": 0},
            ["port is 'x': give a port", "seconds is 0"],
        ),
        ({"ports": [], "toward": ["10.0.0.1/8"], "within": ["x"]}, ["toward is '10.0.0.1/8'", "within is 'x'"]),
        ({"ports": [], "state": "absent"}, ["token"]),
    ],
)
def test_wrong_parameters_are_named_together(parameters: dict, words: list[str]) -> None:
    status, result = call("port_listener", **parameters)
    assert status == 1
    assert all(word in result["msg"] for word in words), result["msg"]
    assert (result["results"], result["failed_checks"]) == ([], ["module"])


def test_documentation_names_every_option() -> None:
    documented = yaml.safe_load(port_listener.DOCUMENTATION)["options"]
    assert {*documented, "ports"} == set(port_listener.ARGUMENT_SPEC)
    fragment = yaml.safe_load(tried_ports.ModuleDocFragment.DOCUMENTATION)["options"]
    assert set(fragment["ports"]["suboptions"]) == set(port_listener.ARGUMENT_SPEC["ports"]["options"])
