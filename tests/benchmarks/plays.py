# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks share: a playbook for one node of the lab, and the time that it takes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def play(node: str, *tasks: str) -> str:
    """Return a playbook of these tasks for one node."""
    return f"- hosts: {node}\n  gather_facts: false\n  become: true\n  tasks:\n" + "".join(tasks)


def timed(directory: Path, name: str) -> float:
    """Run the playbook NAME.yml of a directory and return its seconds; an error of it ends the program."""
    command = ["ansible-playbook", "-i", ".cache/lab/inventory.yml", directory / f"{name}.yml"]
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name}: {done.stdout}{done.stderr}")
    return time.monotonic() - start
