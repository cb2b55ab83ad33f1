#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fleet_report costs the controller: CPU and memory of a run with it and without it. Needs no lab.

tests/benchmarks/fleet.py [--sizes 50,500] [--memory 1000] [--repeat 3]

Every machine gets the 20 task results that prepare_edge.yml has, five of them with 12 verdicts each, from an action
that asks no machine: what is measured is ansible itself and the callback. Prints milliseconds of CPU for each machine,
the share of the callback (the median of pairs of runs), and the largest memory of one process.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from helpers_stand_in import collection  # noqa: E402  # from the checkout
from plays import used  # noqa: E402

PLAY = """- hosts: all
  gather_facts: false
  tasks:
""" + "".join(
    f"    - {{name: look {number}, ack_edge.node.emit: {{verdicts: {12 if number % 4 == 0 else 0}}}}}\n"
    for number in range(20)
)


def measure(directory: Path, size: int, callback: bool) -> tuple[float, float]:
    """Return (seconds of CPU, MiB of memory) of a run over ``size`` machines."""
    (directory / "play.yml").write_text(PLAY)
    (directory / "inventory").write_text("".join(f"edge-{number:05}\n" for number in range(size)))
    (directory / "ansible.cfg").write_text("[defaults]\ngathering = explicit\n")
    environment = os.environ | {
        "ANSIBLE_CONFIG": str(directory / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(directory / "collections"),
        "ACK_EDGE_REPORT_DIR": str(directory / "reports"),
        "ANSIBLE_FORKS": "5",
    }
    environment |= {"ANSIBLE_CALLBACKS_ENABLED": "ack_edge.node.fleet_report"} if callback else {}
    return used(["ansible-playbook", "-i", str(directory / "inventory"), str(directory / "play.yml")], environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="50,500")
    parser.add_argument("--memory", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        # Only verdicts of the collection's own modules count, so the action is one of them here.
        collection(directory, Path(__file__).parent / "plugins" / "emit.py", ["emit"])
        costs = []
        for size in map(int, arguments.sizes.split(",")):
            pairs = [
                (measure(directory, size, False)[0], measure(directory, size, True)[0])
                for _turn in range(arguments.repeat)
            ]
            without, beside = (statistics.median(values) for values in zip(*pairs, strict=True))
            costs.append(beside / size)
            # Of each pair, for what else the machine is at changes from minute to minute.
            share = 100 * (statistics.median(both / alone for alone, both in pairs) - 1)
            print(f"{size} machines: {1000 * without / size:.1f} ms of CPU for each, with the callback "
                  f"{1000 * beside / size:.1f} ms ({share:+.1f} %)", flush=True)  # fmt: skip
        print(f"ratio of the cost for each machine, last to first: {costs[-1] / costs[0]:.2f}")
        if arguments.memory:
            _seconds, mib = measure(directory, arguments.memory, True)
            print(f"{arguments.memory} machines: {mib:.0f} MiB")


if __name__ == "__main__":
    main()
