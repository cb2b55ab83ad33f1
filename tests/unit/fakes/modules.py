# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module of the collection as a node does: a process of its own, parameters in, JSON out.

Most of such a process is Python's start and Ansible's module_utils. A server that has done both makes each process by
fork, before anything of the collection was imported.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

COLLECTIONS = Path(__file__).parents[3] / ".collections"
# Reads requests and says the status of each process; what it wrote is in the files "out" and "err" of a directory.
_SERVER = """
import json, os, runpy, signal, sys
import ansible.module_utils.basic

def run(request):
    os.setsid()
    for number, (name, mode) in enumerate((("in", "r"), ("out", "w"), ("err", "w"))):
        with open(os.path.join(request["directory"], name), mode) as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(request["environ"])
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
    sys.argv = ["module"]
    signal.alarm(60)
    status = 0
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = ended.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

for line in sys.stdin:
    child = os.fork()
    if not child:
        run(json.loads(line))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@functools.lru_cache(maxsize=1)
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(COLLECTIONS)},
    )  # fmt: skip
    atexit.register(server.communicate)  # the end of its input ends it
    return server


def run_module(module: str, parameters: dict[str, Any], **environ: str) -> tuple[int, dict[str, Any]]:
    """Return (exit status, result) of a module; no proxy of the machine is in its environment."""
    clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        (place / "in").write_text(json.dumps({"ANSIBLE_MODULE_ARGS": parameters}))
        request = {
            "directory": directory,
            "module": f"ansible_collections.ack_edge.node.plugins.modules.{module}",
            "environ": clean | {"PYTHONPATH": str(COLLECTIONS)} | environ,
        }
        server = _server()
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        assert (place / "err").read_text() == ""
        return status, json.loads((place / "out").read_text())
