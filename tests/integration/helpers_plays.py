# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays through Ansible itself, on hosts that are names only, for what runs on the controller."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    """Exit status, what was printed, and of each host the registered variables that were asked for."""

    rc: int
    out: str
    hosts: dict[str, dict[str, Any]]


def environment() -> dict[str, str]:
    """Return an environment without any setting of a user or of this checkout but where the collection is."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    return kept | {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".collections"), "ANSIBLE_NOCOLOR": "1"}


def run(folder: Path, playbook: str, inventory: Any, *options: str, env: dict[str, str] | None = None) -> Outcome:
    """Run a playbook of the collection, or one that lies in the folder.

    :arg inventory: what its YAML holds, or the path of one.
    """
    source = Path(inventory) if isinstance(inventory, str | Path) else folder / "inventory.yml"
    if not isinstance(inventory, str | Path):
        source.write_text(yaml.safe_dump(inventory))
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(source), playbook, *options]
    done = subprocess.run(
        command, cwd=folder, env=environment() | (env or {}), capture_output=True, text=True, check=False
    )
    return Outcome(done.returncode, done.stdout + done.stderr, {})


def play(
    folder: Path, tasks: list[dict[str, Any]], inventory: Any, *options: str, keep: str = "found", **keywords: Any
) -> Outcome:
    """Run tasks on all hosts of an inventory.

    :arg keep: a registered variable whose value of each host is returned.
    """
    saved = folder / "saved.json"
    kept = f"dict(ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars, '{keep}')))"
    save = {
        "ansible.builtin.copy": {"content": f"{{{{ {kept} | to_json }}}}", "dest": str(saved), "mode": "0600"},
        "delegate_to": "localhost",
        "run_once": True,
        "vars": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable},
        "check_mode": False,
    }
    book = [{"hosts": "all", "gather_facts": False, **keywords, "tasks": [*tasks, save]}]
    (folder / "play.yml").write_text(yaml.safe_dump(book, sort_keys=False))
    outcome = run(folder, "play.yml", inventory, *options)
    return outcome._replace(hosts=json.loads(saved.read_text()))
