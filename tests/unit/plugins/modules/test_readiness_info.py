# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import yaml
from ansible_collections.ack_edge.node.plugins.doc_fragments import tools as doc_tools
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import registry
from ansible_collections.ack_edge.node.plugins.modules import readiness_info
from fakes.modules import run_module


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
    assert _spec({**document["options"], **fragment["options"]}) == _spec(readiness_info.ARGUMENT_SPEC)
    assert [name for name in registry.ids() if f"V({name})" not in " ".join(document["description"])] == []


def test_bad_input_has_all_keys_of_a_result():
    rc, result = run_module("readiness_info", {"checks": ["swop"], "pod_cidr": ["x"]})
    assert (rc, result["failed"], result["results"], result["failed_checks"]) == (1, True, [], ["module"])
    assert "did you mean swap" in result["msg"]
    assert "pod_cidr is 'x': give a network" in result["msg"]
