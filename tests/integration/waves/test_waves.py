# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in waves: the error budget stops it with a sentence, and what is left goes on to one merged report."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FLEET = Path(__file__).with_name("fleet.yml")
NAMES = [f"edge-{number:04}" for number in range(160)]
# An eighth of them, in the second wave.
LOST, BROKEN = NAMES[15:25], NAMES[30:40]


class Outcome:
    """An ended run: exit status, output, its document, and the file with the machines that are left."""

    def __init__(self, done: subprocess.CompletedProcess[str], reports: Path) -> None:
        self.rc, self.out = done.returncode, done.stdout + done.stderr
        (path,) = reports.glob("*.json")
        self.hosts = json.loads(path.read_text())["hosts"]
        self.left = path.with_suffix(".limit")

    def states(self, state: str) -> list[str]:
        return [name for name, record in self.hosts.items() if record["state"] == state]

    def sentence(self) -> str:
        found = re.search(r"The run ends before the next wave:.*?the file\.", " ".join(self.out.split()))
        return found.group() if found else ""


@pytest.fixture
def fleet(tmp_path):
    """Return a function that runs the fleet: fleet(name of the run, *options, **variables) -> Outcome."""
    # Nothing listens on port 1: a machine that cannot be reached, of one's own.
    lost = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    hosts = {name: lost if name in LOST else {"ansible_connection": "local"} for name in NAMES}
    (tmp_path / "inventory.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))

    def run(name: str, *options: str, **variables: object) -> Outcome:
        reports = tmp_path / name
        environment = os.environ | {"ACK_EDGE_REPORT_DIR": str(reports), "ANSIBLE_NOCOLOR": "1"}
        environment |= {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_FORKS": "5"}
        command = ["ansible-playbook", "-i", str(tmp_path / "inventory.yml"), str(FLEET), "-e", json.dumps(variables)]
        done = subprocess.run(
            [*command, *options], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        return Outcome(done, reports)

    return run


def test_the_budget_counts_failed_and_unreachable_machines_and_the_run_can_go_on(fleet, tmp_path):
    waves = [10, 40, "25%"]
    first = fleet("first", waves=waves, broken=BROKEN, lost=LOST)
    assert first.rc != 0
    assert first.sentence().startswith(
        "The run ends before the next wave: 20 of 50 hosts failed or were unreachable, and error_budget is 3%. "
        "They are edge-0015, edge-0016"
    )
    assert (first.states("failed"), first.states("unreachable")) == (BROKEN, LOST)
    assert first.states("not started") == NAMES[50:]
    assert {record["wave"] for record in first.hosts.values()} == {1, 2, None}
    assert {first.hosts[name]["wave"] for name in BROKEN + LOST} == {2}
    assert f"and 107 more): not started: {first.sentence()[:60]}" in " ".join(first.out.split())
    left = sorted(BROKEN + LOST + NAMES[50:])
    assert first.left.read_text().split() == left
    assert f"--limit @{first.left}" in first.out

    second = fleet("second", "--limit", f"@{first.left}", waves=waves)
    assert (second.rc, second.sentence()) == (0, "")
    assert sorted(second.hosts) == left
    # For Ansible an empty file would be no limit at all.
    assert not second.left.exists()

    merged = tmp_path / "merged.json"
    reports = json.dumps({"reports": [str(tmp_path / "first"), str(tmp_path / "second")], "merged": str(merged)})
    command = ["ansible-playbook", "-i", "localhost,", "playbooks/merge_reports.yml", "-e", reports]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    hosts = json.loads(merged.read_text())["hosts"]
    assert sorted(hosts) == NAMES
    assert {record["state"] for record in hosts.values()} == {"ok"}
    histories = {name: [line["state"] for line in record["history"]] for name, record in hosts.items()}
    assert {name for name, states in histories.items() if states == ["unreachable"]} == set(LOST)
    assert {name for name, states in histories.items() if states == ["failed"]} == set(BROKEN)
    assert {name for name, states in histories.items() if states == ["not started"]} == set(NAMES[50:])


def test_within_the_budget_it_goes_on(fleet):
    outcome = fleet("run", broken=NAMES[5:8], waves="40,100%", error_budget=3)
    assert (outcome.sentence(), len(outcome.states("ok")), outcome.states("not started")) == ("", 157, [])


def test_a_budget_as_a_number(fleet):
    outcome = fleet("run", broken=NAMES[5:9], waves="40,100%", error_budget=3)
    assert "4 of 40 hosts failed or were unreachable, and error_budget is 3. " in outcome.sentence()
    assert len(outcome.states("not started")) == 120


def test_a_first_wave_that_fails_as_a_whole_ends_the_run(fleet):
    outcome = fleet("run", broken=NAMES[:1])
    assert outcome.states("failed") == NAMES[:1]
    assert outcome.states("not started") == NAMES[1:]
    assert "0 of 160 hosts are ready (1 failed, 159 not started)" in outcome.out
    assert "not started: No host of wave 1 completed: 1 host, all failed or unreachable" in outcome.out


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"waves": "1,10,abc"}, "waves is 1,10,abc, where abc is not a valid size of a wave; expected whole"),
        ({"waves": [1, 0]}, "waves is [1, 0], where 0 is not a valid size of a wave; "),
        ({"waves": "1,,-5"}, "waves is 1,,-5, where nothing and -5 is not a valid size of a wave; "),
        ({"waves": {"first": 1}}, "waves is {'first': 1}, where {'first': 1} is not a valid size of a wave; "),
        ({"error_budget": "few"}, "error_budget is few; expected a whole number of hosts or a percentage, such as"),
        ({"error_budget": 0.5}, "error_budget is 0.5; expected a whole number"),
        ({"error_budget": "-1%"}, "error_budget is -1%; expected a whole number"),
        ({"error_budget": "3%\n"}, "error_budget is 3%"),
    ],
)
def test_waves_and_budgets_that_are_none_are_refused_before_anything_begins(fleet, variables, message):
    outcome = fleet("run", "--limit", ",".join(NAMES[:5]), **variables)
    assert outcome.rc == 2
    assert message in " ".join(outcome.out.split())
    assert len(outcome.states("not started")) == 5
    assert f"and 2 more): not started: {message[:30]}" in " ".join(outcome.out.split())


@pytest.mark.parametrize("waves", ["", 5, "2, 50%", ["1", "150%"]])
def test_waves_that_are_some(fleet, waves):
    outcome = fleet("run", "--limit", ",".join(NAMES[:5]), waves=waves)
    assert (outcome.rc, len(outcome.states("ok"))) == (0, 5)


def test_waves_of_the_playbook_are_these():
    """What runs here is what prepare_edge.yml has."""
    playbooks = ROOT / "playbooks"
    (ours,), (real,) = (yaml.safe_load(path.read_text()) for path in (FLEET, playbooks / "prepare_edge.yml"))
    budget = yaml.safe_load((playbooks / real["tasks"].pop(0)["ansible.builtin.import_tasks"]).read_text())
    assert ours["serial"] == real["serial"]
    assert (ours["tasks"][:2], ours["tasks"][-1]) == (budget, real["tasks"][-1])
