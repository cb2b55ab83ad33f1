#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times static_routes against a bare ``ip -batch`` and against the loop that a user would write. Needs the lab.

tests/benchmarks/static_routes.py [--routes 1000] [--loop 100] [--repeat 3]

Each figure is the wall time of a whole ansible-playbook over ssh against one node (edge-debian13), and of the task
alone: less that of a play with a bare ``true``. The loop is run for fewer routes and multiplied.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from plays import play, timed

NODE = "edge-debian13"
GATEWAY = "10.99.0.253"


def routes(number: int) -> list[str]:
    """Return networks that nobody publishes, out of 10.128.0.0/9."""
    return [f"10.{128 + index // 256}.{index % 256}.0/24" for index in range(number)]


def tasks(number: int, loop: int) -> dict[str, str]:
    """Return {what is measured: its playbook}."""
    wanted = ", ".join(f"{{destination: {one}}}" for one in routes(number))
    ours = f"    - ack_edge.node.static_routes: {{gateway: {GATEWAY}, routes: [{wanted}], %s}}\n"
    lines = "\\n".join(f"route replace {one} via {GATEWAY} proto static" for one in routes(number))
    listed = ", ".join(routes(loop))
    return {
        "nothing": play(NODE, "    - command: 'true'\n"),
        "bare batch": play(NODE, f'    - command: {{cmd: ip -batch -, stdin: "{lines}\\n"}}\n'),
        "one step": play(NODE, ours % "confirm_timeout: 0"),
        "confirmed": play(NODE, ours % "confirm_timeout: 30"),
        "loop": play(NODE, f"    - command: ip route replace {{{{ item }}}} via {GATEWAY}\n      loop: [{listed}]\n"),
        "absent": play(NODE, "    - ack_edge.node.static_routes: {state: absent, confirm_timeout: 0}\n"),
        "flush": play(NODE, f"    - shell: ip route flush via {GATEWAY}\n"),
    }


def measure(directory: Path, repeat: int) -> dict[str, float]:
    """Return the median seconds of each measured thing."""
    found: dict[str, list[float]] = {}

    def note(what: str, name: str) -> None:
        found.setdefault(what, []).append(timed(directory, name))

    for _round in range(repeat):
        timed(directory, "flush")
        note("nothing", "nothing")
        note("a bare ip -batch", "bare batch")
        timed(directory, "flush")
        note("static_routes, fresh, in one step", "one step")
        note("static_routes, unchanged", "confirmed")
        note("static_routes, taken out", "absent")
        note("static_routes, fresh, confirmed and persisted", "confirmed")
        timed(directory, "absent")
    note("loop", "loop")
    timed(directory, "flush")
    return {what: statistics.median(seconds) for what, seconds in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--routes", type=int, default=1000)
    parser.add_argument("--loop", type=int, default=100, help="how many of them the loop sets")
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in tasks(arguments.routes, arguments.loop).items():
            (Path(scratch) / f"{name}.yml").write_text(text)
        found = measure(Path(scratch), arguments.repeat)
    floor = found.pop("nothing")
    loop = (found.pop("loop") - floor) / arguments.loop
    found[f"the loop (from {arguments.loop})"] = loop * arguments.routes + floor
    base = found["a bare ip -batch"]
    print(f"{arguments.routes} routes, median of {arguments.repeat}, {os.cpu_count()} cores, idle play {floor:.2f} s")
    print("| what | whole play | times a bare batch | the task alone |\n| --- | ---: | ---: | ---: |")
    for what, seconds in found.items():
        print(f"| {what} | {seconds:.2f} s | {seconds / base:.2f} | {seconds - floor:.2f} s |")


if __name__ == "__main__":
    main()
