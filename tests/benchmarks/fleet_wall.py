#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long verify_edge takes on the lab's fleet, a tenth of it broken, beside a play with one ping. Needs the lab.

tests/benchmarks/fleet_wall.py [--size 200] [--repeat 3]

Wall time of ansible-playbook with the forks of ansible.cfg. Hosts that do not answer ssh cost both plays the same;
those behind a dead gateway or with a wrong resolver cost verify_edge a connect timeout, once for all of them. The hosts
share the cores of this computer, so their work is in it too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from plays import ROOT

sys.path.insert(0, str(ROOT / "tests" / "lab"))
import fleet

PING = "- hosts: fleet\n  gather_facts: false\n  become: true\n  tasks:\n    - ansible.builtin.ping:\n"


def measure(playbook: Path, reports: Path, *options: str) -> float:
    """Return the seconds of a play over the fleet; some hosts fail, as they should."""
    command = ["ansible-playbook", "-i", str(fleet.INVENTORY), str(playbook), *options]
    environment = os.environ | {"ACK_EDGE_REPORT_DIR": str(reports)}
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    taken = time.monotonic() - start
    if done.returncode not in (2, 4):
        sys.exit(f"{playbook.name} ended with status {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=fleet.LARGEST)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    fleet.up(arguments.size)
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        (directory / "ping.yml").write_text(PING)
        turns = [
            (
                measure(directory / "ping.yml", directory),
                measure(ROOT / "playbooks" / "verify_edge.yml", directory, "-e", "region=cn-beijing"),
            )
            for _turn in range(arguments.repeat)
        ]
    fleet.down()
    ping, verify = (statistics.median(turn[column] for turn in turns) for column in (0, 1))
    print(f"{arguments.size} hosts: ping {ping:.1f} s, verify_edge {verify:.1f} s")


if __name__ == "__main__":
    main()
