# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    ASSERT_READY,
    left,
    looked_at,
    not_looked_at,
    said,
    standings,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_html import page
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.run import Run
from fakes.report import GATE, PUBLISHED_ROW, run, verdict


@pytest.mark.parametrize(
    ("found", "where"),
    [
        ([], "ready"),
        ([verdict("x", "warn"), verdict("y", "unproven", required=False)], "ready"),
        ([verdict("x", "fail", required=False)], "ready"),
        ([verdict("y", "unproven")], "ready but for open points"),
        ([verdict("x", "fail"), verdict("y", "unproven")], "not ready"),
        ([verdict("x", "fail")], "not ready"),
        ("no route", "unreachable"),
        (None, "not started"),
    ],
)
def test_where_a_host_stands(found, where):
    assert standings(run(hosts={"a": found})) == {"a": where}


@pytest.mark.parametrize("lacking", GATE)
def test_only_who_was_looked_at_whole_is_called_ready(lacking):
    """A run of some roles, or one that undoes everything, ends well too."""
    part = tuple(module for module in GATE if module != lacking)
    document = run(hosts={"a": [verdict("x")], "b": [verdict("x", "unproven")]}, modules=part)
    assert standings(document) == {"a": "not judged", "b": "not judged"}
    record = document["hosts"]["a"]
    assert (len(looked_at(record)), len(not_looked_at(record))) == (4, 1)


def test_a_module_that_was_skipped_has_not_looked():
    made = Run("prepare_edge-1", "prepare_edge", "then")
    for module in GATE:
        made.task("a", "look", {"skipped": True, "results": []}, module=module)
    assert standings(made.document("now")) == {"a": "not judged"}


@pytest.mark.parametrize(("check_mode", "where"), [(True, "not judged"), (False, "ready")])
def test_a_host_that_would_be_changed_is_not_called_ready(check_mode, where):
    made = Run("prepare_edge-1", "prepare_edge", "then", check_mode=check_mode)
    made.task("a", "tools", {"changed": True})
    for module in GATE:
        made.task("a", "look", {"results": [verdict("x")]}, module=module)
    assert standings(made.document("now")) == {"a": where}


@pytest.mark.parametrize(
    ("found", "modules", "where"),
    [
        ([verdict("x", "unproven")], GATE, "ready but for open points"),
        ([verdict("x", "unproven")], GATE[:2], "not ready"),
        ([verdict("x", "fail"), verdict("y", "unproven")], GATE, "not ready"),
        ([verdict("x")], GATE, "not ready"),
    ],
)
def test_the_task_that_says_who_is_ready_fails_for_open_points_too(found, modules, where):
    document = run(hosts={"a": found}, modules=modules)
    document["hosts"]["a"] |= {"state": "failed", "failed_module": ASSERT_READY}
    assert standings(document) == {"a": where}
    document["hosts"]["a"] |= {"failed_module": "ansible.builtin.fail"}
    assert standings(document) == {"a": "not ready"}


@pytest.mark.parametrize(("ended", "who"), [("now", ["b"]), (None, ["a", "b"])])
def test_who_is_left(ended, who):
    """Where a run has ended, only those that something keeps; where it broke off, also those that it was working on."""
    made = Run("prepare_edge-1", "prepare_edge", "then")
    made.task("a", "tools", {"changed": True})
    made.failure("b", "tools", "no")
    for host, status in (("c", "pass"), ("d", "unproven")):
        for module in GATE:
            made.task(host, "look", {"results": [verdict("x", status)]}, module=module)
    assert left(made.document(ended)) == who


# Which published row made a route


def about_a_route(published: Any) -> Any:
    return verdict("x", summary="goes via 10.0.0.1", data={"required": True, "published": published})


def test_the_sentence_of_the_page() -> None:
    item = about_a_route(PUBLISHED_ROW)
    assert said(item) == "goes via 10.0.0.1; published as oss-cn-beijing (oss) of cn-beijing: a, b"


@pytest.mark.parametrize("wrong", [None, "text", {}, {**PUBLISHED_ROW, "row": 7}, {**PUBLISHED_ROW, "sources": ["a"]}])
def test_a_report_that_says_it_in_another_way_has_the_plain_sentence(wrong: Any) -> None:
    assert said(about_a_route(wrong)) == "goes via 10.0.0.1"


def test_the_page_has_it() -> None:
    host = {
        "state": "ok",
        "run": "r",
        "failed_module": "",
        "changed": [],
        "modules": {},
        "verdicts": [about_a_route(PUBLISHED_ROW)],
    }
    assert "published as oss-cn-beijing (oss) of cn-beijing: a, b" in page(
        {"runs": [], "hosts": {"edge-1": host}}, [], ""
    )
