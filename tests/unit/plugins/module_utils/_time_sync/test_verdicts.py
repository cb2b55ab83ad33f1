# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc
from ansible_collections.ack_edge.node.plugins.module_utils._system.clock import Clock
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import config, observe
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import verdicts as _verify
from fakes.chrony import DEBIAN_CONF, TimeWorld

GOOD = chronyc.Tracking("chronyd", "10.0.0.1", 3, 0.0001, "Normal", True, "chronyc tracking")
RIGHT = Clock(GOOD, 0.0001)
OFF = Clock(GOOD, 600.0)
SILENT = Clock(None, None, "no")


def source(name, state="*", reach=17, offset=0.0001):
    return {name: chronyc.Source(name, state, 2, reach, offset)}


@pytest.fixture
def seen(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF + "server a iburst\nserver b iburst\n")
    world.units["chrony.service"]["active"] = True
    return observe.observe(world.node)


def statuses(verdicts):
    return [(item["check"], item["status"]) for item in verdicts]


def test_order_is_that_of_the_input_and_the_clock_is_last(seen):
    found = _verify.results(seen, ["b", "a"], {**source("a", "+"), **source("b")}, RIGHT, 1.0)
    assert statuses(found) == [("b", "pass"), ("a", "pass"), ("clock", "pass")]


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ({}, "does not resolve"),
        (source("a", "?", 0), "does not answer"),
        (source("a", "*", 17, 600.0), "differs by 600.000 s"),
    ],
)
def test_a_bad_server_fails_only_where_the_clock_is_not_right(seen, sources, words):
    for observed, status in ((RIGHT, "warn"), (OFF, "fail")):
        found = _verify.results(seen, ["a"], sources, observed, 1.0)[0]
        assert found["status"] == status
        assert words in found["summary"]
        assert found["remedy"]


def test_a_server_that_chronyd_distrusts_is_a_warning(seen):
    found = _verify.results(seen, ["a"], source("a", "x"), RIGHT, 1.0)[0]
    assert found["status"] == "warn"
    assert "its time differs" in found["summary"]


@pytest.mark.parametrize(
    ("state", "reach", "words"),
    [("~", 255, "varies too much"), ("?", 127, "selectdata"), ("?", 1, ""), ("-", 255, ""), ("+", 255, "")],
)
def test_a_server_that_answers_and_is_not_used(seen, state, reach, words):
    found = _verify.results(seen, ["a"], source("a", state, reach), RIGHT, 1.0)[0]
    assert (found["status"], words in found["summary"]) == ("warn" if words else "pass", True)


def test_a_clock_of_the_hardware_is_a_source(tmp_path):
    world = TimeWorld(tmp_path, conf="refclock PHC /dev/ptp0 poll 2\nrefclock SHM 0\n")
    found = _verify.results(observe.observe(world.node), [], {}, RIGHT, 1.0)[0]
    assert (found["status"], found["data"]["configured"]) == ("pass", ["PHC /dev/ptp0", "SHM 0"])


def test_a_server_that_is_not_configured_fails(seen):
    assert statuses(_verify.results(seen, ["c"], source("c"), RIGHT, 1.0))[0] == ("c", "fail")
    assert statuses(_verify.results(seen, ["c"], {}, RIGHT, 1.0, verify_only=True))[0] == ("c", "skipped")


def test_no_servers(seen):
    assert statuses(_verify.results(seen, [], {}, RIGHT, 1.0)) == [("servers", "pass"), ("clock", "pass")]
    found = _verify.results(seen._replace(found=[]), [], {}, RIGHT, 1.0)[0]
    assert found["status"] == "unproven"
    assert "ntp_servers" in found["remedy"]


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"installed": False}, "fail", "not installed"),
        ({"unit": None}, "fail", "chrony.service is not running"),
        ({}, "warn", "no service synchronizes"),
    ],
)
def test_the_state_of_chrony_comes_before_the_clock(seen, change, status, words):
    found = _verify.clock(seen._replace(**change), SILENT, 1.0)
    assert found["status"] == status
    assert words in found["summary"]


