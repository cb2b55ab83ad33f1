# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which column of a sheet is which variable."""

from __future__ import annotations

import keyword
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.columns import (
    NAMES,
    check_mapping,
    fold,
    known,
    read_header,
    variable_name,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.sheet import Row
from hypothesis import given
from hypothesis import strategies as st

BASE = ("主机名", "管理IP")


def header(
    *cells: str, columns: dict[Any, Any] | None = None, secret: bool = False
) -> tuple[dict[str, str], list[str]]:
    found, problems = read_header(Row(1, cells), columns or {}, secret)
    assert all(problem.line == 1 for problem in problems)
    return {column.header: column.variable for column in found}, [problem.text for problem in problems]


def test_no_name_stands_for_two_variables() -> None:
    folded = [fold(name) for variable, names in NAMES.items() for name in {variable, *names}]
    spellings = {(fold(name), variable) for variable, names in NAMES.items() for name in (variable, *names)}
    assert len({name for name, _variable in spellings}) == len(spellings)
    assert set(folded) == {name for name, _variable in spellings}


def test_the_guide_lists_every_name() -> None:
    guide = (Path(__file__).parents[5] / "docs/inventory.md").read_text(encoding="utf-8")
    rows = [f"| `{variable}` | {', '.join(names)} |" for variable, names in NAMES.items()]
    assert [row for row in rows if row not in guide] == []


@pytest.mark.parametrize(
    ("spelling", "variable"),
    [
        ("Host Name", "inventory_hostname"),
        ("HOSTNAME*", "inventory_hostname"),
        ("主机名（必填）", "inventory_hostname"),  # noqa: RUF001 (as sheets write it)
        ("\ufeff主机名", "inventory_hostname"),
        ("管理ＩＰ", "ansible_host"),
        ("IP 地址\n(管理口)", "ansible_host"),
        ("机房", "site"),
        ("站点", "site"),
        ("地域", "region"),
        ("地域(Region ID)", "region"),
        ("接入方式 专线/公网", "access_mode"),
        ("access-mode", "access_mode"),
        ("网关", "leased_line_gateway"),
        ("网卡", "leased_line_interface"),
        ("leased_line_interface", "leased_line_interface"),
        ("SSH端口", "ansible_port"),
        ("VPC CIDRs", "vpc_cidrs"),
        ("集群版本", "cluster_version"),
        ("备注", "note"),
        ("host type", ""),
        ("业务IP", ""),
        ("", ""),
    ],
)
def test_usual_names(spelling: str, variable: str) -> None:
    assert known(spelling) == variable


@pytest.mark.parametrize(
    ("spelling", "variable"),
    [
        ("vpc_probe_host", "vpc_probe_host"),
        ("maxPods", "maxPods"),
        ("Power Feed-A", "power_feed_a"),
        ("1st seen", "column_1st_seen"),
        ("class", "column_class"),
        ("environment", "column_environment"),
        ("groups", "column_groups"),
        ("机位图", "column_u673a_u4f4d_u56fe"),
        ("网卡2", "column_u7f51_u5361_2"),
        ("%", "column_u25"),
    ],
)
def test_other_names(spelling: str, variable: str) -> None:
    assert known(spelling) == ""
    assert variable_name(spelling) == variable


@given(st.text(min_size=1, max_size=20))
def test_every_name_is_a_variable(text: str) -> None:
    name = variable_name(text)
    assert name.isascii() and name.isidentifier() and not keyword.iskeyword(name)
    assert variable_name(name) == name


def test_columns_of_the_user_win() -> None:
    found, problems = header(
        *BASE, "地域", "采购 日期", "业务IP", columns={"地域": "area", "采购日期": None, "业务ip": "ip2"}
    )
    assert problems == []
    assert list(found.values()) == ["inventory_hostname", "ansible_host", "area", "", "ip2"]


def test_headers_that_are_no_text_in_yaml() -> None:
    found, problems = header(*BASE, "2024", columns={2024: "year_2024"})
    assert (found["2024"], problems) == ("year_2024", [])


def test_columns_without_a_header_are_left_to_the_rows() -> None:
    assert header(*BASE, "", " ") == (dict(zip(BASE, ("inventory_hostname", "ansible_host"), strict=True)), [])


def test_two_columns_of_one_variable() -> None:
    (problem,) = header(*BASE, "IP", "power feed", "Power-Feed")[1][:1]
    assert problem.startswith("the columns '管理IP', 'IP' would all be ansible_host: say with columns which one it is")
    assert "'power feed', 'Power-Feed' would all be power_feed" in header(*BASE, "power feed", "Power-Feed")[1][0]
    assert header(*BASE, "IP", columns={"IP": ""})[1] == []


@pytest.mark.parametrize("name", ["ansible_connection", "ansible_ssh_common_args", "Ansible_become_exe"])
def test_columns_that_decide_what_runs_on_the_controller(name: str) -> None:
    (problem,) = header(*BASE, name)[1]
    assert problem.startswith(f"{name} can decide what runs on the controller")
    assert header(*BASE, name, columns={name: name})[1] == []


def role_variables() -> list[str]:
    """Return what the roles take under their own names."""
    found: list[str] = []
    for path in sorted((Path(__file__).parents[5] / "roles").glob("*/meta/argument_specs.yml")):
        found += yaml.safe_load(path.read_text("utf-8"))["argument_specs"]["main"]["options"]
    return found


# Those that say only more of the host itself. A variable that a role gets is refused until somebody names it here.
OF_A_HOST = {
    *("inbound_ports_gateway", "inbound_ports_interface", "inbound_ports_zone", "leased_line_routes_gateway"),
    *("leased_line_routes_interface", "readiness_leased_line_gateway", "readiness_leased_line_interface"),
    *("system_tools_throttle", "time_sync_manage", "time_sync_wait"),
}


@pytest.mark.parametrize(
    "name",
    [
        *sorted({*role_variables()} - OF_A_HOST),
        *("edge_hosts", "waves", "error_budget", "require_proof", "ack_edge_requirements", "__ack_edge_prober"),
        *("readiness_report", "Leased_Line_Routes_Force", "Leased line routes: force", "SYSTEM-TOOLS-URL", "waves*"),
    ],
)
def test_columns_that_can_switch_off_a_safeguard(name: str) -> None:
    (problem,) = header(*BASE, name)[1]
    assert (
        "can switch off a check or a safeguard, or change how a run goes, so a sheet may not set it by itself"
        in problem
    )
    assert f"write columns: {{{name}: " in problem
    assert header(*BASE, name, columns={name: "anything"})[1] == []


def test_all_columns_of_the_kind_are_named_at_once() -> None:
    found = header(*BASE, "leased_line_routes_force", "note", "ansible_become_exe", "edge_hosts")[1]
    assert [text.split(" ", 1)[0] for text in found] == ["leased_line_routes_force", "ansible_become_exe", "edge_hosts"]


@pytest.mark.parametrize(
    "name",
    [
        *sorted(OF_A_HOST),
        *(
            "region",
            "route_scope",
            "vpc_probe_host",
            "internet_inbound",
            "readiness",
            "wave",
            "force",
            "proxy",
            "_note",
        ),
    ],
)
def test_columns_that_are_only_of_a_host(name: str) -> None:
    assert header(*BASE, name)[1] == []


def test_needed_columns() -> None:
    host, address = header("名字", "地域")[1]
    assert host.startswith(
        "the header has no column for inventory_hostname: expected one such as host, hostname or 主机名"
    )
    assert "found '名字', '地域'; rename a column, or name one with columns" in address
    assert header("名字", "地点", columns={"名字": "inventory_hostname", "地点": "ansible_host"})[1] == []


def test_a_sheet_with_secrets_is_not_shown() -> None:
    assert not [text for text in header("web-1", "hunter2", secret=True)[1] if "hunter2" in text]


@pytest.mark.parametrize("variable", ["two words", "机房", "class", "groups", 5, "1st", "a-b"])
def test_names_that_the_user_cannot_give(variable: Any) -> None:
    (problem,) = check_mapping({"机位": variable})
    assert problem.text.startswith(f"columns maps '机位' to {variable!r}: give a variable name of letters")


def test_names_that_the_user_can_give() -> None:
    assert check_mapping({"a": "inventory_hostname", "b": "ansible_connection", "c": None, "d": "", "e": "Any_1"}) == []
