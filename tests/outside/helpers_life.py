# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of two nodes under one ansible-core: not ready, prepared, unchanged, ready, taken back."""

from __future__ import annotations

import dataclasses
import threading
from functools import lru_cache

import helpers_outside as outside
import helpers_readme as readme
import lab
import python36
import snapshot
import topology
from helpers_outside import Admin, Run
from topology import Controller, Node

_INSTALLING = {controller: threading.Lock() for controller in topology.CONTROLLERS}
_STARTING = threading.Lock()
# A package makes accounts, and says where it begins and ends at boot.
ACCOUNTS = ("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/subuid", "/etc/subgid")


@dataclasses.dataclass
class Life:
    """What happened: the runs by name, and what is different on the nodes at the end, by host."""

    controller: Controller
    nodes: tuple[Node, ...]
    runs: dict[str, Run]
    left: dict[str, list[str]]
    python36: str

    @property
    def names(self) -> list[str]:
        return [node.name for node in self.nodes]


_install = lru_cache(outside.install)


def controller(wanted: Controller) -> Admin:
    """Return somebody at the controller of one ansible-core, which is made once."""
    with _INSTALLING[wanted]:
        return _install(wanted)


def start(nodes: tuple[Node, ...]) -> None:
    """Make nodes anew, one call at a time: they share the files of the lab."""
    with _STARTING:
        outside.start(nodes)


def live(wanted: Controller, nodes: tuple[Node, ...]) -> Life:
    """Put two fresh nodes through a whole life; nothing is judged here."""
    admin = controller(wanted).in_directory(f"life-{nodes[0].name}")
    start(nodes)
    outside.know(admin, nodes[0].name, nodes)
    python = ""
    if wanted is topology.CONTROLLERS[0]:
        python = _old_python(admin, nodes[1])
    moment = f"outside-{wanted.series}"
    snapshot.save(moment, [node.name for node in nodes])
    runs: dict[str, Run] = {}

    def run(name: str, playbook: str, *options: str) -> None:
        command = " ".join([outside.limited(readme.shown_playbook(playbook), nodes), *options])
        runs[name] = done = admin.sh(command)
        kept = outside.CACHE / "output" / wanted.series
        kept.mkdir(parents=True, exist_ok=True)
        (kept / f"{name}.txt").write_text(f"$ {command}\n{done.stdout}\n--- stderr, status {done.rc}\n{done.stderr}")

    # Without any configuration: what somebody sees who has read no further than "Install".
    run("fresh", "verify_edge")
    admin.use_shown_configuration()
    run("first", "prepare_edge")
    run("second", "prepare_edge")
    run("ready", "verify_edge")
    # Empty with -e it would be the inventory's.
    admin.must("sed -i /api_server:/d inventory.yml")
    run("gaps", "verify_edge")
    run("reset", "reset_edge")
    left = {node.name: snapshot.differences(moment, node) for node in nodes}
    return Life(wanted, nodes, runs, left, python)


def _old_python(admin: Admin, node: Node) -> str:
    """Have one node of the oldest ansible-core run its modules on Python 3.6; return why not, where there is none."""
    try:
        python36.give(node)
    except python36.Unavailable as missing:
        return str(missing)
    admin.write(f"host_vars/{node.name}.yml", f"---\nansible_python_interpreter: {python36.INTERPRETER}\n")
    return ""


def foreign(lines: list[str]) -> list[str]:
    """Return of the differences those that no package has made: of files that were there before, routes and rules.

    Tools that were installed stay, with what their packages bring: new files, accounts, and links of systemd.
    """
    return [line for line in lines if "was None" not in line and line.split(":")[0].removesuffix("-") not in ACCOUNTS]


def ours(lines: list[str]) -> list[str]:
    """Return of the differences those that name us."""
    return [line for line in lines if "ack-edge" in line or "ack_edge" in line]


def log(life: Life) -> str:
    """Return how long each run took."""
    return ", ".join(f"{name} {run.seconds:.0f} s" for name, run in life.runs.items())


__all__ = ["Life", "controller", "foreign", "lab", "live", "log", "ours", "start"]
