#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times inbound_ports on firewalld against a loop over ansible.posix.firewalld. Needs the lab and that collection.

tests/benchmarks/inbound_ports.py [--sources 200] [--loop 20] [--repeat 3]

Each figure is the wall time of a whole ansible-playbook over ssh against one node (edge-el9), and of the task alone:
less that of a play with a bare ``true``. Five ports, so 200 sources are 1,000 pairs of source and port. The loop is run
for fewer pairs and multiplied; it takes longer for each the more there are, so the product is a lower bound.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from plays import play, timed

NODE = "edge-el9"
PORTS = (("tcp", 10250), ("tcp", 10255), ("tcp", 9100), ("tcp", 9445), ("udp", 8472))


def sources(number: int) -> list[str]:
    """Return networks that cannot be joined into larger ones."""
    return [f"10.{128 + index // 128}.{2 * (index % 128)}.0/24" for index in range(number)]


def tasks(number: int, loop: int) -> dict[str, str]:
    """Return {what is measured: its playbook}."""
    listed = ", ".join(sources(number))
    wanted = ", ".join(
        f"{{name: p{port}, protocol: {protocol}, ports: [{port}], sources: [{listed}]}}" for protocol, port in PORTS
    )
    rules = [
        f'rule family="ipv4" source address="{source}" port port="{port}" protocol="{protocol}" accept'
        for source in sources(number)
        for protocol, port in PORTS
    ][:loop]
    items = "\n".join(f"        - '{rule}'" for rule in rules)
    posix = (
        "    - ansible.posix.firewalld:\n        rich_rule: '{{{{ item }}}}'\n        zone: public\n        state: {}\n"
    )
    posix += "        permanent: true\n        immediate: true\n      loop:\n" + items + "\n"
    return {
        "nothing": play(NODE, "    - command: 'true'\n"),
        "set": play(NODE, f"    - ack_edge.node.inbound_ports: {{backend: firewalld, ports: [{wanted}]}}\n"),
        "absent": play(NODE, "    - ack_edge.node.inbound_ports: {state: absent}\n"),
        "restart": play(NODE, "    - command: systemctl restart firewalld\n"),
        "loop": play(NODE, posix.format("enabled")),
        "loop back": play(NODE, posix.format("disabled")),
    }


def measure(directory: Path, repeat: int) -> dict[str, float]:
    """Return the median seconds of each measured thing."""
    found: dict[str, list[float]] = {}

    def note(what: str, name: str) -> None:
        found.setdefault(what, []).append(timed(directory, name))

    for _round in range(repeat):
        note("nothing", "nothing")
        note("fresh, runtime and permanent", "set")
        note("unchanged", "set")
        timed(directory, "restart")
        note("unchanged, after firewalld has started anew", "set")
        note("taken back then", "absent")
        timed(directory, "restart")
    note("loop", "loop")
    timed(directory, "loop back")
    return {what: statistics.median(seconds) for what, seconds in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--loop", type=int, default=20, help="how many pairs of source and port the loop opens")
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in tasks(arguments.sources, arguments.loop).items():
            (Path(scratch) / f"{name}.yml").write_text(text)
        found = measure(Path(scratch), arguments.repeat)
    floor = found.pop("nothing")
    pairs = arguments.sources * len(PORTS)
    found[f"the loop (from {arguments.loop})"] = (found.pop("loop") - floor) / arguments.loop * pairs + floor
    print(f"{pairs} pairs, median of {arguments.repeat}, {os.cpu_count()} cores, idle play {floor:.2f} s")
    print("| what | whole play | the task alone |\n| --- | ---: | ---: |")
    for what, seconds in found.items():
        print(f"| {what} | {seconds:.2f} s | {seconds - floor:.2f} s |")


if __name__ == "__main__":
    main()
