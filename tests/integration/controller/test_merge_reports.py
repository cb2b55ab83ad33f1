# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Through ansible itself: files, folders and patterns become one report; bad ones end it before anything is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.report import run, verdict

ROOT = Path(__file__).parents[3]
FIRST = run("prepare-1", {"a": [verdict("x")], "b": [verdict("x", "fail")], "c": None}, "2026-11-23T10:00:00+00:00")
SECOND = run("prepare-2", {"b": [verdict("x")]}, "2026-11-24T10:00:00+00:00")

THIRD = run("prepare-3", {"c": [verdict("x")]}, "2026-11-25T10:00:00+00:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "one.json").write_text(json.dumps(FIRST))
    (tmp_path / "reports" / "two.json").write_text(json.dumps(SECOND))
    (tmp_path / "reports" / "other.json").write_text("{}")
    return tmp_path


def merge(folder: Path, *options: str, **variables: object) -> subprocess.CompletedProcess[str]:
    command = [
        Path(sys.executable).with_name("ansible-playbook"),
        "-i",
        "localhost,",
        ROOT / "playbooks/merge_reports.yml",
    ]
    command += ["-e", json.dumps(variables), *options]
    environment = os.environ | {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".collections"), "ANSIBLE_NOCOLOR": "1"}
    environment.pop("ANSIBLE_CONFIG", None)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_one_report_of_two_runs(folder: Path) -> None:
    target = {"reports": str(folder / "reports"), "merged": str(folder / "reports/fleet.json")}
    ahead = merge(folder, "--check", **target)
    assert (ahead.returncode, "changed=1" in ahead.stdout) == (0, True)
    assert not (folder / "reports/fleet.json").exists()

    done = merge(folder, **target)
    assert (done.returncode, "changed=1" in done.stdout) == (0, True), done.stdout
    assert "2 of 3 hosts are ready (2 ok, 1 not started)" in done.stdout
    merged = json.loads((folder / "reports/fleet.json").read_text())
    assert [item["id"] for item in merged["runs"]] == ["prepare-1", "prepare-2"]
    assert (folder / "reports/fleet.limit").read_text() == "c\n"
    assert "prepare-2" in (folder / "reports/fleet.html").read_text()

    assert f"Report: {folder}/reports/fleet.json {folder}/reports/fleet.html" in " ".join(done.stdout.split())

    again = merge(folder, **target)
    assert (again.returncode, "changed=0" in again.stdout) == (0, True)

    # Nobody is left: no file, for an empty one would be no limit, and a stale one goes.
    (folder / "reports" / "three.json").write_text(json.dumps(THIRD))
    assert merge(folder, "--check", **target).returncode == 0
    assert (folder / "reports/fleet.limit").exists()
    assert "3 of 3 hosts are ready" in merge(folder, **target).stdout
    assert not (folder / "reports/fleet.limit").exists()


@pytest.mark.parametrize(
    ("reports", "merged", "message"),
    [
        (["reports/other.json"], "fleet.json", "other.json is not a report of ack_edge.node"),
        (["reports/none-*.json"], "fleet.json", "reports/none-*.json', which matches no file; expected documents"),
        (["reports/empty"], "fleet.json", "reports/empty', a folder without documents; expected documents"),
        (["old"], "fleet.json", "old/old.json has schema_version 1, expected "),
        (["torn"], "fleet.json", "torn/torn.json is not a report of ack_edge.node, expected the .json of a run"),
        (
            ["part/part.json"],
            "fleet.json",
            "part/part.json is not a complete report of ack_edge.node: runs[0] has no check",
        ),
        (["deep/deep.json"], "fleet.json", "deep/deep.json is not a report of ack_edge.node: it is nested too deep"),
        (
            ["nan/nan.json"],
            "fleet.json",
            "nan/nan.json is not a report of ack_edge.node, expected the .json of a run: N",
        ),
        (
            ["lost/lost.json"],
            "fleet.json",
            "lost/lost.json is not a complete report of ack_edge.node: hosts['b'].run is 'x'",
        ),
        (["reports"], "fleet.html", "expected a path that ends in .json"),
        (["reports"], "reports/one.json/x.json", "which cannot be written"),
    ],
)
def test_bad_input(folder: Path, reports: list[str], merged: str, message: str) -> None:
    (folder / "reports" / "empty").mkdir()
    document = json.loads((folder / "reports" / "two.json").read_text())
    whole = json.dumps(document)
    texts = {"torn": whole[: len(whole) // 2], "old": whole.replace('"schema_version": 4', '"schema_version": 1')}
    texts["part"] = json.dumps(document | {"runs": [{"id": "x"}]})
    texts["deep"] = '{"schema_version": ' + "[" * 100_000 + "]" * 100_000 + "}"
    texts["nan"] = whole.replace('"wave": null', '"wave": NaN')
    texts["lost"] = json.dumps(document | {"hosts": {"b": document["hosts"]["b"] | {"run": "x"}}})
    for name, text in texts.items():
        (folder / name).mkdir()
        (folder / name / f"{name}.json").write_text(text)
    before = {path: path.read_text() for path in folder.rglob("*.*")}
    done = merge(folder, reports=[str(folder / name) for name in reports], merged=str(folder / merged))
    assert done.returncode == 2
    assert message in " ".join((done.stdout + done.stderr).split())
    assert {path: path.read_text() for path in folder.rglob("*.*")} == before


def test_a_name_that_is_not_utf8(folder: Path) -> None:
    done = merge(folder, "-e", "merged=\udce9.json", reports=[str(folder / "reports")])
    assert done.returncode == 2
    assert "dest is '\\udce9.json', which is not valid UTF-8; expected a path" in " ".join(done.stdout.split())


def test_names_that_are_patterns_are_said(folder: Path) -> None:
    """H9: with "*" in the file, --limit would be every host."""
    document = run("prepare-9", {"*": None, "h1\nall": None, "a": None})
    (folder / "hostile.json").write_text(json.dumps(document))
    done = merge(folder, reports=[str(folder / "hostile.json")], merged=str(folder / "fleet.json"))
    assert (folder / "fleet.limit").read_text() == "a\n"
    assert "Not in the file for --limit: '*', 'h1" in done.stdout


def test_patterns_and_files(folder: Path) -> None:
    names = [str(folder / "reports/t*.json"), str(folder / "reports/two.json"), str(folder / "*/two.json")]
    done = merge(folder, reports=names, merged="x.json")
    assert "1 of 1 host is ready" in done.stdout, done.stdout
