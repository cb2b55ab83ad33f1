# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks share: a playbook for one node of the lab, the time that it takes, and what a command uses."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Of the children of this process, all that have ended: a run is the difference of two moments.
RUN = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


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


def used(command: list[str], environment: Mapping[str, str], directory: Path = ROOT) -> tuple[float, float]:
    """Return (seconds of CPU, MiB of memory) of a command and all its processes; an error of it ends the program."""
    argv = [sys.executable, "-c", RUN, *command]
    done = subprocess.run(argv, cwd=directory, env=environment, capture_output=True, text=True, check=True)
    code, seconds, kib = done.stdout.split()
    if code != "0":
        sys.exit(f"{' '.join(command)} ended with status {code}: {done.stderr}")
    return float(seconds), int(kib) / 1024
