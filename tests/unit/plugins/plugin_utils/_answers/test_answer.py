# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hostile node answers is never used; what an honest one answers comes through as it is."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, failure, report, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers import answer as _answer
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers import values
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.answer import check, refusal
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.keys import KEYS

MODULES = Path(__file__).parents[5] / "plugins/modules"
# Of every report, of every module that changes something, and of AnsibleModule.
COMMON = {"results", "summary", "failed_checks", "msg"}
TOKEN = "0123456789abcdef0123456789abcdef"
GOOD = verdict("swap", PASS, "swap is off", reproduce="swapon --show", sizes=[1, 2.5, None], more={"on": False})
BAD = verdict("node_name", FAIL, "the host name is empty", "run hostnamectl", name="")
OBSERVATION = {"name": "kubelet", "protocol": "tcp", "port": 10250, "outcome": "answered", "seen_as": "", "detail": ""}
DIFF = {"before": "", "after": "x\n", "before_header": "routes", "after_header": "routes"}
HONEST = [
    ("readiness_info", {"changed": False, **report([GOOD, BAD])}),
    ("readiness_info", {"changed": False, **report([])}),
    ("reachability_info", {"failed": True, "msg": "endpoints[0]: give a host"}),
    ("time_sync", {"failed": True, **failure("chrony is not installed")}),
    ("time_sync", {"changed": True, "diff": DIFF, **report([GOOD])}),
    ("inbound_ports", {"failed": True, **failure("two firewalls are active", [BAD])}),
    ("inbound_ports", {"changed": True, "backend": "ufw", "diff": DIFF, **report([GOOD])}),
    ("static_routes", {"changed": True, "awaiting_confirmation": {"token": "0a" * 8, "seconds": 30}, **report([])}),
    ("system_tools", {"changed": False, "wants_archive": ".deb", **report([])}),
    (
        "port_listener",
        {
            "changed": True,
            "token": TOKEN,
            "address": "10.99.0.11",
            "listening": ["tcp/10250"],
            "taken": {"udp/8472": "taken"},
            **report([]),
        },
    ),
    ("port_probe_info", {"changed": False, **report([]), "results": [OBSERVATION]}),
    ("port_probe_info", {"failed": True, **failure("token is ''")}),
    # What Ansible itself says where there is no answer, up to 2.18.
    (
        "readiness_info",
        {
            "failed": True,
            "module_stdout": "",
            "module_stderr": "/bin/sh: 1: /usr/bin/python3: not found\n",
            "msg": "The module failed to execute correctly, you probably need to set the interpreter.",
            "rc": 127,
            "exception": "Traceback (most recent call last):\n",
        },
    ),
    (
        "readiness_info",
        {"changed": False, "warnings": ["a proxy is set"], "invocation": {"module_args": {"a": [1]}}, **report([])},
    ),
]


def verdict_with(**changes: Any) -> dict[str, Any]:
    """Return the answer of a node with one verdict that is changed."""
    return {"changed": True, **report([]), "results": [{**copy.deepcopy(GOOD), **changes}]}


def data_with(**changes: Any) -> dict[str, Any]:
    return verdict_with(data={"required": True, **changes})


@pytest.mark.parametrize(("module", "answer"), HONEST, ids=lambda value: value if isinstance(value, str) else "")
def test_an_honest_answer_comes_through_as_it_is(module: str, answer: dict[str, Any]) -> None:
    before = copy.deepcopy(answer)
    found = check(module, answer, "n1")
    assert found == before == answer


