# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of ansible become a document; that of a real run is read by the system tests."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible import constants
from ansible_collections.ack_edge.node.plugins.callback.fleet_report import CallbackModule
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.events import results_expected
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.registry import BY_NAME
from fakes.report import GATE, verdict


def result(host: str, task: str = "look", *, ignore_unreachable: bool = False, **content: object) -> SimpleNamespace:
    named = SimpleNamespace(get_name=lambda: task, ignore_unreachable=ignore_unreachable)
    return SimpleNamespace(host=SimpleNamespace(get_name=lambda: host), task=named, result={"changed": False} | content)


@pytest.fixture
def callback(tmp_path: Path) -> CallbackModule:
    made = CallbackModule()
    options = {"directory": str(tmp_path / "reports"), "formats": [], "progress": "off", "progress_interval": 30}
    made.get_option = options.get
    made._display = SimpleNamespace(warning=lambda text: None, display=lambda text, stderr=False: None)
    made.v2_playbook_on_start(SimpleNamespace(_file_name="playbooks/verify_edge.yml"))
    return made


def document(callback: CallbackModule, tmp_path: Path, *failed: str) -> dict:
    callback.v2_playbook_on_stats(SimpleNamespace(failures=dict.fromkeys(failed, 1)))
    (path,) = (tmp_path / "reports").iterdir()
    assert path.stat().st_mode & 0o777 == 0o644
    return json.loads(path.read_text())


def test_states_of_machines(callback: CallbackModule, tmp_path: Path) -> None:
    callback.v2_runner_on_ok(result("a", changed=True))
    callback.v2_runner_on_failed(result("b", "open ports", msg="no"))
    callback.v2_runner_on_failed(result("c", msg="ignored"), ignore_errors=True)
    callback.v2_runner_on_unreachable(result("d", msg="timed out"))
    callback.v2_runner_on_skipped(result("f"))
    callback._targets = {"a", "e", "f"}
    hosts = document(callback, tmp_path, "b")["hosts"]
    assert {name: host["state"] for name, host in hosts.items()} == {
        "a": "ok",
        "b": "failed",
        "c": "ok",
        "d": "unreachable",
        "e": "not started",
        "f": "ok",
    }
    assert (hosts["a"]["changed"], hosts["b"]["failed_task"], hosts["d"]["message"]) == (
        ["look"],
        "open ports",
        "timed out",
    )


def test_a_failure_that_was_rescued_is_none(callback: CallbackModule, tmp_path: Path) -> None:
    for host in ("a", "b"):
        callback.v2_runner_on_failed(result(host, "open ports", msg="no"))
        callback.v2_runner_on_ok(result(host, "rescue"))
    hosts = document(callback, tmp_path, "b")["hosts"]
    assert {name: (host["state"], host["message"]) for name, host in hosts.items()} == {
        "a": ("ok", ""),
        "b": ("failed", "no"),
    }


def test_a_host_that_was_asked_in_the_name_of_a_machine_is_not_the_machine(
    callback: CallbackModule, tmp_path: Path
) -> None:
    callback.v2_runner_on_ok(result("a"))
    callback.v2_runner_on_unreachable(result("a", "try from the VPC", ignore_unreachable=True, msg="lost"))
    assert document(callback, tmp_path)["hosts"]["a"]["state"] == "ok"


def play(*hosts: str, serial: object = None, uuid: str = "1") -> SimpleNamespace:
    inventory = SimpleNamespace(
        get_hosts=lambda pattern, ignore_restrictions=False: [SimpleNamespace(name=host) for host in hosts]
    )
    variables = SimpleNamespace(_inventory=inventory)
    return SimpleNamespace(_uuid=uuid, hosts=["all"], serial=serial, get_variable_manager=lambda: variables)


def test_waves_are_numbered(callback: CallbackModule, tmp_path: Path) -> None:
    for name in ("a", "b"):
        callback.v2_playbook_on_play_start(play("a", "b", "c", serial=[1]))
        callback.v2_runner_on_ok(result(name))
    hosts = document(callback, tmp_path)["hosts"]
    assert {name: (host["state"], host["wave"]) for name, host in hosts.items()} == {
        "a": ("ok", 1),
        "b": ("ok", 2),
        "c": ("not started", None),
    }


