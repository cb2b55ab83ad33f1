# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
import json

from ansible_collections.ack_edge.node.plugins.plugin_utils._report._run import Run, verdicts

VERDICT = {"check": "a", "status": "fail", "summary": "s", "remedy": "r", "reproduce": "", "data": {}}


def test_verdicts_are_told_from_other_results():
    assert verdicts({"results": [VERDICT | {"extra": 1}, {"item": 1}, "text"]}) == [VERDICT]
    assert verdicts({"results": "text"}) == []
    assert verdicts({}) == []


def test_document_tells_every_machine():
    run = Run("verify_edge", "then")
    run.task("one", "look", {"results": [VERDICT]})
    run.task("one", "set", {"changed": True})
    run.task("two", "look", {})
    run.failure("one", "gate", "not ready")
    run.unreachable("three", "no route to host")
    document = run.document("now", ["four"])
    json.dumps(document)
    hosts = document["hosts"]
    assert {name: record["state"] for name, record in hosts.items()} == {
        "one": "failed", "two": "ok", "three": "unreachable", "four": "not started",
    }  # fmt: skip
    assert hosts["one"]["verdicts"] == [VERDICT | {"task": "look"}]
    assert hosts["one"]["changed"] == ["set"]
    assert (hosts["one"]["failed_task"], hosts["one"]["message"]) == ("gate", "not ready")
    assert run.counts() == {"failed": 1, "ok": 1, "unreachable": 1, "not started": 1}


def test_machine_that_went_on_stays_what_it_became():
    run = Run("verify_edge", "then")
    run.failure("one", "gate", "not ready")
    run.task("one", "cleanup", {})
    assert run.document("now")["hosts"]["one"]["state"] == "failed"