def test_what_ansible_acts_upon_does_not_come_through() -> None:
    smuggled = {
        "add_host": {"host_name": "x", "groups": ["vpc_probes"]},
        "add_group": "x",
        "ansible_facts": {"region": "x", "ansible_connection": "local"},
        "ansible_stats": {"data": {"a": 1}},
        "ansible_job_id": "1",
        "_ansible_no_log": True,
        "_ansible_delegated_vars": {"ansible_host": "x"},
        "_ansible_notify": ["x"],
        "failed_when_result": False,
        "unreachable": True,
        "skipped": True,
        "attempts": 3,
        "stdout": "x",
        "ansible_module_results": {},
        "wants_archive": ".deb",
        "awaiting_confirmation": {"token": "0a", "seconds": 1},
        "anything": 1,
    }
    honest = {"changed": False, **report([GOOD])}
    assert check("readiness_info", {**smuggled, **honest}, "n1") == honest


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (None, "it is null, expected a dict"),
        (["x"], "it is a list, expected a dict"),
        ({}, "results is missing, expected a list"),
        ({"results": "x"}, "results is text, expected a list"),
        (
            {"results": ["x"]},
            "results[0] is text, expected a dict with check, data, remedy, reproduce, status, summary",
        ),
        ({"results": [GOOD] * 5001}, "results has 5001 items, expected at most 5000"),
        ({"results": [], "changed": "yes"}, "changed is text, expected a boolean"),
        ({"results": [], "failed": None}, "failed is null, expected a boolean"),
        ({"results": [], "msg": ["x"]}, "msg is a list, expected text"),
        ({"results": [], "warnings": "x"}, "warnings is text, expected a list"),
        ({"results": [], "warnings": [5]}, "warnings has a number, expected text"),
        ({"results": [], "deprecations": [{"msg": 5}]}, "deprecations is a number, expected text"),
        ({"results": [], "invocation": "x"}, "invocation is text, expected a dict"),
        ({"failed": True, "rc": "x"}, "rc is text, expected a number"),
        ({"failed": True, "module_stdout": {}}, "module_stdout is a dict, expected text"),
        ({"failed": True, "exception": [1]}, "exception has a list, expected text"),
        (
            verdict_with(skipped=True),
            "results[0] is a dict with 'check, status, summary, remedy, reproduce, data, skipped', expected",
        ),
        (verdict_with(check=5), "results[0].check is a number, expected text"),
        (verdict_with(status="good"), "results[0].status is 'good', expected one of pass, warn, fail"),
        (verdict_with(status=["pass"]), "results[0].status is a list, expected text"),
        (verdict_with(status="fail"), "results[0].remedy is empty, expected text with status fail"),
        (verdict_with(summary=5), "results[0].summary is a number, expected text"),
        (verdict_with(remedy=None), "results[0].remedy is null, expected text"),
        (verdict_with(summary="x" * 200_001), "results[0].summary is text of 200001 characters, expected at most"),
        (verdict_with(data="x"), "results[0].data is text, expected a dict"),
        (verdict_with(data=None), "results[0].data is null, expected a dict"),
        (verdict_with(data={}), "results[0].data.required is null, expected a boolean"),
        (data_with(required="false"), "results[0].data.required is text, expected a boolean"),
        (data_with(machine_id=["a"]), "results[0].data.machine_id is a list, expected text"),
        (data_with(deep=json.loads("[" * 20 + "]" * 20)), "results[0].data is nested more than 10 deep"),
        (data_with(many=[0] * 300_001), "results[0].data has too many values"),
        (data_with(number=2**64), "results[0].data has a number of more than 64 bits"),
        (data_with(number=float("nan")), "results[0].data has nan, expected a number"),
        (data_with(number=float("inf")), "results[0].data has inf, expected a number"),
        (data_with(made={1, 2}), "results[0].data has of type set, expected values of JSON"),
        (data_with(__ansible_vault="x"), "results[0].data has the name '__ansible_vault'"),
    ],
)
def test_a_bad_answer_is_the_failure_of_its_host(answer: Any, problem: str) -> None:
    found = check("readiness_info", answer, "n1")
    assert found["msg"].startswith(f"n1 answered readiness_info with something that it never answers: {problem}")
    assert found["msg"].endswith("Nothing of this answer was used; find out who controls this host")
    assert (found["failed"], found["results"], found["failed_checks"]) == (True, [], ["answer"])
    assert found["changed"] is (isinstance(answer, dict) and answer.get("changed") is True)


