# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._run import Run, left, standings, verdicts
from helpers_report import GATE, endpoint, run, verdict

SCHEMA = json.loads((Path(__file__).parents[5] / "docs" / "fleet_report.schema.json").read_text())
VERDICT = {"check": "a", "status": "fail", "summary": "s", "remedy": "r", "reproduce": "", "data": {"required": True}}


def test_verdicts_are_told_from_other_results():
    assert verdicts({"results": [VERDICT | {"extra": 1}, {"item": 1}, "text"]}) == [VERDICT]
    assert verdicts({"results": "text"}) == []
    assert verdicts({}) == []


def test_document_tells_every_machine():
    made = Run("verify_edge-1", "verify_edge", "then")
    made.task("one", "look", {"results": [VERDICT]}, "1")
    made.task("one", "set", {"changed": True}, "2")
    made.task("two", "look", {})
    made.failure("one", "gate", "not ready", "3")
    made.unreachable("three", "no route to host")
    document = made.document("now", ["four"])
    hosts = document["hosts"]
    assert {name: record["state"] for name, record in hosts.items()} == {
        "one": "failed", "two": "ok", "three": "unreachable", "four": "not started",
    }  # fmt: skip
    assert hosts["one"]["verdicts"] == [VERDICT | {"task": "look"}]
    assert hosts["one"]["changed"] == ["set"]
    assert (hosts["one"]["failed_task"], hosts["one"]["message"]) == ("gate", "not ready")
    assert (hosts["one"]["started"], hosts["one"]["ended"]) == ("1", "3")


def test_machine_that_went_on_stays_what_it_became():
    made = Run("verify_edge-1", "verify_edge", "then")
    made.failure("one", "gate", "not ready")
    made.task("one", "cleanup", {})
    assert made.document("now")["hosts"]["one"]["state"] == "failed"


def test_where_a_machine_is():
    made = Run("prepare_edge-1", "prepare_edge", "then")
    made.place("one", wave=2, region="cn-hangzhou", site="idc1", address="10.0.0.1", access_mode="")
    facts = {"ack_edge_requirements": {"region": "cn-beijing", "access_mode": "internet"}, "ack_edge_site": ""}
    made.task("one", "requirements", {"ansible_facts": facts})
    found = made.document()["hosts"]["one"]
    assert [found[key] for key in ("region", "access_mode", "site", "address", "wave")] == [
        "cn-beijing", "internet", "idc1", "10.0.0.1", 2,
    ]  # fmt: skip


def test_the_document_has_the_shape_of_its_schema():
    whole = run(hosts={"a": [verdict("x"), endpoint("e", "1.2.3.4", "tcp.timeout")], "b": "no route", "c": None})
    jsonschema.validate(json.loads(json.dumps(whole)), SCHEMA)
    jsonschema.validate(Run("verify_edge-1", "verify_edge", "then").document(), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole | {"hosts": {"a": {"state": "lost"}}}, SCHEMA)


@pytest.mark.parametrize(
    ("found", "where"),
    [
        ([], "ready"),
        ([verdict("x", "warn"), verdict("y", "unproven")], "ready"),
        ([verdict("x", "fail", required=False)], "ready"),
        ([verdict("x", "fail")], "not ready"),
        ("no route", "unreachable"),
        (None, "not started"),
    ],
)
def test_where_a_machine_stands(found, where):
    assert standings(run(hosts={"a": found})) == {"a": where}


def test_only_who_was_looked_at_whole_is_called_ready():
    """A run of one role, or one that takes everything back, ends well too."""
    made = Run("prepare_edge-1", "prepare_edge", "then")
    for number in range(len(GATE) + 1):
        host = f"edge-{number}"
        made.task(host, "tools", {"results": [verdict("socat")]}, module="ack_edge.node.system_tools")
        for module in GATE[:number]:
            made.task(host, "look", {"results": [verdict("x")]}, module=module)
            made.task(host, "look again", {"results": [verdict("y")]}, module=module)
        made.task(host, "look at nothing", {"skipped": True}, module=GATE[-1])
    document = made.document("now")
    assert standings(document) == {"edge-0": "not judged", "edge-1": "not judged", "edge-2": "ready"}
    assert document["hosts"]["edge-2"]["modules"] == ["ack_edge.node.system_tools", *GATE]


@pytest.mark.parametrize(("check_mode", "where"), [(True, "not judged"), (False, "ready")])
def test_a_machine_that_would_be_changed_is_not_called_ready(check_mode, where):
    made = Run("prepare_edge-1", "prepare_edge", "then", check_mode=check_mode)
    made.task("a", "tools", {"changed": True})
    for module in GATE:
        made.task("a", "look", {"results": [verdict("x")]}, module=module)
    assert standings(made.document("now")) == {"a": where}


@pytest.mark.parametrize(("ended", "who"), [("now", ["b"]), (None, ["a", "b"])])
def test_who_is_left(ended, who):
    """Where a run has ended, only those that something keeps; where it broke off, also those that it was working on."""
    made = Run("prepare_edge-1", "prepare_edge", "then")
    made.task("a", "tools", {"changed": True})
    made.failure("b", "tools", "no")
    for module in GATE:
        made.task("c", "look", {"results": [verdict("x")]}, module=module)
    assert left(made.document(ended)) == who
