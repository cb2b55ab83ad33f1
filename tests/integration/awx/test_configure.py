# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Config as code: the real modules of awx.awx 24.6.1 make what objects.yml lists, in a stand-in for AWX on loopback."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from helpers_plays import ROOT, Outcome, environment, run
from stand_in_api import TOKEN
from stand_in_awx import Awx, serving

PROJECT = ROOT / "extras" / "awx-project"
OBJECTS = yaml.safe_load((PROJECT / "controller" / "objects.yml").read_text())
VALUES = yaml.safe_load((PROJECT / "controller" / "values.yml").read_text())
TASKS = {name: yaml.safe_load((ROOT / f"playbooks/tasks/awx_{name}.yml").read_text()) for name in ("present", "absent")}
MODULES = ROOT / ".cache" / "oracles" / "collections"
GIVEN = {"awx_project_url": "https://git.example/edge.git", "awx_ee_image": "edge-ee:2.18", "awx_credentials": ["SSH"]}
_CHANGED = re.compile(r"^changed: \[localhost\] => \(item=(.*)\)$", re.M)
NODES = "simplified_workflow_nodes"


class Turn(NamedTuple):
    """One run: what it said, what changed, and what was asked of AWX beside reading."""

    outcome: Outcome
    changed: list[str]
    written: list[str]


class Turns(NamedTuple):
    check: Turn
    first: Turn
    second: Turn
    absent: Turn
    # AWX as the second run has left it.
    awx: Awx
    names: dict[str, set[str]]


@pytest.fixture(scope="module")
def modules() -> Path:
    """Return the folder with the collection awx.awx."""
    if not (MODULES / "ansible_collections/awx/awx").is_dir():
        if os.environ.get("ACK_EDGE_SKIP_ORACLES"):
            pytest.skip("needs awx.awx, and ACK_EDGE_SKIP_ORACLES is set")
        pytest.fail("needs awx.awx; run tests/integration/tools.sh, or set ACK_EDGE_SKIP_ORACLES=1 to leave it out")
    return MODULES


@pytest.fixture(scope="module")
def turns(tmp_path_factory: pytest.TempPathFactory, modules: Path) -> Turns:
    folder = tmp_path_factory.mktemp("configure")
    awx = Awx()
    awx.add("credentials", {"name": "SSH", "organization": 1})

    def turn(*options: str) -> Turn:
        awx.written.clear()
        env = {
            "CONTROLLER_HOST": awx.url,
            "CONTROLLER_OAUTH_TOKEN": TOKEN,
            "ANSIBLE_COLLECTIONS_PATH": f"{ROOT / '.collections'}:{modules}",
            "ANSIBLE_PIPELINING": "1",
        }
        given = ("-e", json.dumps(GIVEN), *options)
        outcome = run(
            folder, str(ROOT / "playbooks/awx_configure.yml"), {"all": {"hosts": {"localhost": None}}}, *given, env=env
        )
        assert outcome.rc == 0, outcome.out
        return Turn(outcome, _CHANGED.findall(outcome.out), list(awx.written))

    with serving(awx):
        check, first, second = turn("--check"), turn(), turn()
        kept = Awx()
        kept.objects = {kind: {number: dict(one) for number, one in all_.items()} for kind, all_ in awx.objects.items()}
        kept.links, kept.surveys = {url: list(link) for url, link in awx.links.items()}, dict(awx.surveys)
        absent = turn("-e", "awx_state=absent")
        return Turns(check, first, second, absent, kept, {kind: {*awx.named(kind)} for kind in awx.objects})


def test_a_check_makes_nothing_and_says_where_it_ends(turns: Turns) -> None:
    assert turns.check.written == []
    assert turns.check.changed == ["ACK Edge", "ACK Edge", "ACK Edge reports", "ACK Edge"]
    assert "The check ends here. What follows needs what a run would make first" in turns.check.outcome.out


def test_the_first_run_makes_each_object_and_the_second_asks_for_no_change(turns: Turns) -> None:
    nodes = OBJECTS["controller_workflows"][0][NODES]
    made = sum(len(OBJECTS[name]) for name in OBJECTS if name != "aap_organizations") + len(nodes)
    linked = sum(any(key.endswith("_nodes") for key in node) for node in nodes)
    assert len(turns.first.changed) == made + linked
    assert (turns.second.changed, turns.second.written) == ([], [])


def test_the_workflow_goes_from_a_few_hosts_to_all(turns: Turns) -> None:
    nodes = turns.awx.named("workflow_job_template_nodes")
    links = {
        (name, kind): other["identifier"]
        for name, node in nodes.items()
        for kind in ("always", "success", "failure")
        for other in turns.awx.linked(node, f"{kind}_nodes")
    }
    assert links == {
        ("verify", "always"): "canary",
        ("canary", "success"): "approval",
        ("canary", "failure"): "merge",
        ("approval", "success"): "prepare",
        ("approval", "failure"): "merge",
        ("prepare", "always"): "verify_again",
        ("verify_again", "always"): "merge",
    }
    templates = {one["id"]: one for one in turns.awx.objects["job_templates"].values()}
    runs = {name: templates.get(node["unified_job_template"], {}) for name, node in nodes.items()}
    assert {name: (one["playbook"], one["job_slice_count"], one["limit"]) for name, one in runs.items() if one} == {
        "verify": ("verify_edge.yml", 3, ""),
        "canary": ("prepare_edge.yml", 1, "canary"),
        "prepare": ("prepare_edge.yml", 3, ""),
        "verify_again": ("verify_edge.yml", 3, ""),
        "merge": ("merge_reports.yml", 1, ""),
    }
    (approval,) = turns.awx.objects["workflow_approval_templates"].values()
    assert (nodes["approval"]["unified_job_template"], approval["timeout"]) == (approval["id"], 86400)


