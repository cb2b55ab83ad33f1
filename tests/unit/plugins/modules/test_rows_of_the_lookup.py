# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of the lookup can be handed to the modules as they are, whatever the lookup says about them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.ack_edge.node.plugins.doc_fragments import tried_ports
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items, with_networks
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.inputs import read_ports
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.inputs import read_endpoints
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import arguments as route_arguments
from ansible_collections.ack_edge.node.plugins.modules import (
    inbound_ports,
    port_listener,
    port_probe_info,
    reachability_info,
    static_routes,
)
from fakes import requirements as helpers

ROLES = Path(__file__).parents[4] / "roles"


def sets() -> list[dict]:
    """Requirement sets of every region, of both access modes, with everything that adds rows."""
    more = {"node_cidrs": ["10.99.0.0/24"], "cni": "flannel", "extra_routes": ["10.20.0.0/16"]}
    found = [helpers.leased(region, **more) for region in helpers.REGIONS]
    found += [helpers.leased(route_scope="supernet", **more)]
    return found + [helpers.internet(region, node_cidrs=more["node_cidrs"]) for region in helpers.REGIONS]


def valid(specification: dict, parameters: dict) -> dict:
    result = ArgumentSpecValidator(specification).validate(parameters)
    assert result.error_messages == []
    return result.validated_parameters


@pytest.fixture(scope="module")
def required() -> list[dict]:
    return sets()


def test_routes(required: list[dict]) -> None:
    rows = [row for one in required for row in one["routes"]]
    assert any("confidence" in row for row in rows)
    assert len(valid(static_routes.ARGUMENT_SPEC, {"routes": rows, "gateway": "10.0.0.1"})["routes"]) == len(rows)


def test_inbound(required: list[dict]) -> None:
    for one in required:
        given = valid(inbound_ports.ARGUMENT_SPEC, {"ports": one["inbound"]})["ports"]
        assert parse_items(with_networks(given, ["10.99.0.0/24"]))[1] == []
        for specification, more in (
            (port_listener.ARGUMENT_SPEC, {}),
            (port_probe_info.ARGUMENT_SPEC, {"address": "10.99.0.11", "token": "a" * 32}),
        ):
            given = valid(specification, {"ports": one["inbound"], **more})["ports"]
            assert read_ports(given)[1] == []


def test_endpoints(required: list[dict]) -> None:
    for one in required:
        given = valid(reachability_info.ARGUMENT_SPEC, {"endpoints": one["endpoints"]})["endpoints"]
        endpoints, problems = read_endpoints(given)
        assert problems == []
        assert [item.confidence for item in endpoints] == [row["confidence"] for row in one["endpoints"]]


@pytest.mark.parametrize(
    ("role", "option", "key"),
    [
        ("leased_line_routes", "leased_line_routes_routes", "routes"),
        ("inbound_ports", "inbound_ports_ports", "inbound"),
        ("reachability", "reachability_endpoints", "endpoints"),
    ],
)
def test_roles_take_them_too(required: list[dict], role: str, option: str, key: str) -> None:
    specification = yaml.safe_load((ROLES / role / "meta/argument_specs.yml").read_text())
    for one in required:
        valid(specification["argument_specs"]["main"]["options"], {option: one[key]})


def test_every_key_is_documented() -> None:
    documented = {
        static_routes: ("routes", route_arguments.ROUTE_SPEC),
        inbound_ports: ("ports", inbound_ports.ARGUMENT_SPEC["ports"]["options"]),
    }
    for module, (option, specification) in documented.items():
        options = yaml.safe_load(module.DOCUMENTATION)["options"]
        assert set(options[option]["suboptions"]) == set(specification)
    fragment = yaml.safe_load(tried_ports.ModuleDocFragment.DOCUMENTATION)["options"]
    assert set(fragment["ports"]["suboptions"]) == set(port_probe_info.ARGUMENT_SPEC["ports"]["options"])
