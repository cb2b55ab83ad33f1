# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import functools

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import standings
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.merge import merge
from fakes.report import GATE, run, verdict
from hypothesis import given
from hypothesis import strategies as st

BAD, GOOD = [verdict("x", "fail")], [verdict("x")]
FIRST = run("prepare-1", {"a": GOOD, "b": BAD, "c": "no route", "d": None}, "2026-11-23T10:00:00+00:00")
SECOND = run("prepare-2", {"b": GOOD, "c": BAD, "d": GOOD, "e": GOOD}, "2026-11-24T10:00:00+00:00")
THIRD = run("prepare-3", {"b": None, "c": GOOD}, "2026-11-25T10:00:00+00:00")


def states(document):
    return {host: record["state"] for host, record in document["hosts"].items()}


def test_each_machine_is_as_its_latest_run_left_it():
    merged = merge([SECOND, FIRST])
    assert states(merged) == {"a": "ok", "b": "ok", "c": "failed", "d": "ok", "e": "ok"}
    assert [item["id"] for item in merged["runs"]] == ["prepare-1", "prepare-2"]
    assert [(line["run"], line["state"]) for line in merged["hosts"]["b"]["history"]] == [("prepare-1", "failed")]
    assert merged["hosts"]["e"]["history"] == []


def test_a_run_that_never_came_to_a_machine_says_nothing_of_it():
    merged = merge([FIRST, SECOND, THIRD])
    assert merged["hosts"]["b"]["run"] == "prepare-2"
    assert ("prepare-3", "not started") in [(line["run"], line["state"]) for line in merged["hosts"]["b"]["history"]]
    assert states(merge([THIRD]))["b"] == "not started"


def test_history_is_in_the_order_of_the_runs_and_says_why():
    last = run("prepare-4", {"b": GOOD, "c": GOOD}, "2026-11-26T10:00:00+00:00")
    hosts = merge([last, THIRD, SECOND, FIRST])["hosts"]
    lines = [(line["run"], line["state"], line["failed_task"], line["message"]) for line in hosts["b"]["history"]]
    assert lines == [
        ("prepare-1", "failed", "gate", "b is not ready"),
        ("prepare-2", "ok", "", ""),
        ("prepare-3", "not started", "", ""),
    ]
    assert hosts["c"]["history"][0]["message"] == "no route"


def test_what_a_killed_run_left_and_its_end():
    killed = {**FIRST, "runs": [{**FIRST["runs"][0], "ended": None}], "hosts": {"a": FIRST["hosts"]["a"]}}
    assert merge([killed])["runs"][0]["ended"] is None
    for documents in ([killed, FIRST], [FIRST, killed]):
        assert merge(documents) == merge([FIRST])


REACHABILITY = GATE[-1:]
LATER, LAST = "2026-11-26T10:00:00+00:00", "2026-11-27T10:00:00+00:00"


def part(found, started=LATER, modules=REACHABILITY, **options):
    return run(f"part-{started[8:10]}", {"a": found}, started, modules, **options)


def test_a_partial_run_does_not_demote_who_a_whole_run_called_ready():
    merged = merge([FIRST, part(GOOD)])
    assert standings(part(GOOD)) == {"a": "not judged"}
    assert standings(merged)["a"] == "ready"
    looked = merged["hosts"]["a"]["modules"]
    assert looked[GATE[0]]["run"] == "prepare-1"
    assert looked[GATE[-1]]["run"] == "part-26"


def test_a_partial_run_that_finds_a_failure_makes_not_ready_and_one_that_mends_it_ready_again():
    bad = part([verdict("oss", "fail")])
    assert standings(merge([FIRST, bad]))["a"] == "not ready"
    mended = part([verdict("oss")], LAST)
    merged = merge([mended, bad, FIRST])
    assert standings(merged)["a"] == "ready"
    found = [(item["check"], item["status"]) for item in merged["hosts"]["a"]["verdicts"]]
    assert found == [("x", "pass"), ("oss", "pass")]


def test_a_partial_run_heals_its_section_only():
    """What another section has found stays, though the latest run ended well."""
    whole = run("prepare-1", {"a": BAD})
    merged = merge([whole, part(GOOD)])
    assert (merged["hosts"]["a"]["state"], standings(merged)["a"]) == ("ok", "not ready")
    assert standings(merge([whole, part(GOOD, LATER, GATE[:1])]))["a"] == "ready"


def test_what_was_undone_is_known_no_more():
    undone = part([verdict("route")], modules=("ack_edge.node.static_routes",))
    undone["hosts"]["a"]["modules"]["ack_edge.node.static_routes"]["proves"] = False
    assert standings(merge([FIRST, undone]))["a"] == "not judged"


