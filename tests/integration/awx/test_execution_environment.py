# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definitions of the execution environment, and a job in an image of it where one has been built."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.artifact import unpack
from fakes.requirements import WHOLE
from helpers_plays import ROOT, environment
from jobs import PROJECT

FOLDER = ROOT / "extras" / "execution-environment"
IMAGE = os.environ.get("ACK_EDGE_EE_IMAGE", "")


def bin_of_tests(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@pytest.mark.parametrize("name", ["execution-environment", "newer"])
def test_ansible_builder_takes_the_definition(tmp_path: Path, name: str) -> None:
    shutil.copy(FOLDER / f"{name}.yml", tmp_path)
    (tmp_path / "collection.tar.gz").write_bytes(b"")
    command = [bin_of_tests("ansible-builder"), "create", "--file", f"{name}.yml", "--context", "context"]
    command += ["--output-filename", "Containerfile"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    made = (tmp_path / "context" / "Containerfile").read_text()
    definition = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
    # What build.sh replaces where the base image cannot be pulled.
    assert f'ARG EE_BASE_IMAGE="{definition["images"]["base_image"]["name"]}"' in made
    for tool in ("ansible_core", "ansible_runner"):
        assert definition["dependencies"][tool]["package_pip"] in made
    assert (tmp_path / "context" / "_build" / "collection" / "collection.tar.gz").exists()


def test_they_differ_in_the_versions_only_and_the_runner_is_that_of_the_tests() -> None:
    first, second = ((FOLDER / f"{name}.yml").read_text() for name in ("execution-environment", "newer"))
    definition, newer = yaml.safe_load(first), yaml.safe_load(second)
    assert definition["dependencies"]["ansible_core"] != newer["dependencies"]["ansible_core"]
    for one in (definition, newer):
        runner = one["dependencies"]["ansible_runner"]["package_pip"]
        assert runner in (ROOT / "tests/requirements.txt").read_text().splitlines()
        del one["images"], one["dependencies"]["ansible_core"]
    assert definition == newer


@pytest.mark.skipif(not IMAGE, reason="'make ee' builds an image and runs this in it")
def test_verify_runs_in_the_image(tmp_path: Path) -> None:
    """The container is the host, too: it is not ready, and the job says why and leaves its report."""
    for name in ("inventory", "env"):
        (tmp_path / name).mkdir()
    shutil.copytree(PROJECT, tmp_path / "project")
    local = {"ansible_connection": "local", "ansible_become": False, "ansible_python_interpreter": "/usr/bin/python3"}
    hosts: dict[str, Any] = {"all": {"hosts": {"edge-1": WHOLE | local}}}
    (tmp_path / "inventory" / "hosts.yml").write_text(yaml.safe_dump(hosts))
    given = {"awx_job_id": "7", "awx_job_template_name": "verify", "cluster_version": "v1.30"}
    lines = [f"{name}: !unsafe '{value}'" for name, value in given.items()]
    (tmp_path / "env" / "extravars").write_text("\n".join(["---", *lines, ""]))
    command = [bin_of_tests("ansible-runner"), "run", str(tmp_path), "-p", "verify_edge.yml", "-i", "x", "-q"]
    command += ["--process-isolation", "--process-isolation-executable", "docker", "--container-image", IMAGE]
    command += ["--cmdline", "--tags readiness"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    events = [json.loads(path.read_text()) for path in (tmp_path / "artifacts" / "x" / "job_events").glob("*.json")]
    assert events, done.stdout + done.stderr
    stats = next(one["event_data"] for one in events if one["event"] == "playbook_on_stats")
    document = unpack(stats["artifact_data"]["ack_edge_report_7"], "x")
    found = {item["check"]: item["status"] for item in document["hosts"]["edge-1"]["verdicts"]}
    # A container has no systemd.
    assert (done.returncode, found["systemd"]) == (2, "fail"), done.stdout