def test_a_play_without_waves_has_none(callback: CallbackModule, tmp_path: Path) -> None:
    callback.v2_playbook_on_play_start(play("a"))
    callback.v2_playbook_on_play_start(play("a", uuid="2"))
    callback.v2_runner_on_ok(result("a"))
    assert document(callback, tmp_path)["hosts"]["a"]["wave"] is None


def test_where_a_machine_is(callback: CallbackModule, tmp_path: Path) -> None:
    event = result("a", region="cn-beijing", access_mode="internet", site={"x": 1}, results=[verdict("gap_api_server")])
    event.host.vars = {"ansible_host": "10.0.0.1", "site": "idc1", "region": "{{ other }}"}
    event.task.resolved_action = "ack_edge.node.requirements"
    callback.v2_runner_on_ok(event)
    # What a module on the node answers tells nothing of where it is.
    other = result("a", region="cn-hangzhou", site="x", ansible_facts={"ack_edge_requirements": {"region": "y"}})
    other.task.resolved_action = "ack_edge.node.readiness_info"
    callback.v2_runner_on_ok(other)
    found = document(callback, tmp_path)["hosts"]["a"]
    assert (found["address"], found["site"], found["region"]) == ("10.0.0.1", "idc1", "cn-beijing")
    assert [item["check"] for item in found["verdicts"]] == ["gap_api_server"]


def test_a_run_that_is_killed_leaves_what_it_knew(callback: CallbackModule, tmp_path: Path) -> None:
    callback._targets = {"a", "b", "z"}
    callback.v2_runner_on_ok(result("a"))
    assert not (tmp_path / "reports").exists()
    callback._next_write = 0.0
    callback.v2_runner_on_failed(result("b", msg="no"))
    (path,) = (tmp_path / "reports").iterdir()
    left = json.loads(path.read_text())
    assert left["runs"][0]["ended"] is None
    assert {name: host["state"] for name, host in left["hosts"].items()} == {
        "a": "ok", "b": "failed", "z": "not started",
    }  # fmt: skip
    # The next one is not before some seconds have gone.
    callback.v2_runner_on_ok(result("c"))
    assert set(json.loads(path.read_text())["hosts"]) == {"a", "b", "z"}
    assert set(document(callback, tmp_path)["hosts"]) == {"a", "b", "c", "z"}


def test_runs_of_the_same_second_are_told_apart(callback: CallbackModule) -> None:
    """Slices of a job begin together, and in their containers even their processes have the same number."""
    begun = [callback._run]
    callback.v2_playbook_on_start(SimpleNamespace(_file_name="playbooks/verify_edge.yml"))
    names = {item.document()["runs"][0]["id"] for item in [*begun, callback._run]}
    assert len(names) == 2


def test_a_wrong_word_in_an_option_is_a_warning_and_costs_no_report(tmp_path: Path) -> None:
    made, said = CallbackModule(), []
    options = {"directory": str(tmp_path), "formats": ["html", "pdf"], "progress": "bar", "progress_interval": 30}
    made.get_option = (options | {"language": "fr"}).get
    made._display = SimpleNamespace(warning=said.append, display=lambda text, stderr=False: None)
    made.v2_playbook_on_start(SimpleNamespace(_file_name="playbooks/verify_edge.yml"))
    made.v2_runner_on_ok(result("a"))
    made.v2_playbook_on_stats(SimpleNamespace(failures={}))
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".json"]
    assert said == [
        "fleet_report: progress is 'bar', expected one of auto, line, lines, off; it is skipped",
        "fleet_report: formats is 'pdf', expected one of " + ", ".join(BY_NAME) + "; it is skipped",
        "fleet_report: ACK_EDGE_LANG is 'fr', expected one of en, zh; English is used",
    ]


