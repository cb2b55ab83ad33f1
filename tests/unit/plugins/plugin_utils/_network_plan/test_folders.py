# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what differs is written, only what is its own goes, and nothing else is ever touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan import folders
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError

TEXTS = {"plan.json": "{}\n", "plan.csv": "a,b\n"}


def written(folder: Path, texts: dict[str, str]) -> folders.Change:
    change = folders.compare(folder, texts)
    folders.apply(change)
    return change


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != folders.MANIFEST}


def test_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "site"
    change = folders.compare(folder, TEXTS)
    assert change.changed and not folder.exists()
    folders.apply(change)
    assert content(folder) == TEXTS
    times = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    again = folders.compare(folder, TEXTS)
    assert (again.changed, again.write, again.remove, again.diff()) == (False, {}, [], [])
    folders.apply(again)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == times


def test_one_file_differs(tmp_path: Path) -> None:
    written(tmp_path, TEXTS)
    before = (tmp_path / "plan.json").stat().st_mtime_ns
    change = written(tmp_path, {**TEXTS, "plan.csv": "new\n"})
    assert list(change.write) == ["plan.csv"]
    assert (tmp_path / "plan.json").stat().st_mtime_ns == before
    assert content(tmp_path)["plan.csv"] == "new\n"


def test_a_file_that_is_not_wanted_any_more_goes(tmp_path: Path) -> None:
    written(tmp_path, TEXTS)
    (tmp_path / "notes.txt").write_text("mine")
    change = folders.compare(tmp_path, {"plan.json": "{}\n"})
    assert (change.changed, change.remove) == (True, ["plan.csv"])
    assert change.diff() == [
        {
            "before": "a,b\n",
            "after": "",
            "before_header": f"{tmp_path}/plan.csv",
            "after_header": f"{tmp_path}/plan.csv",
        }
    ]
    folders.apply(change)
    assert content(tmp_path) == {"plan.json": "{}\n", "notes.txt": "mine"}
    assert not folders.compare(tmp_path, {"plan.json": "{}\n"}).changed


def test_what_was_edited_stays(tmp_path: Path) -> None:
    written(tmp_path, TEXTS)
    (tmp_path / "plan.csv").write_text("edited")
    change = written(tmp_path, {"plan.json": "{}\n"})
    assert (change.remove, change.kept) == ([], ["plan.csv"])
    assert content(tmp_path)["plan.csv"] == "edited"


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_a_file_of_somebody_else_is_never_overwritten(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "plan.csv"
    if kind == "file":
        target.write_text("mine")
    elif kind == "folder":
        target.mkdir()
    else:
        (tmp_path / "other").write_text("a,b\n")
        target.symlink_to(tmp_path / "other")
    with pytest.raises(
        PlanError, match=r"plan\.csv, which no earlier run wrote: move it away, or choose another plan_dir"
    ):
        folders.compare(tmp_path, TEXTS)
    assert not (tmp_path / "plan.json").exists()


def test_a_file_that_is_right_already_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("a,b\n")
    assert list(written(tmp_path, TEXTS).write) == ["plan.json"]


@pytest.mark.parametrize(
    "manifest",
    [
        "{",
        "[]",
        '{"files": []}',
        '{"files": {"../../etc/passwd": "x"}}',
        '{"files": {"/etc/passwd": "x"}}',
        '{"files": {"..": "x"}}',
        '{"files": {"plan.csv\\n": "x"}}',
        '{"files": {"plan.csv": 5}}',
    ],
)
def test_a_manifest_is_data(tmp_path: Path, manifest: str) -> None:
    (tmp_path / folders.MANIFEST).write_text(manifest)
    with pytest.raises(PlanError, match="remove it and the plan next to it"):
        folders.compare(tmp_path, TEXTS)


def test_a_run_that_broke_off_is_finished_by_the_next(tmp_path: Path) -> None:
    written(tmp_path, {**TEXTS, "old.cfg": "old"})
    wanted = {"plan.json": "1\n", "new.cfg": "3\n", "plan.csv": "2\n"}
    change = folders.compare(tmp_path, wanted)
    # Somebody puts a folder there in between, so that the second of three files cannot be written.
    (tmp_path / "new.cfg").mkdir()
    with pytest.raises(OSError, match=r"new\.cfg"):
        folders.apply(change)
    (tmp_path / "new.cfg").rmdir()
    assert content(tmp_path) == {"plan.json": "1\n", "plan.csv": "a,b\n", "old.cfg": "old"}
    assert set(json.loads((tmp_path / folders.MANIFEST).read_text())["files"]) == {*wanted, "old.cfg"}
    written(tmp_path, wanted)
    assert content(tmp_path) == wanted
