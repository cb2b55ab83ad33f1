# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates of a site get the plan, and nothing but the plan."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.templates import load
from fakes.network_plan import plan

TAKEN = ["plan.json"]


def rendered(folder: Path, text: str, name: str = "own.txt.j2") -> str:
    path = folder / name
    path.write_text(text)
    return load([str(path)], TAKEN)[0].text(plan())


def test_a_template_gets_the_plan(tmp_path: Path) -> None:
    text = "{% for one in plan.prefixes %}\nroute {{ one.destination }} {{ plan.site.next_hop }}\n{% endfor %}\n"
    lines = rendered(tmp_path, text).splitlines()
    assert lines == [f"route {one['destination']} 10.20.0.253" for one in plan()["prefixes"]]
    path = tmp_path / "own.txt.j2"
    assert load([str(path)], TAKEN)[0].file == "own.txt"


def test_pages_are_escaped_and_commands_are_not(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ '<b>' }}", "own.html.j2") == "&lt;b&gt;"
    assert rendered(tmp_path, "{{ '<b>' }}", "own.cfg.j2") == "<b>"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{{ plan.nothing }}\n", "own.txt.j2 cannot be rendered, line 2: "),
        ("{{ plan.__class__.__mro__ }}", "cannot be rendered, line 1: access to attribute '__class__'"),
        ("{{ plan.prefixes.append(1) }}", "cannot be rendered, line 1: "),
        ("{{ 1 / 0 }}", "cannot be rendered, line 1: division by zero"),
        ("{{ lookup('pipe', 'id') }}", "'lookup' is undefined"),
        ("{% include '/etc/passwd' %}", "cannot be rendered"),
        ("{% for x in %}", "which is not a valid template, line 1"),
    ],
)
def test_mistakes_of_a_template(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PlanError) as caught:
        rendered(tmp_path, text)
    assert told in str(caught.value)


def test_a_template_cannot_change_the_plan(tmp_path: Path) -> None:
    path = tmp_path / "own.txt.j2"
    path.write_text("{% set _ = plan.site %}{{ plan.site.name }}")
    made = plan()
    before = copy.deepcopy(made)
    load([str(path)], TAKEN)[0].text(made)
    assert made == before


def test_all_wrong_templates_at_once(tmp_path: Path) -> None:
    names = ["plan.json.j2", ".hidden.j2", "a b.j2", "own.txt.j2", "sub"]
    (tmp_path / "sub").mkdir()
    for name in names[:-1]:
        (tmp_path / name).write_text("x")
    paths = [str(tmp_path / name) for name in [*names, "own.txt", "none.j2"]]
    (tmp_path / "own.txt").write_text("x")
    with pytest.raises(PlanError) as caught:
        load(paths, TAKEN)
    assert len(caught.value.problems) == 6
    assert "which cannot be read" in caught.value.problems[-1]
