# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves a module, in a process of its own as on a node: never a password of a URL."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._module import answer
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import STATUSES, verdict
from fakes.modules import run_module

MODULES = sorted((Path(__file__).parents[4] / "plugins/modules").glob("*.py"))
SECRET = "Zx9q7"
CHECKSUM = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "present"},  # ends well: no tool is asked for
        {"state": "wrong"},  # refused by Ansible, before the module has begun
        {"checksum": "md5:1"},  # refused by the module
        {"url": f"https://svc:{SECRET}/{SECRET}@host/a.tar"},
        {"url": f"https://svc:12345#{SECRET}@host/a.tar"},
        {"url": f"https://svc:my {SECRET}@host/a.tar"},
        {"url": f"https://host:{SECRET}/a.tar?x=@"},
        {"url": f"ftp://svc:{SECRET}@host/a.tar"},
        {"nonsense": f"https://svc:{SECRET}@host"},
    ],
)
def test_no_result_shows_a_password(changes):
    given = {"source": "url", "url": f"https://svc:{SECRET}@127.0.0.1:1/a.tar", "checksum": CHECKSUM, **changes}
    _rc, result = run_module("system_tools", given)
    assert SECRET not in json.dumps(result)
    assert "***" in result["invocation"]["module_args"]["url"]


def imported(path):
    return {
        (node.module, name.name)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_module_of_a_node_ends_that_way(path):
    found = {module for module, name in imported(path) if name in ("AnsibleModule", "run_module")}
    if "def main(" in path.read_text():  # else the documentation of an action without a module
        assert found == {"ansible_collections.ack_edge.node.plugins.module_utils._module"}


@pytest.mark.parametrize("given", [{"state": "wrong"}, {"checksum": "md5:1"}])
def test_a_refused_argument_gets_all_keys_of_a_report(given):
    rc, result = run_module(
        "system_tools", {"source": "url", "url": "https://127.0.0.1:1/a", "checksum": CHECKSUM, **given}
    )
    assert rc == 1
    assert result["failed_checks"] == ["module"]
    assert result["results"] == []
    assert result["summary"] == dict.fromkeys(STATUSES, 0)
    assert result["msg"]


def test_an_engine_that_raises_is_a_failed_result():
    def run(node, params, check_mode):
        raise NodeError("the disk is full", changed=True, verdicts=[verdict("x", "fail", "no room", "make room")])

    result = answer(run, None, {}, False)
    assert (result["failed"], result["changed"], result["msg"]) == (True, True, "the disk is full")
    assert result["failed_checks"] == ["x"]
