#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What verify_edge and prepare_edge cost the controller, beside a play with one ping. Needs no lab and no host.

tests/benchmarks/controller.py [--sizes 50,100] [--repeat 3] [--against CHECKOUT]

CPU (user and system) of ansible-playbook and all its processes, over hosts that are prepared: in place of ssh a program
takes the whole module and answers what a healthy host answers, as many verdicts and as long. So nothing of the figures
is the work of a host, and all of ansible's own is in them. Each turn runs every play once, one after the other, so that
what else the machine is at is in all of them. With --against, those of another checkout run between them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml
from plays import ROOT, used

sys.path.insert(0, str(ROOT / ".collections"))
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, report, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.sections import (
    INBOUND_PORTS,
    MODULES,
    REACHABILITY,
    READINESS,
    ROUTES,
    SYSTEM_TOOLS,
)

SSH = Path(__file__).with_name("stand_in_ssh.sh")
PING = "- hosts: all\n  gather_facts: false\n  become: true\n  tasks:\n    - ansible.builtin.ping:\n"
# As a site says it, the kinds of values that a host has to work out among them.
SITE = {
    "ansible_python_interpreter": "/usr/bin/python3",
    "region": "cn-beijing",
    "access_mode": "leased_line",
    "cluster_version": "1.30.7",
    "vpc_cidrs": ["192.168.0.0/16"],
    "node_cidrs": "{{ ['10.99.0.0/24'] if access_mode == 'leased_line' else ['10.98.0.0/24'] }}",
    "pod_cidr": "172.20.0.0/16",
    "service_cidr": "172.21.0.0/20",
    "api_server": "{{ '192.168.0.10' if access_mode == 'leased_line' else '198.19.0.10' }}",
    "leased_line_gateway": "10.99.0.253",
    "leased_line_interface": "idc0",
    "ntp_servers": ["ntp.idc.example"],
}
# Section -> how many verdicts a host has there, where it is not two.
VERDICTS = {READINESS: 28, SYSTEM_TOOLS: 9, INBOUND_PORTS: 3, ROUTES: 13, REACHABILITY: 8}
_ROUTE = {"live": "ok", "persisted": "ok", "gateway": "10.99.0.253", "interface": "idc0", "changed": []}
_NOTES = {"nexthop": {"address": "10.99.0.253", "mac": "02:42:0a:63:00:fd", "interface": "idc0", "state": "REACHABLE"}}
_ATTEMPT = {"stage": "tcp", "problem": "", "detail": "connected", "milliseconds": 12.5}
_VIA = {"gateway": "10.99.0.253", "interface": "idc0", "source": "10.99.0.50", "proxy": ""}
_ENDPOINT = {"port": 443, "protocol": "https", "purpose": "image_registry", "stage": "http", "problem": "", "via": _VIA}


def data(section: str, number: int) -> dict[str, Any]:
    """Return the data of a verdict of a section."""
    if section == ROUTES:
        destinations = [f"100.103.{number}.{last}/32" for last in range(3)]
        return {"routes": [{"destination": text, **_ROUTE, "notes": _NOTES} for text in destinations]}
    if section == REACHABILITY:
        address = f"100.103.{number}.1"
        attempts = [{"address": address, **_ATTEMPT} for _turn in range(3)]
        dns = {"source": "10.99.0.53", "answers": [address], "milliseconds": 3.1}
        return {**_ENDPOINT, "host": f"e{number}.example", "address": address, "attempts": attempts, "dns": dns}
    return {}


def healthy(*sections: str) -> dict[str, Any]:
    """Return what preflight_info answers on a host where all is well."""
    found = []
    for section in sections:
        for number in range(VERDICTS.get(section, 2)):
            said = f"what was looked at as number {number} of {section} is as the cluster requires it on @HOST@"
            by_hand = f"the command that shows number {number} of {section} by hand"
            found.append(verdict(f"{section}_{number}", PASS, said, "", by_hand, **data(section, number)))
            found[-1]["data"]["section"] = section
    for check, key in (("node_name", "name"), ("machine_id", "machine_id")):
        found.append(verdict(check, PASS, "is there", "", "hostname", section=READINESS, **{key: "@HOST@"}))
    told = {"would_change": False, "refused": False, "finished": True, "msg": ""}
    return {"changed": False, **report(found), "sections": dict.fromkeys(sections, told)}


def measure(directory: Path, checkout: Path, playbook: Path, answer: str, size: int) -> tuple[float, float]:
    """Return the seconds of CPU of a play over ``size`` hosts, and the MiB of its largest process."""
    hosts = {f"edge-{number:04}": {"site": f"idc{number % 4 + 1}"} for number in range(size)}
    (directory / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": SITE}}))
    environment = os.environ | {
        "ANSIBLE_CONFIG": str(checkout / "ansible.cfg"),
        "ANSIBLE_SSH_EXECUTABLE": str(SSH),
        "ACK_EDGE_REPORT_DIR": str(directory / "reports"),
        "STAND_IN_ANSWER": str(directory / f"{answer}.json"),
    }
    command = ["ansible-playbook", "-i", str(directory / "hosts.yml"), str(playbook)]
    return used(command, environment, checkout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="50,100")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--against", type=Path, help="another checkout of the collection, to run beside this one")
    arguments = parser.parse_args()
    checkouts = {"": ROOT, **({" (other)": arguments.against.resolve()} if arguments.against else {})}
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        (directory / "ping.yml").write_text(PING)
        answers = {
            "ping": {"ping": "pong", "changed": False},
            "verify_edge": healthy(*(name for name in MODULES if name != SYSTEM_TOOLS)),
            "prepare_edge": healthy(*MODULES),
        }
        for asked, answer in answers.items():
            (directory / f"{asked}.json").write_text(json.dumps(answer))
        plays = {"ping": ("ping", ROOT, directory / "ping.yml")}
        for suffix, checkout in checkouts.items():
            for asked in ("verify_edge", "prepare_edge"):
                plays[f"{asked}{suffix}"] = (asked, checkout, checkout / "playbooks" / f"{asked}.yml")
        print("| hosts | play | CPU of a host | times ping | memory |\n| ---: | --- | ---: | ---: | ---: |")
        for size in map(int, arguments.sizes.split(",")):
            turns = [
                {
                    row: measure(directory, checkout, playbook, name, size)
                    for row, (name, checkout, playbook) in plays.items()
                }
                for _turn in range(arguments.repeat)
            ]
            for row in plays:
                seconds = statistics.median(turn[row][0] for turn in turns)
                # Of each turn, for what else the machine is at changes from minute to minute.
                times = statistics.median(turn[row][0] / turn["ping"][0] for turn in turns)
                memory = max(turn[row][1] for turn in turns)
                print(
                    f"| {size} | {row} | {1000 * seconds / size:.0f} ms | {times:.2f} | {memory:.0f} MiB |", flush=True
                )


if __name__ == "__main__":
    main()