def test_masked_and_stopped_units(seen):
    unit = seen.unit._replace(active=False)
    assert "run prepare_edge" in _verify.clock(seen._replace(unit=unit), SILENT, 1.0)["remedy"]
    held = unit._replace(load="masked", held=True)
    masked = _verify.clock(seen._replace(unit=held, clock_allowed=False), SILENT, 1.0)
    assert "unmask" in masked["remedy"]


def test_another_client_that_keeps_the_clock_is_right(seen):
    assert _verify.clock(seen._replace(installed=False), SILENT._replace(kernel="yes"), 1.0)["status"] == "pass"


def test_a_container_without_the_right_to_set_the_clock(seen):
    held = seen._replace(unit=seen.unit._replace(active=False, held=True), clock_allowed=False)
    found = _verify.results(held, ["a"], {}, SILENT, 1.0)
    assert statuses(found) == [("a", "unproven"), ("clock", "warn")]
    assert "CAP_SYS_TIME" in found[1]["summary"]


def test_a_chronyd_that_cannot_be_asked_is_no_failure(seen):
    closed = SILENT._replace(running=("chronyd",))
    found = _verify.results(seen, ["a"], {}, closed, 1.0)
    assert statuses(found) == [("a", "unproven"), ("clock", "unproven")]
    assert "does not answer chronyc" in found[0]["summary"]


@pytest.mark.parametrize("changes", [{"active": False}, {"active": False, "load": "masked"}])
def test_a_stopped_chronyd_fails_whatever_the_kernel_says(seen, changes):
    stale = SILENT._replace(kernel="yes", service="no")
    found = _verify.clock(seen._replace(unit=seen.unit._replace(**changes)), stale, 1.0)
    assert (found["status"], "no time service runs" in found["summary"]) == ("fail", True)


@pytest.mark.parametrize(
    ("line", "source_", "words", "remedy"),
    [
        ("server c noselect", source("c", "?"), "has noselect", "remove the option noselect"),
        ("server c iburst Offline", source("c", "?", 0), "has offline", "remove the option offline"),
        ("server c iburst nts", source("c", "?", 0), "does not answer", "UDP 123 and, for NTS, TCP 4460"),
        ("pool c iburst", source("c", "?", 0), "does not answer", "allow UDP 123 from"),
    ],
)
def test_what_the_line_of_the_site_says_is_the_reason(seen, line, source_, words, remedy):
    words_of = line.split()
    found = _verify.results(seen._replace(found=[(words_of[0], words_of[1:])]), ["c"], source_, OFF, 1.0)[0]
    assert (found["status"], words in found["summary"], remedy in found["remedy"]) == ("fail", True, True)


def test_a_server_that_the_site_names_otherwise_is_configured(seen):
    other = {"alias": chronyc.Source("10.0.0.1", "*", 2, 17, 0.0001)}
    assert statuses(_verify.results(seen, ["alias"], other, RIGHT, 1.0, verify_only=True))[0] == ("alias", "pass")


@pytest.mark.parametrize(
    ("changes", "drift"),
    [
        ({"own_text": None}, True),
        ({"own_text": "server c"}, True),
        ({"own_text": None, "manifest": {}}, False),
        ({"own_text": None, "manifest": {"own": "/x", "pending": True}}, False),
        ({}, False),
        ({"include": True}, True),
    ],
)
def test_what_somebody_changed_since_the_last_run_is_drift(seen, changes, drift):
    ours = config.content(["d"], [], 1.0)
    seen = seen._replace(**{"manifest": {"own": "/x"}, "own_text": ours, "include": False, **changes})
    found = _verify.results(seen, ["a", "z"], source("a"), RIGHT, 1.0)
    assert [item["data"].get("drift", False) for item in found] == [False, drift, False]