def test_what_would_be_changed_in_check_mode_overrules_no_verdict():
    made = run("check-1", {"a": BAD, "z": GOOD}, LATER, check_mode=True)
    for host in "az":
        for look in made["hosts"][host]["modules"].values():
            look["proves"] = False
    assert standings(merge([FIRST, made])) == {**standings(FIRST), "z": "not judged"}
    assert standings(merge([made]))["a"] == "not ready"


def test_a_look_in_check_mode_is_a_look():
    assert standings(merge([FIRST, run("check-1", {"a": BAD}, LATER, check_mode=True)]))["a"] == "not ready"


def test_a_reset_overrules_no_verdict():
    routes = ("ack_edge.node.static_routes",)
    still = [verdict("route", "fail", summary="is still active", remedy="run reset_edge.yml")]
    ahead = part(still, modules=routes, playbook="reset_edge", check_mode=True)
    ahead["hosts"]["a"]["modules"][routes[0]]["proves"] = False
    assert standings(merge([FIRST, ahead]))["a"] == "ready"
    # One that has been is no look at the host either, but what it undid is known no more.
    done = part([verdict("route")], modules=routes, playbook="reset_edge")
    done["hosts"]["a"]["modules"][routes[0]]["proves"] = False
    merged = merge([run("prepare-1", {"a": BAD}), done])
    assert (merged["hosts"]["a"]["run"], standings(merged)["a"]) == ("prepare-1", "not ready")
    assert standings(merge([FIRST, done]))["a"] == "not judged"


def of_a_machine(name: str, machine_id: str, address: str, started: str = LATER):
    seen = [verdict("node_name", data={"name": name}), verdict("machine_id", data={"machine_id": machine_id})]
    made = run(f"verify-{name}-{machine_id}", {name: seen}, started)
    made["hosts"][name]["address"] = address
    return made


def test_clones_in_two_slices_are_found_and_healed():
    slices = [
        of_a_machine("a", "1", "10.0.0.1"),
        of_a_machine("b", "1", "10.0.0.2"),
        of_a_machine("c", "3", "10.0.0.3"),
    ]
    merged = merge(slices)
    assert standings(merged) == {"a": "not ready", "b": "not ready", "c": "ready"}
    (found,) = [item for item in merged["hosts"]["a"]["verdicts"] if item["status"] == "fail"]
    assert (found["check"], found["summary"]) == ("machine_id_unique", "the machine id 1 is also that of b")
    assert merge([merged, *slices[:1]]) == merged
    healed = merge([merged, of_a_machine("b", "2", "10.0.0.2", LAST)])
    assert set(standings(healed).values()) == {"ready"}


def test_a_machine_that_has_got_another_name_is_no_clone_of_itself():
    before, now = of_a_machine("a", "1", "10.0.0.1"), of_a_machine("b", "1", "10.0.0.1", LAST)
    assert set(standings(merge([before, now])).values()) == {"ready"}


def test_duplicates_are_those_of_the_latest_run_that_looked_for_them():
    twin = {**verdict("machine_id_unique", "fail"), "task": "Detect", "module": "ack_edge.node.duplicate_hosts"}
    early = run("prepare-1", {"a": GOOD})
    early["hosts"]["a"]["verdicts"].append(twin)
    early["hosts"]["a"]["modules"]["ack_edge.node.duplicate_hosts"] = {"run": "prepare-1", "ended": "", "proves": True}
    assert standings(merge([early, part(GOOD)]))["a"] == "not ready"
    assert standings(merge([early, part([], modules=("ack_edge.node.duplicate_hosts",))]))["a"] == "ready"


FOUND = st.one_of(st.none(), st.just("no route"), st.just(GOOD), st.just(BAD))
HOSTS = st.dictionaries(st.sampled_from("abcd"), FOUND, max_size=4)
PARTS = st.lists(st.sampled_from(GATE), min_size=1, unique=True).map(tuple)
FLEETS = st.lists(st.tuples(HOSTS, PARTS), min_size=1, max_size=4).map(
    lambda fleets: [
        run(f"run-{number}", hosts, f"2026-11-{number + 10}T10:00:00+00:00", modules)
        for number, (hosts, modules) in enumerate(fleets)
    ]
)


@given(FLEETS, st.randoms())
def test_laws(documents, random):
    """Order, repetition and earlier mergers make no difference."""
    merged = merge(documents)
    mixed = documents * 2
    random.shuffle(mixed)
    assert merge(mixed) == merged
    assert merge([merged, merged]) == merged
    assert functools.reduce(lambda one, other: merge([one, other]), mixed) == merged
    assert set(merged["hosts"]) == {host for document in documents for host in document["hosts"]}