@pytest.mark.parametrize(
    ("module", "key", "value", "problem"),
    [
        ("system_tools", "wants_archive", "*/../secret", "is '*/../secret', expected .deb or .rpm"),
        ("system_tools", "wants_archive", ".deb\n", r"is '.deb\n', expected .deb or .rpm"),
        ("system_tools", "wants_archive", [".deb"], "is a list, expected .deb or .rpm"),
        ("static_routes", "awaiting_confirmation", {"token": "a", "seconds": 1e9}, ".seconds is a number, expected"),
        ("static_routes", "awaiting_confirmation", {"token": "a", "seconds": True}, ".seconds is a boolean, expected"),
        ("static_routes", "awaiting_confirmation", {"token": "a b", "seconds": 1}, ".token is 'a b', expected letters"),
        ("static_routes", "awaiting_confirmation", {"token": "a" * 65, "seconds": 1}, ".token is 'aaaa"),
        (
            "static_routes",
            "awaiting_confirmation",
            {"token": "a"},
            "is a dict with 'token', expected a dict with token and seconds",
        ),
        ("static_routes", "diff", "x", "is text, expected a dict with before, after"),
        ("static_routes", "diff", {"before": 1}, ".before is a number, expected text"),
        ("static_routes", "diff", {"prepared": "x"}, "is a dict with 'prepared', expected a dict with before, after"),
        ("inbound_ports", "backend", "\x1b[2J", r"is '\x1b[2J', expected firewalld or ufw"),
        ("port_listener", "token", "x", "is 'x', expected 32 hexadecimal digits"),
        ("port_listener", "token", TOKEN + "\n", f"is '{TOKEN}\\n', expected 32 hexadecimal digits"),
        ("port_listener", "address", 5, "is a number, expected text"),
        ("port_listener", "listening", ["tcp/x"], "is 'tcp/x', expected a port such as tcp/10250"),
        ("port_listener", "listening", ["tcp/1"] * 65, "has 65 items, expected at most 64"),
        ("port_listener", "taken", ["tcp/1"], "is a list, expected a dict"),
        ("port_listener", "taken", {"tcp/1": []}, "is a list, expected text"),
    ],
)
def test_keys_of_one_module(module: str, key: str, value: Any, problem: str) -> None:
    found = check(module, {"changed": False, **report([]), key: value}, "n1")
    assert f"never answers: {key} {problem}".replace(f"{key} .", f"{key}.") in found["msg"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"outcome": "x"}, "results[0].outcome is 'x', expected one of answered, other"),
        ({"port": "x"}, "results[0].port is text, expected a number"),
        ({"detail": "x" * 1001}, "results[0].detail is text of 1001 characters, expected at most 1000"),
        (
            {"skipped": True},
            "results[0] is a dict with 'name, protocol, port, outcome, seen_as, detail, skipped', expected",
        ),
    ],
)
def test_what_a_probe_host_saw(changes: dict[str, Any], problem: str) -> None:
    found = check("port_probe_info", {"results": [{**OBSERVATION, **changes}]}, "vpc")
    assert f"never answers: {problem}" in found["msg"]


@pytest.mark.parametrize(
    ("module", "data", "problem"),
    [
        ("reachability_info", {"port": "443"}, ".port is text, expected a number"),
        ("reachability_info", {"problem": {}}, ".problem is a dict, expected text"),
        ("reachability_info", {"via": "x"}, ".via is text, expected a dict"),
        ("reachability_info", {"via": {"gateway": []}}, ".via.gateway is a list, expected text"),
        ("reachability_info", {"dns": {"source": 1}}, ".dns.source is a number, expected text"),
        ("port_listener", {"prober": 1}, ".prober is a number, expected text"),
        ("static_routes", {"changed": "live"}, ".changed is text, expected a list"),
        ("static_routes", {"changed": [["live"]]}, ".changed[0] is a list, expected text"),
        ("static_routes", {"routes": [1]}, ".routes[0] is a number, expected a dict"),
        ("static_routes", {"routes": [{"changed": {}}]}, ".routes[0].changed is a dict, expected a list"),
    ],
)
def test_facts_that_something_on_the_controller_reads(module: str, data: dict[str, Any], problem: str) -> None:
    assert f"never answers: results[0].data{problem}" in check(module, data_with(**data), "n1")["msg"]


def test_counts_and_names_follow_from_the_results() -> None:
    lies = {
        "changed": False,
        "results": [GOOD, BAD],
        "summary": {"pass": 2},
        "failed_checks": ["__import__"],
        "msg": "all is well",
    }
    found = check("readiness_info", lies, "n1")
    assert (found["summary"]["fail"], found["failed_checks"]) == (1, ["node_name"])
    assert check("readiness_info", {**lies, "results": [GOOD]}, "n1")["failed_checks"] == []
    stopped = check("readiness_info", {**lies, "results": [GOOD], "failed": True}, "n1")
    assert stopped["failed_checks"] == ["module"]


