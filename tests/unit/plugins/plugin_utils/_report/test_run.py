# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import standings
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.run import Run
from fakes.report import GATE, endpoint, run, verdict

SCHEMA = json.loads((Path(__file__).parents[5] / "docs" / "fleet_report.schema.json").read_text())
LOOK = "ack_edge.node.readiness_info"
VERDICT = {"check": "a", "status": "fail", "summary": "s", "remedy": "r", "reproduce": "", "data": {"required": True}}


def test_document_tells_every_machine():
    made = Run("verify_edge-1", "verify_edge", "then")
    made.task("one", "look", {"results": [VERDICT]}, "1", LOOK)
    made.task("one", "set", {"changed": True}, "2")
    made.task("two", "look", {})
    made.failure("one", "gate", "not ready", "3")
    made.unreachable("three", "no route to host")
    document = made.document("now", ["four"])
    hosts = document["hosts"]
    assert {name: record["state"] for name, record in hosts.items()} == {
        "one": "failed", "two": "ok", "three": "unreachable", "four": "not started",
    }  # fmt: skip
    assert hosts["one"]["verdicts"] == [VERDICT | {"task": "look", "module": LOOK}]
    assert hosts["one"]["changed"] == ["set"]
    assert (hosts["one"]["failed_task"], hosts["one"]["message"]) == ("gate", "not ready")
    assert (hosts["one"]["started"], hosts["one"]["ended"]) == ("1", "3")


def test_machine_that_went_on_stays_what_it_became():
    made = Run("verify_edge-1", "verify_edge", "then")
    made.failure("one", "gate", "not ready")
    made.task("one", "cleanup", {})
    assert made.document("now")["hosts"]["one"]["state"] == "failed"


def test_where_a_host_is():
    made = Run("prepare_edge-1", "prepare_edge", "then")
    made.place("one", wave=2, region="cn-hangzhou", site="idc1", address="10.0.0.1", access_mode="")
    made.place("one", region="cn-beijing", access_mode="internet", site=["x"], address=None)
    found = made.document()["hosts"]["one"]
    assert [found[key] for key in ("region", "access_mode", "site", "address", "wave")] == [
        "cn-beijing", "internet", "idc1", "10.0.0.1", 2,
    ]  # fmt: skip


def test_facts_of_a_node_say_nothing_of_where_it_is():
    """H17: a node would claim another region."""
    made = Run("prepare_edge-1", "prepare_edge", "then")
    facts = {"ack_edge_requirements": {"region": "cn-beijing", "access_mode": "internet"}, "ack_edge_site": "x"}
    made.task("one", "look", {"ansible_facts": facts, "results": [VERDICT]}, "1", LOOK)
    found = made.document()["hosts"]["one"]
    assert (found["region"], found["access_mode"], found["site"]) == ("", "", "")


def test_only_modules_of_the_collection_have_verdicts():
    made = Run("prepare_edge-1", "prepare_edge", "then")
    for module in ("ansible.builtin.command", "ack_edge.node", "other.ack_edge.node.readiness_info", "", LOOK):
        made.task("one", module, {"results": [VERDICT]}, "1", module)
    assert [item["task"] for item in made.document()["hosts"]["one"]["verdicts"]] == [LOOK]


@pytest.mark.parametrize(
    "results",
    ["x", {}, 5, None, [5], ["x"], [None], [{"data": "x"}], [VERDICT | {"data": "x"}], [VERDICT | {"data": None}],
     [VERDICT | {"data": {}}], [VERDICT | {"summary": 5, "remedy": None}], [VERDICT | {"status": "good"}],
     [VERDICT | {"status": ["fail"]}], [VERDICT | {"check": {"a": 1}}], [VERDICT | {"check": ""}],
     [VERDICT, VERDICT | {"reproduce": []}]],
)  # fmt: skip
def test_what_is_not_a_verdict_is_the_failure_of_that_host_alone(results):
    """H4: it took the report from the whole fleet."""
    made = Run("verify_edge-1", "verify_edge", "then")
    for host in ("good", "hostile"):
        for module in GATE:
            answer = results if (host, module) == ("hostile", LOOK) else [verdict("x")]
            made.task(host, "look", {"results": answer}, "1", module)
    document = made.document("now")
    assert standings(document) == {"good": "ready", "hostile": "not ready"}
    (failing,) = [item for item in document["hosts"]["hostile"]["verdicts"] if item["check"] == "readiness_info"]
    assert failing["summary"].startswith("readiness_info answered with something that is not a verdict: ")
    assert (failing["status"], failing["data"]) == ("fail", {"required": True})
    jsonschema.validate(document, SCHEMA)


