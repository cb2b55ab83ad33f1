# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import inspect
import json
import re
import types
from pathlib import Path

import jsonschema
import yaml
from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import registry, run
from ansible_collections.ack_edge.node.plugins.modules import readiness_info
from fakes.readiness import RULES

DOCS = Path(__file__).parents[5] / "docs"
INPUTS = {"access_mode": "leased_line", "pod_cidr": ["10.244.0.0/16"], "service_cidr": ["172.21.0.0/20"]}


def test_every_file_is_a_check_and_every_check_has_a_test():
    folder = Path(inspect.getfile(registry)).parent / "checks"
    files = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert files == set(registry.ids())
    assert len(registry.ids()) == len(set(registry.ids()))
    tests = {path.stem for path in (Path(__file__).parent / "checks").glob("test_*.py")}
    assert {f"test_{name}" for name in files} <= tests
    for check in registry.CHECKS:
        assert check.__name__.rpartition(".")[2] == check.ID
        assert check.TITLE


def test_ids_keep_their_names():
    """Users have these in skip_checks and pipelines: a change here is a change for them. A new id is added here."""
    assert tuple(registry.ids()) == (
        "privileges",
        "read_only",
        "os_support",
        "systemd",
        "kernel_modules",
        "cgroups",
        "selinux",
        "node_name",
        "machine_id",
        "own_address",
        "default_route",
        "ip_rule",
        "ip_forwarding",
        "interface_mtu",
        "pod_service_overlap",
        "leased_line",
        "rp_filter",
        "supernet_in_use",
        "host_state",
        "earlier_join",
        "cni_config",
        "resolver_loop",
        "ports_taken",
        "system_tools",
        "clock",
        "clock_setters",
        "clock_step",
        "time_zone",
        "disk_space",
        "swap",
        "proxy_variables",
        "gpu_driver",
    ), "add a new check to this list; ids that are here are not changed"


def test_docs_have_every_id_in_order():
    page = (DOCS / "readiness_checks.md").read_text()
    rows = re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| [^|]+ \|$", page.partition("## The shape")[0], re.MULTILINE)
    assert rows == registry.ids(), "the table of docs/readiness_checks.md is not that of CHECKS"
    named = re.findall(r"V\(([a-z_]+)\)", yaml.safe_load(readiness_info.DOCUMENTATION)["description"][1])
    assert named == registry.ids(), "the description in plugins/modules/readiness_info.py is not that of CHECKS"


def test_all_run_in_order_on_a_good_node(world):
    found = registry.look(world.facts, INPUTS)
    assert [item["check"] for item in found] == registry.ids()
    odd = [item for item in found if item["status"] not in ("pass", "skipped")]
    assert odd == [], "World of fakes/readiness.py is a good node; give it what this check reads there"
    assert {item["status"] for item in found} == {"pass", "skipped"}
    schema = json.loads((DOCS / "verdict.schema.json").read_text())
    listed = schema["$defs"]["readiness"]["properties"]["results"]["items"]["properties"]["check"]["enum"]
    assert listed == registry.ids(), "the list of checks in docs/verdict.schema.json is not that of CHECKS"
    jsonschema.validate(_verdict.report(found), schema["$defs"]["readiness"] | {"$defs": schema["$defs"]})


def test_selection_skip_and_advisory(world):
    world.routes = []
    found = registry.look(world.facts, INPUTS, ["swap", "default_route", "node_name"], ["node_name"], ["default_route"])
    assert [(item["check"], item["status"]) for item in found] == [
        ("node_name", "skipped"),
        ("default_route", "fail"),
        ("swap", "pass"),
    ]
    assert [item["data"]["required"] for item in found] == [True, False, True]


def test_one_check_that_cannot_look_does_not_hide_the_others(world):
    del world.commands[RULES]
    found = {item["check"]: item for item in registry.look(world.facts, INPUTS)}
    assert found["ip_rule"]["status"] == "unproven"
    assert RULES in found["ip_rule"]["summary"]
    assert found["machine_id"]["status"] == "pass"


def test_commands_run_once_however_many_checks_want_them(world):
    registry.look(world.facts, INPUTS)
    assert len(world.ran) == len({tuple(argv) for argv in world.ran})


def test_a_new_check_is_one_file_and_its_line(world, monkeypatch):
    def look(facts, inputs):
        return _verdict.verdict("dummy", _verdict.PASS, f"the host name is {facts.host_name()}")

    dummy = types.SimpleNamespace(ID="dummy", TITLE="a dummy", run=look)
    monkeypatch.setattr(registry, "CHECKS", (*registry.CHECKS, dummy))
    params = {name: option.get("default") for name, option in readiness_info.ARGUMENT_SPEC.items()}
    found = run.run(world.node, {**params, "checks": ["dummy"]}, False)
    assert [(item["check"], item["summary"]) for item in found["results"]] == [("dummy", "the host name is edge-1")]
    found = run.run(world.node, {**params, "checks": ["dummy"], "skip": ["dummy"]}, False)
    assert found["results"][0]["status"] == "skipped"
    assert "did you mean dummy?" in registry.problems("skip", ["dumy"])[0]


def test_unknown_ids_name_the_nearest():
    found = registry.problems("skip", ["node_nam", "swap", "xyzzy"])
    assert len(found) == 2
    assert "did you mean node_name?" in found[0]
    assert "did you mean" not in found[1]
    assert all("pod_service_overlap" in sentence for sentence in found)
