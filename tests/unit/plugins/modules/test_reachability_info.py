# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as a node runs it: parameters in, verdicts out, against loopback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.modules import reachability_info
from fakes import servers
from fakes.modules import run_module


def call(parameters: dict, **environ: str) -> tuple[int, dict]:
    return run_module("reachability_info", parameters, **environ)


def endpoint(name: str, port: int, protocol: str = "tcp", **more: object) -> dict:
    return {"name": name, "host": servers.LOOP, "port": port, "protocol": protocol} | more


def test_all_verdicts_come_back_in_order_with_their_summary(tmp_path: Path) -> None:
    authority = servers.Authority(tmp_path)
    with (
        servers.tcp_server(servers.tls_handler(authority.server(servers.LOOP))) as https,
        servers.udp_server(lambda data: None) as silent,
    ):
        status, result = call(
            {
                "endpoints": [
                    endpoint("refused", servers.free_port(), purpose="to fail", whatever=1),
                    endpoint("https", https, "https"),
                    endpoint("silent", silent, "udp"),
                    endpoint("optional", servers.free_port(), required=False),
                    endpoint("hosts", https, host="localhost"),
                ],
                "timeout": 0.5,
                "ca_path": str(authority.path),
            }
        )
    assert status == 0
    assert [(item["check"], item["status"]) for item in result["results"]] == [
        ("refused", "fail"),
        ("https", "pass"),
        ("silent", "unproven"),
        ("optional", "fail"),
        ("hosts", "pass"),
    ]
    assert result["summary"] == {"pass": 2, "warn": 0, "fail": 2, "unproven": 1, "skipped": 0}
    assert result["failed_checks"] == ["refused"]
    assert result["changed"] is False
    assert result["results"][1]["data"]["via"]["interface"] in ("lo", "")
    assert result["msg"].startswith("FAIL     refused: TCP connect to")


def test_all_bad_parameters_are_named_together(tmp_path: Path) -> None:
    status, result = call(
        {
            "endpoints": [endpoint("a", 0), endpoint("a", 1, "icmp")],
            "timeout": 0,
            "threads": -1,
            "node_cidrs": ["10.0.0.1/8"],
            "ca_path": str(tmp_path / "none.pem"),
            "proxy": "explicit",
            "proxy_url": "socks5://me:secret@proxy.test",
        }
    )
    assert status == 1
    assert result["failed"] is True
    for words in (
        "endpoints[0].port is 0: give a port",
        "endpoints[1].protocol: 'icmp'",
        "endpoints[1].name: 'a'",
        "timeout is 0.0: give a number of seconds above 0",
        "threads is -1",
        "node_cidrs is '10.0.0.1/8': the address has host bits set",
        "ca_path: ",
        "proxy_url: has the scheme 'socks5'",
    ):
        assert words in result["msg"]
    assert (result["results"], result["failed_checks"], result["summary"]["fail"]) == ([], ["module"], 0)


def test_a_proxy_from_the_environment_is_named_and_its_password_is_not() -> None:
    with socket.create_server((servers.LOOP, 0)) as listener:
        port = listener.getsockname()[1]
        direct = {"endpoints": [endpoint("a", port, host="localhost")], "timeout": 0.5}
        url = f"http://me:secret@{servers.LOOP}:{servers.free_port()}"
        quiet = call(direct)[1]
        warned = call(direct, HTTPS_PROXY=url)[1]
        exempt = call(direct, HTTPS_PROXY=url, NO_PROXY="localhost")[1]
        through = call(direct | {"proxy": "environment"}, HTTPS_PROXY=url)[1]
        explicit = call(direct | {"proxy": "explicit", "proxy_url": url})[1]
    assert "warnings" not in quiet and "warnings" not in exempt
    assert "HTTPS_PROXY is set on the node and NO_PROXY does not exempt localhost" in str(warned["warnings"])
    assert [item["results"][0]["status"] for item in (quiet, warned, exempt)] == ["pass"] * 3
    for result in (through, explicit):
        assert result["results"][0]["status"] == "fail"
        assert result["results"][0]["data"]["via"]["proxy"].startswith(servers.LOOP)
    assert "secret" not in str([warned, through, explicit["results"]])


def test_a_proxy_variable_that_is_no_proxy_is_a_problem() -> None:
    status, result = call({"endpoints": [endpoint("a", 1)], "proxy": "environment"}, ALL_PROXY="socks5://x:1")
    assert status == 1
    assert "the environment variable ALL_PROXY on the node has the scheme 'socks5'" in result["msg"]


def test_documentation_and_argument_spec_agree() -> None:
    documented = yaml.safe_load(reachability_info.DOCUMENTATION)["options"]
    assert set(documented) == set(reachability_info.ARGUMENT_SPEC)
    for name, spec in reachability_info.ARGUMENT_SPEC.items():
        for key in ("type", "elements", "default", "choices", "required"):
            assert documented[name].get(key) == spec.get(key), (name, key)


def test_every_key_of_a_result_is_documented() -> None:
    documented = yaml.safe_load(reachability_info.RETURN)
    _status, result = call({"endpoints": [endpoint("a", servers.free_port())], "timeout": 0.5})
    assert set(result) - {"invocation", "changed"} == set(documented)
    contains = documented["results"]["contains"]
    assert set(result["results"][0]) == set(contains)
    assert set(result["results"][0]["data"]) == set(contains["data"]["contains"])


@pytest.mark.parametrize("endpoints", [[], [endpoint("a", 9, "udp")]])
def test_check_mode_is_the_same(endpoints: list) -> None:
    parameters = {"endpoints": endpoints, "timeout": 0.1}
    normal, check = call(parameters)[1], call(parameters | {"_ansible_check_mode": True})[1]
    assert [item["status"] for item in normal["results"]] == [item["status"] for item in check["results"]]