def test_probes_are_no_verdicts_and_no_failure():
    made = Run("verify_edge-1", "verify_edge", "then")
    made.task("one", "try", {"results": [{"port": 10250, "reached": True}]}, "1", "ack_edge.node.port_probe_info")
    assert (made.document()["hosts"]["one"]["verdicts"], made.document()["hosts"]["one"]["modules"]) == ([], {})


def test_a_module_that_could_not_look_is_a_failure_though_its_task_was_told_to_go_on():
    made = Run("verify_edge-1", "verify_edge", "then")
    made.task("a", "look", {"results": [], "failed_checks": ["module"], "msg": "the lock is held"}, "1", GATE[3])
    made.task("b", "look", {"module_stdout": "ops is not in the sudoers file.", "msg": "MODULE FAILURE"}, "1", GATE[3])
    hosts = made.document()["hosts"]
    ((one,), (other,)) = (hosts[name]["verdicts"] for name in "ab")
    assert (one["check"], one["status"], one["summary"]) == ("static_routes", "fail", "the lock is held")
    assert (other["check"], other["summary"]) == ("The user is not in sudoers", "ops is not in the sudoers file.")


def test_a_module_that_failed_has_not_looked():
    made = Run("verify_edge-1", "verify_edge", "then")
    made.task("a", "look", {"results": [], "failed_checks": ["module"]}, "1", GATE[3], failed=True)
    made.task("b", "look", {"results": [verdict("x", "fail")]}, "1", GATE[3], failed=True)
    found = {name: record["modules"][GATE[3]]["proves"] for name, record in made.document()["hosts"].items()}
    assert found == {"a": False, "b": True}


def test_a_reset_is_no_look():
    made = Run("reset_edge-1", "reset_edge", "then")
    made.task("a", "undo", {"results": [verdict("x")]}, "1", GATE[3], undone=True)
    look = made.document()["hosts"]["a"]["modules"][GATE[3]]
    assert (look["run"], look["proves"]) == ("reset_edge-1", False)


def test_verdicts_on_many_hosts_are_of_those_that_are_named_and_known():
    made = Run("verify_edge-1", "verify_edge", "then")
    hosts = {"a": [verdict("machine_id_unique", "fail")], "b": "x", "stranger": [verdict("machine_id_unique", "fail")]}
    made.shared("Detect", {"hosts": hosts}, {"a", "b", "c"}, "1", "ack_edge.node.duplicate_hosts")
    made.shared("Detect", {"hosts": ["a"]}, {"a", "b", "c"}, "1", "ack_edge.node.duplicate_hosts")
    found = made.document()["hosts"]
    assert {name: [item["check"] for item in record["verdicts"]] for name, record in found.items()} == {
        "a": ["machine_id_unique"], "b": ["duplicate_hosts"],
    }  # fmt: skip


def test_a_run_that_was_stopped_says_where_and_who_was_in_work():
    made = Run("prepare_edge-1", "prepare_edge", "then")
    made.task("a", "tools", {})
    made.failure("b", "tools", "no")
    made.broken_off("time_sync : Keep the clock right", ["a", "b", "c"])
    document = made.document(None, ["d"])
    assert document["runs"][0]["stopped"] == 'The run was stopped at the task "time_sync : Keep the clock right"'
    assert {name: record["state"] for name, record in document["hosts"].items()} == {
        "a": "stopped", "b": "failed", "c": "stopped", "d": "not started",
    }  # fmt: skip
    assert standings(document)["a"] == "not ready"
    assert "before this host was done" in document["hosts"]["a"]["message"]


def test_the_document_has_the_shape_of_its_schema():
    whole = run(hosts={"a": [verdict("x"), endpoint("e", "1.2.3.4", "tcp.timeout")], "b": "no route", "c": None})
    jsonschema.validate(json.loads(json.dumps(whole)), SCHEMA)
    jsonschema.validate(Run("verify_edge-1", "verify_edge", "then").document(), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole | {"hosts": {"a": {"state": "lost"}}}, SCHEMA)


@pytest.mark.parametrize("item", [None, {}, {"data": 5}, {"data": {"section": "nowhere"}}, {"data": {"section": [1]}}])
def test_a_look_that_is_none_of_ours_is_said_of_its_host_alone(item: object) -> None:
    made = Run("verify-1", "verify_edge", "2026-11-23T10:00:00+00:00")
    for host, results in (("a", [item]), ("b", [])):
        made.task(host, "Check", {"results": results, "sections": {}}, module="ack_edge.node.preflight_info")
    hosts = made.document()["hosts"]
    assert [found["status"] for found in hosts["a"]["verdicts"]] == ["fail"]
    assert hosts["b"]["verdicts"] == []
