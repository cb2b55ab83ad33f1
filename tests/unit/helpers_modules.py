# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module of the collection as a node does: a process of its own, parameters in, JSON out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

COLLECTIONS = Path(__file__).parents[2] / ".collections"


def run_module(module: str, parameters: dict, **environ: str) -> tuple[int, dict]:
    """Return (exit status, result) of a module; no proxy of the machine is in its environment."""
    clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-m", f"ansible_collections.ack_edge.node.plugins.modules.{module}"],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": parameters}),
        text=True,
        timeout=60,
        capture_output=True,
        check=False,
        env=clean | {"PYTHONPATH": str(COLLECTIONS)} | environ,
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)
