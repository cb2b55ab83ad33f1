#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times reachability_info with dead endpoints, and against the loop that a user would write. Needs the lab.

tests/benchmarks/reachability.py [--repeat 3]

60 endpoints of which 30 are black-holed, and 25 live ones, over ssh from one node (edge-debian13): of each the task
alone, which is the wall time of a whole ansible-playbook less that of a play with a bare ``true``. Then the memory of
the module on the node, and how many bytes ansible sends there.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from plays import ROOT, play, timed

NODE = "edge-debian13"
TIMEOUT = 5.0
# The lab's cloud answers for every address of the one network, and drops what comes over the Internet for the other.
LIVE, DEAD = "198.18.1.{}", "100.103.1.{}"
# Runs what ansible sent, and says how much memory it took (KiB).
MEASURE = """
import glob, resource, subprocess, sys
(path,) = glob.glob('/home/ops/.ansible/tmp/*/AnsiballZ_%s.py')
subprocess.run([sys.executable, path], stdout=subprocess.DEVNULL, check=False)
import os
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, os.path.getsize(path))
"""


def endpoints(pattern: str, number: int) -> list[str]:
    return [f"{{name: e{pattern[:3]}{i}, host: {pattern.format(i)}, port: 443}}" for i in range(1, number + 1)]


def tasks() -> dict[str, str]:
    """Return {what is measured: its playbook}."""
    ours = f"    - ack_edge.node.reachability_info: {{timeout: {TIMEOUT}, endpoints: [%s]}}\n"
    mixed = endpoints(LIVE, 30) + endpoints(DEAD, 30)
    hosts = ", ".join(LIVE.format(number) for number in range(1, 26))
    loop = "    - wait_for: {host: '{{ item }}', port: 443, timeout: 5}\n"
    return {
        "nothing": play(NODE, "    - command: 'true'\n"),
        "mixed": play(NODE, ours % ", ".join(mixed)),
        "live": play(NODE, ours % ", ".join(endpoints(LIVE, 25))),
        "loop": play(NODE, f"{loop}      loop: [{hosts}]\n"),
    }


def weigh(directory: Path, module: str, name: str) -> tuple[int, int]:
    """Return (KiB of memory on the node, bytes sent there) of a module, from what ansible leaves behind if asked to."""
    clean = play(NODE, "    - file: {path: /home/ops/.ansible/tmp, state: absent}\n")
    (directory / "clean.yml").write_text(clean)
    timed(directory, "clean")
    kept = os.environ | {"ANSIBLE_KEEP_REMOTE_FILES": "1", "ANSIBLE_PIPELINING": "0"}
    argv = ["ansible-playbook", "-i", ".cache/lab/inventory.yml", directory / f"{name}.yml"]
    subprocess.run(argv, cwd=ROOT, env=kept, check=True, capture_output=True)
    container = f"ack-edge-lab-{NODE}"
    done = subprocess.run(
        ["docker", "exec", "-i", container, "python3", "-"],
        input=MEASURE % module,
        check=True,
        capture_output=True,
        text=True,
    )
    timed(directory, "clean")
    memory, size = done.stdout.split()
    return int(memory), int(size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        for name, text in (tasks() | {"ping": play(NODE, "    - ping:\n")}).items():
            (directory / f"{name}.yml").write_text(text)
        for _round in range(repeat):
            for name in tasks():
                found.setdefault(name, []).append(timed(directory, name))
        memory, size = weigh(directory, "reachability_info", "mixed")
        _memory, bare = weigh(directory, "ping", "ping")
    median = {name: statistics.median(seconds) for name, seconds in found.items()}
    alone = {name: seconds - median["nothing"] for name, seconds in median.items()}
    print(json.dumps({name: round(seconds, 2) for name, seconds in median.items()}))
    print("| what | found |\n| --- | ---: |")
    print(f"| 60 endpoints, 30 of them dead, {TIMEOUT:g} s timeout | {alone['mixed']:.2f} s |")
    print(f"| times one timeout | {alone['mixed'] / TIMEOUT:.2f} |")
    print(f"| 25 live endpoints | {alone['live']:.2f} s |")
    print(f"| a loop over wait_for for the same | {alone['loop']:.2f} s |")
    print(f"| times as fast | {alone['loop'] / alone['live']:.0f} |")
    print(f"| memory on the node, 60 endpoints | {memory / 1024:.0f} MB |")
    sent = "; ".join(f"{number / 1000:.0f}" for number in (size, bare, size - bare))
    print(f"| sent to the node; by a bare ping; our part | {sent} KB |")


if __name__ == "__main__":
    main()
