# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup through Ansible's own plugin loader and through a playbook.

Both run in a process of their own: the loader replaces the import system for collections, which other tests rely on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import Inputs

ROOT = Path(__file__).parents[4]
# Reads [[terms, variables, arguments], ...] and writes [["result" or "error" or an unexpected error, value], ...].
LOADER = """
import json, sys
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, lookup_loader
from ansible.template import Templar

init_plugin_loader([sys.argv[1]])
answers = []
for terms, variables, arguments in json.load(sys.stdin):
    loader = DataLoader()
    plugin = lookup_loader.get("ack_edge.node.region", loader=loader, templar=Templar(loader, variables))
    try:
        answers.append(["result", plugin.run(terms, variables=variables, **arguments)])
    except Exception as error:
        answers.append(["error" if isinstance(error, AnsibleLookupError) else type(error).__name__, str(error)])
json.dump([answers, sorted(plugin.get_options())], sys.stdout)
"""
CASES: dict[str, list[Any]] = {
    "variables": [["cn-beijing"], {"vpc_cidrs": ["192.168.0.0/16"], "cluster_version": "1.24"}, {}],
    "arguments": [["cn-beijing"], {"cni": "flannel", "vpc_cidrs": ["192.168.0.0/16"]}, {"cni": "terway-edge"}],
    "unset": [["cn-beijing"], {"vpc_cidrs": "", "cluster_version": None, "cni": ""}, {"access_mode": ""}],
    "two": [["cn-beijing", "eu-west-1"], {}, {}],
    "text": [["cn-beijing"], {"internet_inbound": "no", "node_cidrs": "10.0.0.0/8,10.0.0.0/8"}, {}],
    "no term": [[], {}, {}],
    "float": [["cn-beijing"], {"cluster_version": 1.3}, {}],
    "float argument": [["cn-beijing"], {"cluster_version": "1.24"}, {"cluster_version": 1.3}],
    "many": [["cn-bejing"], {"access_mode": "leased", "vpc_cidrs": ["10.0.0.1/8"]}, {}],
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = str(tmp_path_factory.mktemp("home"))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    return {**kept, "HOME": home, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}


@pytest.fixture(scope="module")
def loaded(environment: dict[str, str]) -> tuple[dict[str, tuple[str, Any]], list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", LOADER, str(ROOT / ".collections")],
        input=json.dumps(list(CASES.values())),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers, options = json.loads(done.stdout)
    return dict(zip(CASES, map(tuple, answers), strict=True)), options


@pytest.fixture
def answers(loaded: tuple[dict[str, tuple[str, Any]], list[str]]) -> dict[str, tuple[str, Any]]:
    return loaded[0]


def result(answer: tuple[str, Any]) -> list[dict[str, Any]]:
    kind, value = answer
    assert kind == "result", value
    return list(value)


def error(answer: tuple[str, Any]) -> str:
    kind, value = answer
    assert kind == "error", value
    return str(value)


def test_every_variable_is_an_option(loaded: tuple[dict[str, tuple[str, Any]], list[str]]) -> None:
    assert set(loaded[1]) - {"_terms"} == set(Inputs.__dataclass_fields__)


def test_variables(answers: dict[str, tuple[str, Any]]) -> None:
    (found,) = result(answers["variables"])
    assert (found["access_mode"], found["cluster_version"]) == ("leased_line", "1.24")
    assert found["endpoints"][0]["port"] == 80


def test_arguments_win(answers: dict[str, tuple[str, Any]]) -> None:
    assert result(answers["arguments"])[0]["cni"] == "terway-edge"


def test_unset(answers: dict[str, tuple[str, Any]]) -> None:
    (found,) = result(answers["unset"])
    assert (found["access_mode"], found["cluster_version"], found["cni"]) == ("internet", None, "flannel")


def test_one_result_per_term(answers: dict[str, tuple[str, Any]]) -> None:
    assert [found["region"] for found in result(answers["two"])] == ["cn-beijing", "eu-west-1"]


def test_text(answers: dict[str, tuple[str, Any]]) -> None:
    (found,) = result(answers["text"])
    assert [(row["name"], row["sources"]) for row in found["inbound"]] == [("flannel_vxlan", ["10.0.0.0/8"])]


def test_no_term_is_no_region(answers: dict[str, tuple[str, Any]]) -> None:
    assert error(answers["no term"]).startswith("region is not set: give the id of the cluster's region")


@pytest.mark.parametrize("case", ["float", "float argument"])
def test_a_float_arrives_as_one(case: str, answers: dict[str, tuple[str, Any]]) -> None:
    assert error(answers[case]).startswith("cluster_version is 1.3: quote it")


def test_all_problems_in_one_error(answers: dict[str, tuple[str, Any]]) -> None:
    lines = error(answers["many"]).splitlines()
    assert [line.split(" is ")[0] for line in lines] == ["region", "vpc_cidrs", "access_mode"]


def test_playbook(environment: dict[str, str]) -> None:
    tool = Path(sys.executable).with_name("ansible-playbook")
    done = subprocess.run(
        [tool, "-i", "localhost,", "-c", "local", "tests/unit/data/region_lookup.yml"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all was run" in done.stdout
