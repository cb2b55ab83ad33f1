# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of the sections are those that the roles give their modules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.modules.preflight_info import SECTIONS
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight import sections

ROLES = Path(__file__).parents[5] / "roles"
TAGS = list(sections.MODULES)


def role_task(section: str) -> dict[str, Any]:
    tasks = yaml.safe_load((ROLES / section / "tasks" / "main.yml").read_text())
    return next(task for task in tasks if f"ack_edge.node.{sections.MODULES[section]}" in task)


def defaults(section: str) -> dict[str, Any]:
    return yaml.safe_load((ROLES / section / "defaults" / "main.yml").read_text())


def test_the_module_has_these_sections() -> None:
    assert list(SECTIONS) == TAGS


@pytest.mark.parametrize("section", TAGS)
def test_every_argument_of_the_role_is_one_of_the_section(section: str) -> None:
    given = role_task(section)[f"ack_edge.node.{sections.MODULES[section]}"]
    expected = {name: re.findall(rf"{section}_\w+", str(text))[-1] for name, text in given.items()}
    expected.pop("verify_only", None)
    assert sections.VARIABLES[section] == expected


def test_lists_are_those_of_the_modules() -> None:
    specs = [SECTIONS[section]().argument_spec for section in TAGS]
    plain = {
        name
        for spec in specs
        for name, option in spec.items()
        if option.get("type") == "list" and option.get("elements") != "dict"
    }
    assert plain == sections.LISTS


@pytest.mark.parametrize("section", TAGS)
def test_what_the_role_has_by_default_the_module_has_too(section: str) -> None:
    spec = SECTIONS[section]().argument_spec
    own = {name: value for name, value in defaults(section).items() if "{{" not in str(value)}
    for argument, variable in sections.VARIABLES[section].items():
        if variable in own and own[variable] != "":
            assert spec[argument].get("default") == own[variable], variable


def variables(**given: Any) -> Any:
    return given.get


def test_a_variable_of_the_host_goes_before_the_requirement_set() -> None:
    given = variables(time_sync_servers="a,b", time_sync_wait=0)
    found = sections.arguments("time_sync", given, {"time_sync_servers": ["c"]})
    assert found == {"servers": ["a", "b"], "wait": 0}


def test_unset_in_a_survey_is_unset() -> None:
    given = variables(leased_line_routes_gateway="")
    assert sections.arguments("leased_line_routes", given, {"leased_line_routes_gateway": "10.0.0.1"}) == {}


def test_what_is_to_leave_is_what_the_node_remembers() -> None:
    given = variables(inbound_ports_state="absent", inbound_ports_ports=[{"name": "x"}])
    assert sections.arguments("inbound_ports", given, {}) == {"state": "absent"}


def test_verify_only_is_honoured() -> None:
    assert sections.arguments("time_sync", variables(time_sync_manage="verify_only"), {}) == {"verify_only": True}
    assert sections.arguments("time_sync", variables(time_sync_manage="configure"), {}) == {}


@pytest.mark.parametrize(
    ("names", "given", "expected"),
    [
        (["readiness"], None, ["clock"]),
        (["readiness", "time_sync"], "swap, x; y", ["swap", "x", "y", "clock"]),
        (["readiness", "time_sync", "system_tools"], ["swap"], ["swap", "clock", "system_tools"]),
    ],
)
def test_what_two_sections_look_at_is_looked_at_once(names: list[str], given: Any, expected: list[str]) -> None:
    found = sections.whole(names, variables(readiness_skip=given), {})
    assert found["readiness"]["skip"] == expected
    assert "advisory" not in found["readiness"]


def test_tools_that_a_run_is_about_to_install_keep_no_host_from_it() -> None:
    given = variables(readiness_advisory="swap")
    found = sections.whole(["readiness"], given, {}, before_change=True)
    assert found["readiness"]["advisory"] == ["swap", "system_tools"]


@pytest.mark.parametrize(
    ("tags", "skipped", "expected"),
    [
        (["all"], [], ["readiness", "reachability"]),
        (["all"], ["readiness"], ["reachability"]),
        (["system_tools"], [], ["system_tools"]),
        (["time_sync", "readiness"], ["time_sync"], ["readiness"]),
        (["inbound_proof"], [], []),
        (["tagged"], [], ["readiness", "reachability"]),
        (["all"], ["tagged"], []),
    ],
)
def test_tags_select_sections(tags: list[str], skipped: list[str], expected: list[str]) -> None:
    assert sections.selected(tags, skipped, ["readiness", "reachability"]) == expected
