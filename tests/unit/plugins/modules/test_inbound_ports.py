# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module: parameters in, results out."""

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.module_utils._module import answer
from ansible_collections.ack_edge.node.plugins.modules import inbound_ports
from fakes import ip_text
from fakes.firewall import KUBELET, VXLAN
from fakes.nft import DROPPING, nft_system


def call(system, check_mode=False, **params):
    """Return the result of one run of the engine with the module's defaults."""
    defaults = {name: spec.get("default") for name, spec in inbound_ports.ARGUMENT_SPEC.items()}
    return {"failed": False, **answer(inbound_ports.run, system.node(), {**defaults, **params}, check_mode)}


@pytest.fixture
def system(tmp_path):
    return nft_system(tmp_path)


def test_results_are_one_for_one_in_order(system):
    result = call(system, ports=[VXLAN, KUBELET])
    assert not result["failed"]
    assert [item["check"] for item in result["results"]] == ["vxlan", "kubelet"]
    assert result["summary"]["pass"] == 2
    assert (result["failed_checks"], result["backend"], result["changed"]) == ([], "nftables", True)
    assert result["diff"]["before"] == ""
    assert result["diff"]["after"].splitlines()[0] == "# now"
    assert "diff" not in call(system, ports=[VXLAN, KUBELET])


def test_check_mode_fails_what_is_not_there(system):
    result = call(system, ports=[KUBELET], check_mode=True)
    assert (result["changed"], result["failed"], result["failed_checks"]) == (True, False, ["kubelet"])
    assert "prepare_edge.yml" in result["results"][0]["remedy"]
    assert "FAIL" in result["msg"]


def test_all_input_problems_come_in_one_message_before_anything_is_changed(system):
    before = system.files()
    result = call(
        system, ports=[dict(KUBELET, ports=["0"], sources=["10.0.0.1/8"]), KUBELET], zone="trusted", interface="eth9"
    )
    assert result["failed"]
    for said in (
        "port is '0': give a port from 1 to 65535, or a range",
        "host bits",
        "name is already used",
        "zone is 'trusted'",
        "interface is 'eth9', which this node does not have, expected one of eth0",
    ):
        assert said in result["msg"]
    assert system.files() == before
    assert not system.calls


def test_an_error_returns_a_result_for_every_entry(system):
    system.programs["nft"] = lambda args, stdin: (1, "", "Error: JSON support not compiled-in\n")
    result = call(system, ports=[KUBELET, VXLAN])
    assert result["failed"]
    assert "JSON" in result["msg"]
    assert result["failed_checks"] == ["kubelet", "vxlan"]


def test_absent_without_ports_tells_of_what_the_manifest_names(system):
    call(system, ports=[KUBELET])
    result = call(system, state="absent", check_mode=True)
    assert (result["changed"], result["failed_checks"]) == (True, ["kubelet"])
    result = call(system, state="absent")
    assert (result["changed"], [item["status"] for item in result["results"]]) == (True, ["pass"])
    assert system.programs["nft"].comments(DROPPING) == []
    assert call(system, state="absent") == {**call(system, state="absent"), "changed": False, "results": []}


def test_absent_needs_no_interface_and_takes_what_was_allowed_then(system):
    call(system, ports=[dict(KUBELET, sources=["0.0.0.0/0"])], allow_any_source=True)
    assert not call(system, state="absent", ports=[dict(KUBELET, sources=["0.0.0.0/0"])], interface="eth9")["failed"]


def with_address(system, *networks):
    infos = [
        {"local": text.split("/")[0], "prefixlen": int(text.split("/")[1]), "scope": "global"} for text in networks
    ]
    rows = [{"ifname": "eth0", "addr_info": infos}]
    shown = {"address": ip_text.address(rows), "route": "default via 10.20.0.1 dev eth0 \n"}
    system.programs["ip"] = lambda args, _stdin: (0, shown[args[0]], "")


def test_on_link_stands_for_the_networks_of_the_node(system):
    with_address(system, "10.20.3.4/16", "fd00::7/64")
    result = call(system, ports=[dict(KUBELET, sources=["192.168.0.0/16", "on-link"])])
    assert "from 10.20.0.0/16, 192.168.0.0/16, fd00::/64 is open" in result["results"][0]["summary"]
    assert not call(system, ports=[dict(KUBELET, sources=["on-link", "192.168.0.0/16"])])["changed"]


def test_on_link_without_a_network_is_said_with_the_other_problems(system):
    with_address(system, "203.0.113.7/32")
    result = call(system, ports=[dict(KUBELET, sources=["on-link"], ports=["0"])])
    assert result["failed"]
    assert "on-link, but interface eth0 has an address in no network; list the networks" in result["msg"]
    assert "port is '0': give a port from 1 to 65535, or a range" in result["msg"]
    system.programs["ip"] = lambda args, _stdin: (1, "", "")
    result = call(system, ports=[dict(KUBELET, sources=["on-link"])])
    assert "without a default route the interface is unknown" in result["msg"]


def test_documentation_names_every_option():
    options = yaml.safe_load(inbound_ports.DOCUMENTATION)["options"]

    def same(spec, documented):
        assert set(spec) == set(documented)
        for name, option in spec.items():
            for key in ("type", "elements", "choices", "default", "required"):
                assert option.get(key) == documented[name].get(key), (name, key)
            same(option.get("options", {}), documented[name].get("suboptions", {}))

    same(inbound_ports.ARGUMENT_SPEC, options)
    assert yaml.safe_load(inbound_ports.RETURN)
    assert yaml.safe_load(inbound_ports.EXAMPLES)
