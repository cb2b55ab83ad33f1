# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host without a Python for the running ansible-core: looked at, given one, left alone; and one beyond help."""

from __future__ import annotations

import os
import re
import subprocess

import lab
import pytest
import python36
import topology
import yaml
from ansible.module_utils import basic
from ansible.release import __version__

NODE = next(node for node in topology.ROUTE_NODES if node.name == "edge-plain")
INSTALLED = "dpkg-query -W -f '${db:Status-Abbrev} ${Package}\\n' '*python3*' | sed -n 's/^ii *//p'"
LEFT = f"/usr/bin/python3 {python36.PREFIX} /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb"
# The inventory of the lab names an interpreter.
ANY = ("-e", "ansible_python_interpreter=auto_silent")
NEEDED = ".".join(map(str, basic._PY_MIN))
CORE = __version__.rpartition(".")[0]
PURGE = f"{INSTALLED} | xargs dpkg --purge --force-all"


@pytest.fixture(scope="module", autouse=True)
def node():
    """A fresh node."""
    subprocess.run([lab.ROOT / "tests/lab/lab.py", "up", "--fresh", NODE.name], check=True)
    yield
    lab.docker("rm", "-f", NODE.container)


@pytest.fixture(autouse=True)
def bare_node(node):
    """The node without any Python, and with its repository."""
    back = "if [ -d /opt/away ]; then mv /opt/away /opt/repository; fi"
    lab.docker("exec", NODE.container, "sh", "-c", f"{PURGE}; rm -rf {LEFT}; {back}")
    assert not has_python()


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
    assert (
        f"{NODE.name} has no Python, and ansible-core {CORE} on this controller needs Python {NEEDED} or newer" in out
    )
    assert "Give the host a repository" in out


@pytest.fixture
def old_python():
    """The node has a Python that was enough for ansible-core 2.16, under the name that is looked for."""
    try:
        python36.give(NODE)
    except python36.Unavailable as missing:
        pytest.skip(str(missing))
    lab.docker("exec", NODE.container, "ln", "-s", python36.INTERPRETER, "/usr/bin/python3")


def test_a_python_that_this_ansible_core_cannot_use_is_none(old_python):
    ping = ("ansible", NODE.name, "-m", "ansible.builtin.ping", *ANY)
    assert ansible(*ping)[0] != 0
    assert bootstrap(*ANY, "--check")[:2] == (0, 1)
    assert bootstrap(*ANY)[:2] == (0, 1)
    assert ansible(*ping)[0] == 0
    assert bootstrap(*ANY)[:2] == (0, 0)


def test_where_only_an_old_one_can_be_had_the_way_out_is_named(old_python):
    lab.docker("exec", NODE.container, "mv", "/opt/repository", "/opt/away")
    status, changed, out = bootstrap(*ANY)
    assert (status, changed) == (2, 0)
    told = " ".join(out.split())
    assert f"{NODE.name} has only Python 3.6, and ansible-core {CORE} on this controller needs Python {NEEDED}" in told
    assert "use ansible-core 2.16 on the controller" in told
    assert "set ansible_python_interpreter" in told


def test_an_interpreter_that_the_inventory_names_is_the_one_that_counts(old_python):
    status, changed, out = bootstrap("-e", f"ansible_python_interpreter={python36.INTERPRETER}")
    assert (status, changed) == (2, 0)
    told = " ".join(out.split())
    assert "has only Python 3.6" in told
    assert f"is {python36.INTERPRETER}, so no other is looked for" in told
    assert "use ansible-core 2.16 on the controller" in told
    assert lab.docker("exec", NODE.container, "readlink", "/usr/bin/python3").strip() == python36.INTERPRETER


def test_the_table_of_what_is_needed_has_the_running_ansible_core():
    table = yaml.safe_load((lab.ROOT / "playbooks/vars/python.yml").read_text())["__ack_edge_python_needed"]
    assert table[CORE] == NEEDED