def test_a_template_says_what_its_slices_are_and_asks_its_survey(turns: Turns) -> None:
    for name, one in turns.awx.named("job_templates").items():
        survey = PROJECT / "surveys" / one["playbook"].replace(".yml", ".json")
        assert turns.awx.surveys[one["url"]] == json.loads(survey.read_text())
        variables = json.loads(one["extra_vars"])
        assert variables.get("ack_edge_slices", 1) == one["job_slice_count"]
        assert (PROJECT / one["playbook"]).exists()
        # What contacts no host needs no login.
        contacts = one["playbook"] != "merge_reports.yml"
        assert bool(turns.awx.linked(one, "credentials")) == contacts
        assert turns.awx.objects["inventories"][one["inventory"]]["name"] == (
            "ACK Edge" if contacts else "ACK Edge reports"
        )
        assert [label["name"] for label in turns.awx.linked(one, "labels")] == ["ACK Edge"], name
    assert json.loads(turns.awx.named("job_templates")["ACK Edge merge"]["extra_vars"]) == {"fail_unless_ready": True}


def test_what_was_made_is_removed_and_nothing_else(turns: Turns) -> None:
    assert len(turns.absent.changed) == len(turns.absent.written) == 10
    left = {kind for kind, names in turns.names.items() if names}
    # AWX removes a label that nobody has by itself, and keeps what it did.
    assert left == {"organizations", "credentials", "labels", "project_updates"}


class _Captured(Exception):
    """Holds what a module takes."""


def takes(module: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Return the argument spec of a module of awx.awx."""
    monkeypatch.syspath_prepend(str(MODULES))
    loaded = importlib.import_module(f"ansible_collections.awx.awx.plugins.modules.{module}")

    def capture(argument_spec: dict[str, Any], **_more: Any) -> None:
        raise _Captured(argument_spec)

    monkeypatch.setattr(loaded, "ControllerAPIModule", capture)
    with pytest.raises(_Captured) as caught:
        loaded.main()
    return caught.value.args[0]


def calls(name: str) -> list[tuple[str, dict[str, str], str]]:
    """Return module, arguments and the list that it goes through, of each task."""
    found = []
    for task in TASKS[name]:
        for key in task:
            if key.startswith("awx.awx."):
                found.append((key.removeprefix("awx.awx."), task[key], task["loop"]))
    return found


@pytest.mark.parametrize("name", ["present", "absent"])
@pytest.mark.usefixtures("modules")
def test_every_argument_is_one_of_its_module(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(calls(name)) >= 5
    for module, arguments, _loop in calls(name):
        assert {*arguments} <= {*takes(module, monkeypatch)}, module


@pytest.mark.usefixtures("modules")
def test_every_key_of_the_lists_is_an_argument_that_is_given_and_holds_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = set()
    for module, arguments, loop in calls("present"):
        (variable,) = re.findall(r"(?:aap|controller)_\w+", loop)
        nodes = NODES in loop
        items = OBJECTS[variable] if not nodes else [node for one in OBJECTS[variable] for node in one[NODES]]
        spec = takes(module, monkeypatch)
        given = {*arguments} | {
            key for other, more, where in calls("present") for key in more if (other, where) == (module, loop)
        }
        for item in items:
            assert {*item} - {NODES} <= {*spec} & given, (variable, item)
            assert not [key for key in item if spec.get(key, {}).get("no_log")]
        seen.add((variable, nodes))
    assert seen == {*((name, False) for name in OBJECTS), ("controller_workflows", True)}


def test_every_value_is_used_and_every_variable_has_one() -> None:
    text = json.dumps(OBJECTS)
    assert {*re.findall(r"\bawx_\w+", text)} - {"awx_project_dir"} == {*VALUES}


def test_the_sheet_says_who_the_canary_hosts_are() -> None:
    command = [str(Path(sys.executable).with_name("ansible-inventory")), "-i", "inventory/fleet.yml", "--list"]
    done = subprocess.run(command, cwd=PROJECT, env=environment(), capture_output=True, text=True, check=True)
    listed = json.loads(done.stdout)
    assert listed[VALUES["awx_canary"]]["hosts"] == ["bj-web-01", "hz-gpu-01"]
    assert len(listed["_meta"]["hostvars"]) == 3


def test_what_is_needed_and_not_set_is_named(tmp_path: Path) -> None:
    book = str(ROOT / "playbooks/awx_configure.yml")
    outcome = run(tmp_path, book, {"all": {"hosts": {"localhost": None}}}, "-e", "awx_ee_image=x")
    assert outcome.rc == 2
    assert "not set: awx_project_url. Write them into controller/values.yml of your copy" in " ".join(
        outcome.out.split()
    )
    outcome = run(tmp_path, book, {"all": {"hosts": {"localhost": None}}}, "-e", "awx_state=gone")
    assert (outcome.rc, "awx_state is gone: give present or absent" in outcome.out) == (2, True)
