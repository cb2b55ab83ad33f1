# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each playbook of docs/own_playbooks.md runs, in check mode, on a node that is a network namespace of this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from helpers_packets import need_root

ROOT = Path(__file__).parents[3]
BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/own_playbooks.md").read_text(), re.S)
# The inventory of the README, with one host that is this machine.
HOST = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, "ansible_become": False}
INVENTORY = {
    "edge_nodes": {
        "hosts": {"idc1-web-001": HOST},
        "vars": {
            "cluster_version": "1.30.7",
            "vpc_cidrs": ["192.168.0.0/16"],
            "node_cidrs": ["10.20.0.0/16"],
            "api_server": "192.168.0.10",
            "leased_line_gateway": "10.20.0.253",
            "ntp_servers": ["ntp.idc.example"],
        },
    }
}
# In what a block ends there, where nothing answers.
ENDS = {
    "A step before and after": (2, "Nothing was changed. The look of idc1-web-001: "),
    "Some roles only": (2, "idc1-web-001"),
    # No network manager is there, which ends the first of the modules; the others are tried all the same.
    "Modules with what the lookup returns": (0, "Reachability of idc1-web-001: "),
    "A gate of your own": (0, "idc1-web-001 is not ready for cn-beijing"),
}


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a playbook in a namespace of its own, where only the gateway's network exists."""
    need_root()
    namespace = f"ack-edge-docs-{os.getpid()}"
    inside = ["ip", "netns", "exec", namespace]
    subprocess.run(["ip", "netns", "add", namespace], check=True)
    for words in (
        "link set lo up",
        "link add idc0 type veth peer name idc1",
        "address add 10.20.0.11/16 dev idc0",
        "link set idc1 up",
        "link set idc0 up",
    ):
        subprocess.run([*inside, "ip", *words.split()], check=True)
    (tmp_path / "inventory.yml").write_text(yaml.safe_dump(INVENTORY))

    def play(block: str, *options: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "site.yml").write_text(block)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
        environment = kept | {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".collections"), "ANSIBLE_NOCOLOR": "1"}
        command = [*inside, str(Path(sys.executable).with_name("ansible-playbook")), "-i", "inventory.yml", "site.yml"]
        return subprocess.run(
            [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    yield play
    subprocess.run(["ip", "netns", "delete", namespace], check=True)


def headings() -> list[str]:
    text = (ROOT / "docs/own_playbooks.md").read_text()
    return [part.partition("\n")[0] for part in text.split("\n## ")[1:] if "```yaml" in part]


def test_every_block_has_an_end():
    assert headings() == list(ENDS)
    assert len(BLOCKS) == len(ENDS)


@pytest.mark.parametrize(("heading", "block"), list(zip(ENDS, BLOCKS, strict=False)), ids=list(ENDS))
def test_block(run, heading, block):
    rc, words = ENDS[heading]
    on = "  ignore_errors: true\n" if heading.startswith("Modules") else ""
    done = run(block.replace("  become: true\n", f"  become: true\n{on}"), "--check")
    text = done.stdout + done.stderr
    assert (done.returncode, words in text) == (rc, True), text
    for wrong in ("Unsupported parameters", "is undefined", "couldn't resolve module", "was not found"):
        assert wrong not in text
