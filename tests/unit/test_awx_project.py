# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The project for AWX: what AWX offers of it, and surveys that it takes. It runs in tests/integration/awx."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.columns import NAMES
from ansible_collections.ack_edge.node.plugins.plugin_utils._variables import KNOWN

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "extras" / "awx-project"
SURVEYS = sorted(PROJECT.glob("surveys/*.json"))
# What AWX takes for a playbook: a YAML file outside of some folders, with a line such as this.
PLAYBOOK = re.compile(
    r"^\s*-?\s*(?:hosts|(?:ansible\.builtin\.)?include|(?:ansible\.builtin\.)?import_playbook):", re.M
)
NO_PLAYBOOKS = {"roles", "tasks", "group_vars", "host_vars"}
# The keys and types of a question, as AWX 24.6.1 checks them.
QUESTION = {
    "question_name": str,
    "question_description": str,
    "required": bool,
    "type": str,
    "variable": str,
    "min": int,
    "max": int,
    "default": str,
    "choices": list,
}


def test_awx_offers_five_playbooks() -> None:
    files = [path for path in PROJECT.rglob("*.yml") if not NO_PLAYBOOKS & {*path.relative_to(PROJECT).parts}]
    offered = sorted(path.name for path in files if PLAYBOOK.search(path.read_text()))
    assert offered == [
        "merge_reports.yml",
        "network_plan.yml",
        "prepare_edge.yml",
        "reset_edge.yml",
        "verify_edge.yml",
    ]


@pytest.mark.parametrize("path", sorted(PROJECT.glob("*.yml")), ids=lambda path: path.stem)
def test_each_is_one_of_the_collection_under_its_own_name(path: Path) -> None:
    (play,) = yaml.safe_load(path.read_text())
    assert play["ansible.builtin.import_playbook"] == f"ack_edge.node.{path.stem}"
    assert (ROOT / "playbooks" / path.name).exists()


def questions(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text())["spec"]


@pytest.mark.parametrize("path", SURVEYS, ids=lambda path: path.stem)
def test_a_survey_is_as_awx_takes_it(path: Path) -> None:
    survey = json.loads(path.read_text())
    assert {key: type(value) for key, value in survey.items()} == {"name": str, "description": str, "spec": list}
    assert (PROJECT / f"{path.stem}.yml").exists()
    for question in survey["spec"]:
        assert {key: type(value) for key, value in question.items()} == QUESTION
        assert question["type"] in ("text", "textarea", "multiplechoice")
        assert (
            (question["default"] in question["choices"])
            if question["type"] == "multiplechoice"
            else (question["choices"] == [] and question["min"] <= len(question["default"]) <= question["max"])
            or question["required"]
        )
    names = [question["variable"] for question in survey["spec"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", SURVEYS, ids=lambda path: path.stem)
def test_a_survey_asks_what_the_playbook_reads_and_no_inventory_says(path: Path) -> None:
    book = (ROOT / "playbooks" / path.name).with_suffix(".yml").read_text()
    for question in questions(path):
        assert question["variable"] not in NAMES
        # What an action reads of a host the playbook does not name; merge_reports has no host.
        assert question["variable"] in KNOWN or re.search(rf"\b{question['variable']}\b", book)


def test_only_what_undoes_must_be_told_for_whom() -> None:
    required = {path.stem: [one["variable"] for one in questions(path) if one["required"]] for path in SURVEYS}
    assert required == {"merge_reports": [], "prepare_edge": [], "reset_edge": ["edge_hosts"], "verify_edge": []}
