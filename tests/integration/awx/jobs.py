# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them: ansible-runner with a private folder, a variable file and the inventory of one slice."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from fakes.requirements import WHOLE
from helpers_plays import environment
from helpers_stand_in import ROOT, collection
from stand_in_api import TOKEN

LOOK = Path(__file__).with_name("look.py")
PROJECT = ROOT / "extras" / "awx-project"
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Job(NamedTuple):
    """An ended job: its number, exit status, what was shown, its events and its artifacts."""

    number: int
    rc: int
    shown: str
    events: list[dict[str, Any]]
    artifacts: dict[str, str]
    playbook: str


def sliced(hosts: list[str], number: int, of: int) -> list[str]:
    """Return the hosts of a slice as AWX chooses them."""
    return sorted(hosts)[number - 1 :: of]


def stand_in(folder: Path) -> Path:
    """Make a collection path whose look at a host asks none; return it."""
    made = collection(folder, LOOK, ["preflight_info"])
    actions = made / "ansible_collections/ack_edge/node/plugins/action"
    for name in ("duplicate_hosts", "merge_reports", "error_budget", "port_listener", "port_probe_info"):
        (actions / f"{name}.py").symlink_to(ROOT / "plugins/action" / f"{name}.py")
    return made


class Controller:
    """Runs jobs over hosts that are not there, or with a collection path over some that are.

    :arg hosts: name -> variables, beside those of a whole host where it is not there.
    :arg shared: variables of all hosts.
    """

    def __init__(
        self,
        folder: Path,
        hosts: dict[str, dict[str, Any]],
        shared: dict[str, Any] | None = None,
        collections: Path | None = None,
    ) -> None:
        self.folder, self.hosts = folder, hosts
        self._shared = WHOLE if shared is None else shared
        self._collections = collections or stand_in(folder)

    def run(self, number: int, playbook: str, hosts: list[str], variables: dict[str, str], **env: str) -> Job:
        """Run a playbook of the project as job ``number``, over some of the hosts."""
        private = self.folder / f"job-{number}"
        for name in ("inventory", "env"):
            (private / name).mkdir(parents=True)
        # AWX gives each job a copy of the project.
        shutil.copytree(PROJECT, private / "project")
        inventory = {"all": {"hosts": {name: self._shared | self.hosts[name] for name in hosts}}}
        (private / "inventory" / "hosts.yml").write_text(yaml.safe_dump(inventory))
        of_awx = {"awx_job_id": str(number), "tower_job_id": str(number), "awx_job_template_name": playbook}
        given = [f"{name}: !unsafe '{value}'" for name, value in (of_awx | variables).items()]
        (private / "env" / "extravars").write_text("\n".join(["---", *given, ""]))
        # AWX itself starts ansible-runner's module in a clean environment.
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "ACK_EDGE_"))}
        known = kept | {"ANSIBLE_COLLECTIONS_PATH": str(self._collections), "ANSIBLE_NOCOLOR": "1", "TERM": "dumb"}
        command = [
            sys.executable,
            "-m",
            "ansible_runner",
            "run",
            str(private),
            "-p",
            f"{playbook}.yml",
            "-i",
            "x",
            "-q",
        ]
        done = subprocess.run(command, env=known | env, capture_output=True, text=True, check=False)
        artifacts = private / "artifacts" / "x"
        if not (artifacts / "job_events").is_dir():
            raise AssertionError(done.stdout + done.stderr)
        order = sorted((artifacts / "job_events").glob("*.json"), key=lambda path: int(path.name.partition("-")[0]))
        events = [json.loads(path.read_text()) for path in order]
        kept_data = next((one["event_data"] for one in events if one["event"] == "playbook_on_stats"), {})
        shown = _COLOUR.sub("", (artifacts / "stdout").read_text())
        rc = int((artifacts / "rc").read_text())
        return Job(number, rc, shown, events, kept_data.get("artifact_data", {}), f"{playbook}.yml")

    def slices(self, first: int, of: int, playbook: str, workflow: int, variables: dict[str, str]) -> list[Job]:
        """Run a sliced job: its slices are the jobs from ``first`` on, of the workflow that AWX makes of it."""
        own = {"awx_workflow_job_id": str(workflow), "awx_workflow_job_name": playbook}

        def one(number: int) -> Job:
            hosts = sliced(list(self.hosts), number, of)
            return self.run(first + number - 1, playbook, hosts, own | variables)

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(one, range(1, of + 1)))


def merge(folder: Path, **variables: Any) -> tuple[int, str, dict[str, Any]]:
    """Merge what jobs handed over; return (exit status, what was said, the document)."""
    env = {key: str(variables.pop(key)) for key in list(variables) if key.isupper()}
    target = folder / "fleet.json"
    given = {"merged": str(target), "reports": "", "fail_unless_ready": True} | variables
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,"]
    command += [str(ROOT / "playbooks/merge_reports.yml"), "-e", json.dumps(given)]
    done = subprocess.run(command, cwd=folder, env=environment() | env, capture_output=True, text=True, check=False)
    said = " ".join((done.stdout + done.stderr).split())
    assert TOKEN not in said
    return done.returncode, said, json.loads(target.read_text()) if target.exists() else {}
