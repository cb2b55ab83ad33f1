# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.doc_fragments import tools as doc_tools
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import registry
from ansible_collections.ack_edge.node.plugins.modules import readiness_info
from helpers_readiness import World

DEFAULTS = {
    "checks": [],
    "skip": [],
    "advisory": [],
    "access_mode": None,
    "cluster_version": None,
    "pod_cidr": [],
    "service_cidr": [],
    "node_cidrs": [],
    "leased_line_gateway": None,
    "leased_line_interface": None,
    "os_support": [],
    "system_tools": [],
    "inbound_ports": [],
    "min_free_mb": 10240,
    "max_clock_offset": 1.0,
}


def test_result_is_that_of_every_module(tmp_path):
    world = World(tmp_path)
    world.routes = []
    found = readiness_info.run(world.node, {**DEFAULTS, "checks": ["default_route", "swap"]})
    assert [item["check"] for item in found["results"]] == ["default_route", "swap"]
    assert found["failed_checks"] == ["default_route"]
    assert found["changed"] is False
    assert "no default route" in found["msg"]


def test_all_problems_of_the_input_at_once():
    found = readiness_info.input_problems(
        {
            **DEFAULTS,
            "skip": ["os_suport"],
            "pod_cidr": ["10.244.1.0/16"],
            "service_cidr": ["nonsense"],
            "node_cidrs": ["10.0.0.0/33"],
            "leased_line_gateway": "10.0.0",
            "cluster_version": "latest",
            "min_free_mb": 0,
            "max_clock_offset": 0,
        }
    )
    assert len(found) == 8
    text = "; ".join(found)
    for words in (
        "did you mean os_support",
        "pod_cidr is '10.244.1.0/16': the address has host bits set; the network is 10.244.0.0/16",
        "service_cidr is 'nonsense'",
        "node_cidrs is '10.0.0.0/33'",
        "leased_line_gateway is '10.0.0'",
        "cluster_version is 'latest'",
        "min_free_mb is 0",
        "max_clock_offset is 0",
    ):
        assert words in text


@pytest.mark.parametrize("version", ["1.30", "1.30.7", "1.30.7-aliyun.1", "1.12.6-aliyunedge.1", None, ""])
def test_versions_that_are_right(version):
    assert not readiness_info.input_problems({**DEFAULTS, "cluster_version": version})


def _spec(options):
    keep = ("type", "elements", "choices", "default", "required")
    found = {}
    for name, option in options.items():
        found[name] = {key: option[key] for key in keep if key in option}
        nested = option.get("suboptions") or option.get("options")
        if nested:
            found[name]["nested"] = _spec(nested)
    return found


def test_documentation_and_argument_spec_agree():
    document = yaml.safe_load(readiness_info.DOCUMENTATION)
    fragment = yaml.safe_load(doc_tools.ModuleDocFragment.DOCUMENTATION)
    assert _spec({**document["options"], **fragment["options"]}) == _spec(readiness_info.argument_spec())
    assert all(f"V({name})" in " ".join(document["description"]) for name in registry.IDS)
