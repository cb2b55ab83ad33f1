#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times static_routes against a bare ``ip -batch`` and against the loop that a user would write. Needs the lab.

tests/benchmarks/static_routes.py [--routes 1000] [--loop 100] [--repeat 3]

Each figure is the wall time of a whole ansible-playbook over ssh against one node (edge-debian13), and of the task
alone: less that of a play with a bare ``true``. The loop is run for fewer routes and multiplied. Two more rows say what
of it is not the module: the same list made into a batch by a template, and a module that takes the same list, returns
the same results and does nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from plays import ROOT, play, timed

sys.path.insert(0, str(ROOT / ".collections"))
from ansible_collections.ack_edge.node.plugins.modules import static_routes

NODE = "edge-debian13"
GATEWAY = "10.99.0.253"
# Stands in for static_routes with the same arguments; it returns what a run of that one has left in its RESULTS.
RESULTS = "/tmp/ack-edge-benchmark.json"
IDLE = f"""
import json
from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule(argument_spec={static_routes.ARGUMENT_SPEC!r}, supports_check_mode=True)
with open({RESULTS!r}) as handle:
    module.exit_json(changed=False, results=json.load(handle))
"""


def routes(number: int) -> list[str]:
    """Return networks that nobody publishes, out of 10.128.0.0/9."""
    return [f"10.{128 + index // 256}.{index % 256}.0/24" for index in range(number)]


def tasks(number: int, loop: int) -> dict[str, str]:
    """Return {what is measured: its playbook}."""
    wanted = ", ".join(f"{{destination: {one}}}" for one in routes(number))
    ours = f"    - ack_edge.node.static_routes: {{gateway: {GATEWAY}, routes: [{wanted}], %s}}\n"
    lines = "\\n".join(f"route replace {one} via {GATEWAY} proto static" for one in routes(number))
    listed = ", ".join(routes(loop))
    rendered = "{% for one in routes %}route replace {{ one.destination }} via GATEWAY proto static\\n{% endfor %}"
    template = rendered.replace("GATEWAY", GATEWAY)
    idle = ours.replace("ack_edge.node.static_routes", "idle") % "confirm_timeout: 0"
    keep = f"    - copy: {{content: '{{{{ done.results | to_json }}}}', dest: {RESULTS}}}\n"
    return {
        "nothing": play(NODE, "    - command: 'true'\n"),
        "bare batch": play(NODE, f'    - command: {{cmd: ip -batch -, stdin: "{lines}\\n"}}\n'),
        "template": f"- hosts: {NODE}\n  vars: {{routes: [{wanted}]}}\n"
        + play(NODE, f'    - command: {{cmd: ip -batch -, stdin: "{template}"}}\n').partition("\n")[2],
        "idle": play(NODE, idle),
        "keep": play(NODE, ours % "confirm_timeout: 0" + "      register: done\n", keep),
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
        note("a batch made by a template of the same list", "template")
        timed(directory, "flush")
        note("static_routes, fresh, in one step", "one step")
        note("static_routes, unchanged", "confirmed")
        note("static_routes, taken out", "absent")
        note("static_routes, fresh, confirmed and persisted", "confirmed")
        timed(directory, "keep")
        note("a module that does nothing with the same arguments and results", "idle")
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
        library = Path(scratch) / "library"
        library.mkdir()
        (library / "idle.py").write_text(IDLE)
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
