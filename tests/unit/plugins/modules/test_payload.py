# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible sends to a host for one look at it: ours, beside what it sends for any module."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
# Each host gets it, over the line of its site. It has every section, also one that is not asked for. What a change adds
# is seen here.
MOST = 395_000
# In a process of its own, for Ansible finds collections by a hook into Python's import.
BUILD = """
import sys
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, module_loader
from ansible.template import Templar
from ansible.executor.module_common import modify_module

init_plugin_loader()
found = module_loader.find_plugin_with_context(sys.argv[1])
built = modify_module(
    module_name=found.resolved_fqcn,
    module_path=found.plugin_resolved_path,
    module_args={},
    templar=Templar(loader=DataLoader()),
    task_vars={"ansible_python_interpreter": "/usr/bin/python3"},
    module_compression="ZIP_DEFLATED",
)
# A tuple before ansible-core 2.19.
sys.stdout.buffer.write(built[0] if isinstance(built, tuple) else built.b_module_data)
"""
_ZIP = re.compile(rb"""["']([A-Za-z0-9+/=]{5000,})["']""")


def sent(name: str) -> int:
    """Return how many bytes the zip has that Ansible builds of a module."""
    environment = os.environ | {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".collections")}
    done = subprocess.run([sys.executable, "-c", BUILD, name], env=environment, capture_output=True, check=True)
    (text,) = _ZIP.findall(done.stdout)
    return len(base64.b64decode(text))


def test_a_look_at_a_host_does_not_grow_unseen() -> None:
    beside = sent("ack_edge.node.preflight_info") - sent("ansible.builtin.ping")
    # Below, something of it would not have come along.
    assert beside > 150_000
    assert beside <= MOST, f"each host gets {beside - MOST} bytes more; if it needs them, raise MOST and say why"
