# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine without Python: looked at, given one from its own repository, left alone; and one that cannot be helped."""

from __future__ import annotations

import os
import re
import subprocess

import lab
import pytest
import topology

NODE = next(node for node in topology.ROUTE_NODES if node.name == "edge-plain")
INSTALLED = "dpkg-query -W -f '${db:Status-Abbrev} ${Package}\\n' '*python3*' | sed -n 's/^ii *//p'"
PURGE = f"{INSTALLED} | xargs dpkg --purge --force-all"


@pytest.fixture(autouse=True)
def bare_node():
    """A fresh node, and then without Python."""
    subprocess.run([lab.ROOT / "tests/lab/lab.py", "up", "--fresh", NODE.name], check=True)
    lab.docker("exec", NODE.container, "sh", "-c", PURGE)
    assert not has_python()
    yield
    lab.docker("rm", "-f", NODE.container)


def has_python() -> bool:
    return bool(lab.docker("exec", NODE.container, "sh", "-c", "command -v python3 || true").strip())


def ansible(*argv: str) -> tuple[int, int, str]:
    """Run a command of ansible against the node; return (exit status, how many tasks changed something, output)."""
    environment = os.environ | {"ANSIBLE_NOCOLOR": "1"}
    environment.pop("ANSIBLE_CONFIG", None)
    done = subprocess.run(
        [argv[0], "-i", str(lab.NODES_INVENTORY), *argv[1:]],
        cwd=lab.ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    changed = re.findall(r"changed=(\d+)", done.stdout)
    return done.returncode, int(changed[-1]) if changed else 0, done.stdout + done.stderr


def bootstrap(*options: str) -> tuple[int, int, str]:
    return ansible("ansible-playbook", "playbooks/bootstrap_python.yml", "-e", f"edge_hosts={NODE.name}", *options)


def test_a_machine_gets_python_once():
    assert bootstrap("--check")[:2] == (0, 1)
    assert not has_python()
    assert bootstrap()[:2] == (0, 1)
    assert ansible("ansible", NODE.name, "-m", "ansible.builtin.ping")[0] == 0
    for options in ((), ("--check",)):
        assert bootstrap(*options)[:2] == (0, 0)


def test_a_machine_whose_repository_has_none_is_told_of():
    lab.docker("exec", NODE.container, "mv", "/opt/repository", "/opt/away")
    status, changed, out = bootstrap()
    assert (status, changed) == (2, 0)
    assert f"{NODE.name} has no Python 3.6 or newer, and its package manager could not bring it:" in out
    assert "Give the machine a repository" in out
