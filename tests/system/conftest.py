# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system tests share: the lab, and a way to run playbooks in it and read what they found."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "lab"), str(ROOT / "tests" / "browser"), str(ROOT / ".collections")]

import lab  # noqa: E402
import topology  # noqa: E402


@dataclasses.dataclass
class Outcome:
    """An ended run: exit status, output, what changed on each machine, and the document of the report."""

    rc: int
    out: str
    changed: dict[str, int]
    report: dict[str, Any]

    def verdicts(self, host: str, *statuses: str) -> list[dict[str, Any]]:
        """Return the verdicts of a machine, of the given statuses if any are given."""
        return [item for item in self.report["hosts"][host]["verdicts"] if not statuses or item["status"] in statuses]

    def failing(self, host: str) -> list[str]:
        """Return the names of required checks that failed on a machine."""
        return [item["check"] for item in self.verdicts(host, "fail") if item["data"]["required"]]


@pytest.fixture(scope="session")
def nodes():
    """The names of the nodes."""
    return [node.name for node in topology.NODES]


@pytest.fixture(scope="session", autouse=True)
def lab_is_up():
    """Every test finds the lab up, whichever was first."""
    subprocess.run([ROOT / "tests/lab/lab.py", "up"], check=True)


@pytest.fixture
def play(tmp_path):
    """Return a function that runs a playbook in the lab: play(name, *options, cwd, env, inventory) -> Outcome."""
    return functools.partial(_play, tmp_path)


@pytest.fixture(scope="module")
def play_anywhere(tmp_path_factory):
    """As play, for the fixtures of a module."""
    return functools.partial(_play, tmp_path_factory.mktemp("reports"))


def _play(
    folder: Path,
    name: str,
    *options: str,
    cwd: Path = ROOT,
    env: dict[str, str] | None = None,
    inventory: Path = lab.INVENTORY,
) -> Outcome:
    reports = folder / f"reports-{len(list(folder.iterdir()))}"
    environment = os.environ | {"ACK_EDGE_REPORT_DIR": str(reports), "ANSIBLE_NOCOLOR": "1"} | (env or {})
    environment.pop("ANSIBLE_CONFIG", None)
    playbook = name if "." in name else f"playbooks/{name}.yml"
    # One wave: what waves do is tried on larger fleets, in tests/integration/waves.
    command = ["ansible-playbook", "-i", str(inventory), playbook, "-e", "waves=100%", *options]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    recap = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", done.stdout, re.M)
    changed = {host: int(number) for host, number in recap}
    documents = sorted(reports.glob("*.json"))
    report = json.loads(documents[-1].read_text()) if documents else {}
    return Outcome(done.returncode, done.stdout + done.stderr, changed, report)


@pytest.fixture
def fault():
    """Return a function that switches one fault of the lab on; it is off again after the test."""

    def switch(name: str, *options: str) -> None:
        subprocess.run([ROOT / "tests/lab/lab.py", "fault", "on", name, *options], check=True, capture_output=True)

    yield switch
    subprocess.run([ROOT / "tests/lab/lab.py", "fault", "off"], check=True, capture_output=True)
