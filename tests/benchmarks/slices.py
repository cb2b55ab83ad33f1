#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the slices of a large fleet cost beside the work on the hosts: the artifact of each, and the merge of them.

tests/benchmarks/slices.py [--hosts 2000,20000] [--slice 1000] [--files]

No host is asked and no job runs: the document of each slice is made the way the callback makes it, out of what
tests/benchmarks/controller.py lets a healthy host answer. One host in 50 cannot reach the endpoints, one in 100 is not
reached itself. The merge is merge_reports.yml, which is given the artifacts as AWX hands them over. CPU is user and
system; memory that of the largest process.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from plays import ROOT, used

sys.path.insert(0, str(ROOT / ".collections"))
sys.path.insert(0, str(ROOT / "tests" / "unit"))
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.sections import MODULES, SYSTEM_TOOLS
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.artifact import KEY, pack
from controller import healthy
from fakes.report import endpoint, run

ANSWER = healthy(*(name for name in MODULES if name != SYSTEM_TOOLS))["results"]
DEAD = [endpoint(f"reachability_{number}", f"100.103.{number}.1", "tcp.timeout") for number in range(8)]
LOST = "Failed to connect to the host via ssh: connect to host 10.20.0.14 port 22: Connection timed out"


def found(number: int) -> list[dict[str, Any]] | str:
    """Return what is known of a host: its verdicts, or why nobody came to it."""
    if number % 100 == 50:
        return LOST
    name = f"edge-{number:05}"
    said = json.loads(json.dumps(ANSWER).replace("@HOST@", name))
    return [*said, *copy.deepcopy(DEAD)] if number % 50 == 25 else said


def handed_over(hosts: int, size: int, directory: Path, files: bool) -> tuple[list[int], float]:
    """Write what all slices leave into a directory: files, or their artifacts as the variables of the next node.

    :returns: the size of what each slice leaves, and the seconds of CPU that it took to make it of its document.
    """
    made, sizes, seconds, slices = {}, [], 0.0, -(-hosts // size)
    for place in range(slices):
        document = run(f"verify-{place}", {f"edge-{one:05}": found(one) for one in range(place, hosts, slices)})
        begin = time.process_time()
        text = json.dumps(document) if files else pack(document)
        seconds += time.process_time() - begin
        if text is None:
            sys.exit(f"a slice of {size} hosts does not fit into an artifact")
        sizes.append(len(text))
        if files:
            (directory / f"verify-{place}.json").write_text(text)
        else:
            made[f"{KEY}{place}"] = text
    (directory / "extravars").write_text(json.dumps({"reports": str(directory)} if files else made))
    return sizes, seconds


def measured(hosts: int, size: int, directory: Path, files: bool) -> str:
    """Return the row of one fleet."""
    given, merged = directory / "given", directory / "merged" / "fleet.json"
    given.mkdir()
    sizes, packing = handed_over(hosts, size, given, files)
    environment = os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    command = ["ansible-playbook", "-i", "localhost,", str(ROOT / "playbooks" / "merge_reports.yml")]
    seconds, memory = used([*command, "-e", f"@{given / 'extravars'}", "-e", f"merged={merged}"], environment)
    ready = sum(record["state"] == "ok" for record in json.loads(merged.read_text())["hosts"].values())
    if ready != hosts - hosts // 50 - hosts // 100:
        sys.exit(f"{ready} of {hosts} hosts are ok after the merge: that is not the fleet that was made")
    cells = [f"{hosts:,}", str(len(sizes)), f"{max(sizes) / 1e3:,.0f} kB", f"{1000 * packing / hosts:.1f} ms"]
    cells += [f"{seconds:.1f} s", f"{memory:,.0f} MiB"]
    cells += [f"{path.stat().st_size / 1e6:.1f} MB" for path in (merged, merged.with_suffix(".html"))]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", default="2000,20000")
    parser.add_argument("--slice", type=int, default=1000)
    parser.add_argument("--files", action="store_true", help="whole documents in a folder in place of artifacts")
    arguments = parser.parse_args()
    head = ("hosts", "slices", "largest of a slice", "to make, a host", "merge: CPU", "memory", "JSON", "page")
    print(f"| {' | '.join(head)} |\n|{' ---: |' * len(head)}", flush=True)
    for hosts in map(int, arguments.hosts.split(",")):
        with tempfile.TemporaryDirectory() as name:
            print(measured(hosts, arguments.slice, Path(name), arguments.files), flush=True)


if __name__ == "__main__":
    main()