def test_a_report_in_chinese(tmp_path: Path) -> None:
    made, shown = CallbackModule(), []
    options = {"directory": str(tmp_path), "formats": ["html"], "progress": "off", "language": "zh"}
    made.get_option = options.get
    made._display = SimpleNamespace(display=lambda text, stderr=False: shown.append(text))
    made.v2_playbook_on_start(SimpleNamespace(_file_name="playbooks/verify_edge.yml"))
    made.v2_runner_on_unreachable(result("b", msg="timed out"))
    made.v2_playbook_on_stats(SimpleNamespace(failures={}))
    (page,) = tmp_path.glob("*.html")
    assert '<html lang="zh-CN" dir="ltr">' in page.read_text(encoding="utf-8")
    assert shown[0].startswith("1 台主机中有 0 台已就绪")


def test_what_says_nothing_of_a_machine_is_not_in_the_report(callback: CallbackModule, tmp_path: Path) -> None:
    """Such as the merger of reports, and what is asked between waves; but why a run ends is known from there."""
    silent = play("localhost")
    silent.tags = ["always", "ack_edge_no_report"]
    callback.v2_playbook_on_play_start(silent)
    event = result("localhost", msg="merged")
    event.task.tags = ["ack_edge_no_report"]
    callback.v2_runner_on_ok(event)
    assert callback._targets == set()
    event = result("a", msg="The run ends here", exceeded=True)
    event.task.tags, event.task.resolved_action = ["ack_edge_no_report"], "ack_edge.node.error_budget"
    callback.v2_playbook_on_play_start(play("a", "b", serial=[1]))
    callback.v2_runner_on_ok(event)
    told = document(callback, tmp_path)
    assert {name: host["state"] for name, host in told["hosts"].items()} == {"a": "not started", "b": "not started"}
    assert told["runs"][0]["stopped"] == "The run ends here"


def test_a_wave_that_was_lost_as_a_whole_is_why_the_run_ended(callback: CallbackModule, tmp_path: Path) -> None:
    for name in ("a", "b"):
        callback.v2_playbook_on_play_start(play("a", "b", "c", serial=[1]))
        callback.v2_runner_on_ok(result(name))
    callback.v2_runner_on_failed(result("b", msg="no"))
    (stopped,) = (run["stopped"] for run in document(callback, tmp_path, "b")["runs"])
    assert stopped == "No host of wave 2 completed: 1 host, all failed or unreachable"


def test_formats(callback: CallbackModule, tmp_path: Path) -> None:
    callback.get_option("formats").extend(["html", "junit", "csv", "limit"])
    shown: list[str] = []
    callback._display = SimpleNamespace(display=lambda text, stderr: shown.append(text))
    for module in GATE:
        event = result("a", results=[verdict("x")])
        event.task.resolved_action = module
        callback.v2_runner_on_ok(event)
    callback.v2_runner_on_unreachable(result("b", msg="timed out"))
    callback.v2_playbook_on_stats(SimpleNamespace(failures={"b": 1}))
    written = {path.suffix: path.read_text() for path in (tmp_path / "reports").iterdir()}
    assert set(written) == {".json", ".html", ".xml", ".csv", ".limit"}
    assert written[".limit"] == "b\n"
    assert shown[0].startswith("1 of 2 hosts are ready (1 ok, 1 unreachable)")
    assert shown[-2].startswith("Report of 2 hosts: ") and shown[-2].endswith("(.json .html .xml .csv .limit)")
    assert shown[-1].startswith("To continue with the remaining hosts: --limit @")


def test_a_run_without_machines_writes_nothing(callback: CallbackModule, tmp_path: Path) -> None:
    callback.v2_playbook_on_stats(SimpleNamespace(failures={}))
    assert not (tmp_path / "reports").exists()


