# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of the module; what it sees of a listener is in test_port_listener."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.modules import port_listener, port_probe_info
from fakes import servers
from fakes.modules import run_module


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": "host"}, "address is 'host'"),
        ({"source": "x"}, "source is 'x'"),
        ({"token": "x"}, "token is 'x'"),
        ({"timeout": 0}, "timeout is 0"),
        ({"ports": [{"name": "a", "protocol": "tcp", "ports": [0]}]}, "port is '0': give a port"),
    ],
)
def test_wrong_parameters_of_the_prober_are_named(change: dict, words: str) -> None:
    given = {"address": servers.LOOP, "ports": [], "token": "a" * 32} | change
    status, result = run_module("port_probe_info", given)
    assert status == 1 and words in result["msg"]
    assert (result["results"], result["failed_checks"], result["summary"]["fail"]) == ([], ["module"], 0)


def test_closed_ports_come_back_in_order() -> None:
    closed = [servers.free_port(), servers.free_port()]
    ports = [{"name": "a", "protocol": "tcp", "ports": closed}]
    status, result = run_module(
        "port_probe_info", {"address": servers.LOOP, "ports": ports, "token": "a" * 32, "_ansible_check_mode": True}
    )
    assert status == 0
    assert [(one["port"], one["outcome"]) for one in result["results"]] == [(port, "refused") for port in closed]
    assert (result["failed_checks"], sum(result["summary"].values())) == ([], 0)
    assert result["msg"] == "the listener answered on 0 of 2 ports"


def test_both_ends_take_the_same_list_and_documentation_names_every_option() -> None:
    assert port_probe_info.ARGUMENT_SPEC["ports"] is port_listener.ARGUMENT_SPEC["ports"]
    assert {*yaml.safe_load(port_probe_info.DOCUMENTATION)["options"], "ports"} == set(port_probe_info.ARGUMENT_SPEC)