def test_what_would_steer_a_terminal_is_replaced_everywhere() -> None:
    steering = "a\x1b[2J\x07\x9b1m\u202eb\ud800\r\nc\rd\te\n"
    plain = "a\ufffd[2J\ufffd\ufffd1m\ufffdb\ufffd\nc\ufffdd\te\n"
    answer = {
        "results": [{**GOOD, "summary": steering, "data": {"required": True, steering: [steering]}}],
        "msg": steering,
    }
    found = check("readiness_info", answer, "n1")
    assert found["results"][0]["summary"] == found["msg"] == plain
    assert found["results"][0]["data"] == {"required": True, plain: [plain]}
    failed = check("readiness_info", {"failed": True, "module_stdout": steering, "exception": steering}, "n1")
    assert (failed["module_stdout"], failed["exception"]) == (plain, plain)
    assert "\x1b" not in refusal("readiness_info", "n1", steering)["msg"]


def test_long_texts_of_ansible_keep_their_beginning_and_their_end() -> None:
    found = check("readiness_info", {"failed": True, "module_stderr": "first" + "x" * 10**6 + "last"}, "n1")
    text = found["module_stderr"]
    assert (text[:5], text[-4:], len(text) <= _answer.MOST_SHOWN) == ("first", "last", True)
    assert "characters left out" in text
    assert check("readiness_info", found, "n1") == found


def test_many_warnings_are_cut() -> None:
    found = check("readiness_info", {**report([]), "warnings": ["x"] * 10**4}, "n1")
    assert found["warnings"] == ["x"] * _answer.MOST_WARNINGS


def test_all_texts_together_have_a_bound() -> None:
    long = {**GOOD, "summary": "x" * 190_000}
    found = check("readiness_info", {**report([]), "results": [long] * 50}, "n1")
    assert f"and {values.MOST_CHARACTERS} in all" in found["msg"]


def test_a_template_stays_text() -> None:
    found = check("readiness_info", {**report([]), "msg": "{{ lookup('pipe', 'id') }}"}, "n1")
    # A type of its own up to ansible-core 2.18, and plain text since.
    assert isinstance(found["msg"], type(values.clean("")))


@pytest.mark.parametrize("text", ["\x1b[1m", "a\\u001b", "x\r\ny", "\rq", "\\", "é😀\n\t", "\x9b", "\u202e", "\x00\b"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_what_ansible_shows_before_it_is_checked(text: str, ascii_only: bool) -> None:
    written = json.dumps({"_ansible_x": text}, ensure_ascii=ascii_only)
    assert json.loads(values.clean_json(written)) == {"_ansible_x": values.clean(text)}


@pytest.mark.parametrize("module", sorted(KEYS))
def test_every_module_has_the_keys_that_it_documents(module: str) -> None:
    text = (MODULES / f"{module}.py").read_text("utf-8")
    documented = {*yaml.safe_load(text.split('RETURN = r"""')[1].split('"""')[0])}
    # What the action adds is not the host's.
    documented -= (
        {"to_do", "obstacles", "nothing_to_do", "prober", "requirements"} if module == "preflight_info" else set()
    )
    # A diff is documented by the attribute diff_mode, and a question to the action is for nobody else.
    assert documented - COMMON == KEYS[module].keys() - {"diff", "wants_archive"}


def test_every_module_that_runs_on_a_host_is_checked() -> None:
    here = {path.stem for path in MODULES.glob("*.py")} - {"merge_reports"}
    actions = {path.stem for path in (MODULES.parent / "action").glob("*.py")}
    # Modules that are only a page of documentation run nowhere.
    executed = {name for name in here if "module_utils._module import" in (MODULES / f"{name}.py").read_text("utf-8")}
    assert executed == KEYS.keys()
    assert executed <= actions


def test_objects_of_ansible_core_are_cleaned() -> None:
    messages = pytest.importorskip("ansible.module_utils._internal._messages")
    event = messages.Event(msg="\x1b[2Jlow", formatted_traceback="\x1b]0;x")
    for _again in range(100):
        chain = messages.EventChain(msg_reason="\x1b", traceback_reason="y", event=event)
        event = messages.Event(msg="\x1b[2Jno", formatted_traceback="\x1b]0;x", chain=chain, events=(event,))
    answer = {"failed": True, "msg": "x", "exception": messages.ErrorSummary(event=event)}
    answer["warnings"] = [messages.WarningSummary(event=event)]
    answer["deprecations"] = [messages.DeprecationSummary(event=event, version="\x1b", deprecator=None)]
    found = check("readiness_info", answer, "n1")
    assert isinstance(found["exception"], messages.ErrorSummary)
    assert found["exception"].event.msg == "\ufffd[2Jno"
    assert "\\x1b" not in repr(found)
    assert repr(found).count("\ufffd[2Jno") < 20 * _answer.MOST_CAUSES
    assert check("readiness_info", found, "n1") == found
