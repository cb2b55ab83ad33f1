# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault of faults.py gives the verdict that stands there, from the module as a node runs it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from ansible_collections.ack_edge.node.plugins.module_utils._reachability import messages
from faults import CALLS, FAULTS
from helpers_packets import need_root
from page import PAGE, render
from world import World

# A fault of our own, which no world can have: see test_a_mistake_of_ours_is_one_verdict_not_a_traceback.
NOT_MADE = {"internal"}
# Other names of the same silence.
SAME = {"ntp.timeout": "ntp.silent", "udp.timeout": "udp.silent"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    need_root()
    made = World(tmp_path_factory.mktemp("reachability"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def verdicts(world):
    """{name of a fault: its verdict}; one call of the module for each entry of CALLS, as a user would make it."""
    found = {}
    for call, parameters in CALLS.items():
        endpoints = [fault.endpoint(name) for name, fault in named().items() if fault.call == call]
        result = world.probe(endpoints, **parameters)
        assert [one["check"] for one in result["results"]] == [one["name"] for one in endpoints]
        found |= {one["check"]: one for one in result["results"]}
    return found


def named():
    return {f"{index:02d}": fault for index, fault in enumerate(FAULTS)}


@pytest.mark.parametrize("name", named())
def test_fault_gives_its_verdict(verdicts, name):
    fault, verdict = named()[name], verdicts[name]
    assert (verdict["status"], verdict["data"]["stage"], verdict["data"]["problem"]) == (
        fault.status,
        fault.stage,
        fault.problem,
    ), verdict["summary"]
    assert bool(verdict["remedy"]) == (fault.status != "pass")
    assert bool(verdict["reproduce"]) == (fault.status in ("fail", "unproven") and fault.problem != "deadline")


def test_every_verdict_that_exists_is_made_by_a_fault():
    made = {fault.problem for fault in FAULTS} - {""}
    assert {SAME.get(problem, problem) for problem in messages.PROBLEMS} - NOT_MADE == made


def test_every_status_and_stage_is_made_by_a_fault():
    assert {fault.status for fault in FAULTS} == {"pass", "warn", "fail", "unproven"}
    assert {fault.stage for fault in FAULTS} == {"dns", "address", "route", "tcp", "proxy", "tls", "http", "ntp", "udp"}


def test_an_mtu_black_hole_is_measured(verdicts):
    """The interface has 1500, the way 1400, and nobody says so."""
    name = next(name for name, fault in named().items() if fault.problem == "tls.mtu")
    mtu = verdicts[name]["data"]["mtu"]
    assert (mtu["interface"], max(mtu["passed"]), min(mtu["stalled"])) == (1500, 1400, 1436)
    assert mtu["echo"] == [{"size": 576, "outcome": "answered"}, {"size": 1500, "outcome": "silent"}]


def test_results_have_the_shape_of_the_schema(verdicts):
    schema = json.loads((PAGE.parent / "verdict.schema.json").read_text())
    result = _verdict.report(list(verdicts.values()))
    jsonschema.validate(result, schema["$defs"]["reachability"] | {"$defs": schema["$defs"]})


def test_two_runs_of_one_world_say_the_same(world, verdicts):
    names = [name for name, fault in named().items() if fault.call == "direct"]
    again = world.probe([named()[name].endpoint(name) for name in names])["results"]
    assert [outcome(one) for one in again] == [outcome(verdicts[name]) for name in names]


def outcome(verdict):
    keys = ("stage", "problem", "addresses", "address", "via", "expected")
    return verdict["status"], [verdict["data"][key] for key in keys]


def test_page_is_what_the_module_says(verdicts):
    text = render([(fault, verdicts[name]) for name, fault in named().items()])
    if os.environ.get("ACK_EDGE_WRITE_PAGES"):
        PAGE.write_text(text)
    assert Path(PAGE).read_text() == text, "the page is old: run 'make pages'"