def test_a_directory_that_cannot_be_written_costs_no_summary(callback: CallbackModule, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    warnings: list[str] = []
    shown: list[str] = []
    callback._display = SimpleNamespace(warning=warnings.append, display=lambda text, stderr: shown.append(text))
    callback._next_write = 0.0
    callback.v2_runner_on_ok(result("a"))
    callback.v2_playbook_on_stats(SimpleNamespace(failures={}))
    assert len(warnings) == 1 and "Set ACK_EDGE_REPORT_DIR" in warnings[0]
    assert shown[0].startswith("1 host (1 ok); not judged: nothing looked at")
    assert shown[-1].startswith(f"No report was written: {tmp_path}/reports: ")
    assert shown[-1].endswith("Set ACK_EDGE_REPORT_DIR to a directory that can be written.")


def said_of(callback: CallbackModule, end: str = "stats") -> list[str]:
    shown: list[str] = []
    callback._display = SimpleNamespace(warning=shown.append, display=lambda text, stderr: shown.append(text))
    if end == "stats":
        callback.v2_playbook_on_stats(SimpleNamespace(failures={}))
    else:
        callback._write_all()
    return shown


def test_a_run_for_nobody_says_so(callback: CallbackModule, tmp_path: Path) -> None:
    callback.v2_playbook_on_no_hosts_matched()
    (line,) = said_of(callback)
    assert line.startswith("No host was looked at, so none is ready: no play matched a host; check the inventory (-i),")
    assert not (tmp_path / "reports").exists()


def test_a_playbook_that_is_not_for_hosts_says_nothing(callback: CallbackModule) -> None:
    plays = [SimpleNamespace(tags=["always", "ack_edge_no_report"])]
    callback.v2_playbook_on_start(SimpleNamespace(_file_name="merge_reports.yml", get_plays=lambda: plays))
    event = result("localhost", msg="merged")
    event.task.tags = ["ack_edge_no_report"]
    callback.v2_runner_on_failed(event)
    assert said_of(callback) == []


def test_a_run_that_is_interrupted(callback: CallbackModule, tmp_path: Path) -> None:
    """Ansible ends without a word to its callbacks; Python calls what is registered."""
    callback.v2_playbook_on_play_start(play("a", "b", "c"))
    callback.v2_playbook_on_task_start(SimpleNamespace(get_name=lambda: "Keep the clock right"), False)
    callback.v2_runner_on_ok(result("a"))
    callback.v2_runner_on_failed(result("b", msg="no"))
    event = result("c", msg="c is ready")
    event.task.resolved_action = "ack_edge.node.assert_ready"
    callback.v2_runner_on_ok(event)
    callback.get_option("formats").append("limit")
    shown = said_of(callback, "interrupted")
    hosts = json.loads(next((tmp_path / "reports").glob("*.json")).read_text())["hosts"]
    assert {name: host["state"] for name, host in hosts.items()} == {"a": "stopped", "b": "failed", "c": "ok"}
    assert next((tmp_path / "reports").glob("*.limit")).read_text().split()[:2] == ["a", "b"]
    assert '  a: stopped: the run was stopped at the task "Keep the clock right", before this host was done' in shown


def test_a_batch_that_is_through_was_not_stopped(callback: CallbackModule, tmp_path: Path) -> None:
    for name in ("a", "b"):
        callback.v2_playbook_on_play_start(play(name, serial=[1]))
        callback.v2_playbook_on_task_start(SimpleNamespace(get_name=lambda: "look"), False)
        callback.v2_runner_on_ok(result(name))
    said_of(callback, "interrupted")
    hosts = json.loads(next((tmp_path / "reports").glob("*.json")).read_text())["hosts"]
    assert {name: host["state"] for name, host in hosts.items()} == {"a": "ok", "b": "stopped"}


def test_duplicates_are_of_the_hosts_that_are_named(callback: CallbackModule, tmp_path: Path) -> None:
    callback.v2_playbook_on_play_start(play("a", "b", "c"))
    for name in ("a", "b", "c"):
        callback.v2_runner_on_ok(result(name))
    twins = {name: [verdict("machine_id_unique", "fail")] for name in ("b", "c", "stranger")}
    event = result("a", "Detect", hosts=twins)
    event.task.resolved_action = "ack_edge.node.duplicate_hosts"
    callback.v2_runner_on_ok(event)
    hosts = document(callback, tmp_path)["hosts"]
    assert {name: len(host["verdicts"]) for name, host in hosts.items()} == {"a": 0, "b": 1, "c": 1}


def test_a_failure_of_what_looks_at_all_hosts_is_of_none(callback: CallbackModule, tmp_path: Path) -> None:
    callback.v2_playbook_on_play_start(play("a", "b"))
    for name in ("a", "b"):
        callback.v2_runner_on_ok(result(name))
    event = result("a", "Detect", msg="Task failed: unhashable type")
    event.task.resolved_action = "ack_edge.node.duplicate_hosts"
    callback.v2_runner_on_failed(event)
    told = document(callback, tmp_path, "a")
    assert {host["state"] for host in told["hosts"].values()} == {"ok"}
    assert told["runs"][0]["stopped"] == "Detect: unhashable type"


@pytest.mark.parametrize("answer", ["x", None, 5, {"a": 1}, [None], [{"data": None}], [[1]], True])
def test_no_answer_takes_the_report_from_the_others(callback: CallbackModule, tmp_path: Path, answer: object) -> None:
    """Whatever a hostile node puts anywhere into its answer."""
    callback.get_option("formats").extend(["html", "junit", "csv", "limit"])
    callback.v2_playbook_on_play_start(play("good", "hostile"))
    keys = ("results", "msg", "changed", "hosts", "region", "site", "module_stdout", "exception", "failed_checks",
            "ansible_facts", "skipped", "invocation", "rc")  # fmt: skip
    for module in (*GATE, *(f"ack_edge.node.{name}" for name in ("requirements", "duplicate_hosts", "assert_ready"))):
        for key in keys:
            event = result("hostile", **{key: answer})
            event.task.resolved_action = module
            for note in (callback.v2_runner_on_ok, callback.v2_runner_on_failed, callback.v2_runner_on_unreachable):
                note(event)
    callback.v2_runner_on_ok(result("good"))
    callback.v2_playbook_on_stats(SimpleNamespace(failures={"hostile": 1}))
    written = {path.suffix: path.read_text() for path in (tmp_path / "reports").iterdir()}
    assert set(written) == {".json", ".html", ".xml", ".csv", ".limit"}
    assert json.loads(written[".json"])["hosts"]["good"]["state"] == "ok"
    assert written[".limit"] == "hostile\n"


def test_a_task_in_a_loop_has_the_verdicts_of_every_turn(callback: CallbackModule, tmp_path: Path) -> None:
    turns = [{"results": [verdict(name)], "changed": True} for name in ("x", "y")]
    event = result("a", results=turns, changed=True)
    event.task.resolved_action, event.task.loop = "ack_edge.node.static_routes", [1, 2]
    callback.v2_runner_on_ok(event)
    found = document(callback, tmp_path)["hosts"]["a"]
    assert ([item["check"] for item in found["verdicts"]], found["changed"]) == (["x", "y"], ["look"])


@pytest.mark.parametrize(("given", "proves"), [("present", True), ("absent", False)])
def test_what_is_undone_is_no_look(callback: CallbackModule, tmp_path: Path, given: str, proves: bool) -> None:
    event = result("a", results=[verdict("x")])
    event.task.resolved_action, event._task_fields = "ack_edge.node.static_routes", {"args": {"state": given}}
    callback.v2_runner_on_ok(event)
    assert document(callback, tmp_path)["hosts"]["a"]["modules"]["ack_edge.node.static_routes"]["proves"] is proves


@pytest.mark.parametrize(("display", "stderr"), [("default", False), ("ansible.posix.json", True)])
def test_what_a_program_reads_is_left_alone(
    callback: CallbackModule, monkeypatch: pytest.MonkeyPatch, display: str, stderr: bool
) -> None:
    monkeypatch.setattr(constants.config, "get_config_value", lambda name: display)
    said: list[bool] = []
    callback._display = SimpleNamespace(display=lambda text, stderr: said.append(stderr))
    callback._show("1 done")
    callback.v2_runner_on_ok(result("a"))
    callback.v2_playbook_on_stats(SimpleNamespace(failures={}))
    assert set(said) == {stderr} and len(said) > 2


def test_what_a_play_will_have_of_each_machine() -> None:
    """Tasks that only one machine does, and meta, are no results of every machine."""

    def task(action: str = "command", *, run_once: bool = False) -> SimpleNamespace:
        return SimpleNamespace(action=action, run_once=run_once)

    block = SimpleNamespace(get_tasks=lambda: [task(), task("meta"), task(run_once=True), task()])
    block.filter_tagged_tasks = lambda known: block
    named = SimpleNamespace(compile=lambda: [block, block])
    assert results_expected(named, SimpleNamespace(get_vars=lambda play: {})) == 4
