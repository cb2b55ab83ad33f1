# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Python 3.6 for a node: the oldest that the collection supports there, and that no image of the lab brings."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import lab
from topology import Node

PREFIX = "/opt/python36"
INTERPRETER = f"{PREFIX}/bin/python3.6"


class Unavailable(Exception):
    """This machine cannot have what a test needs; the test is skipped with this sentence."""


def find() -> Path:
    """Return the prefix of a Python 3.6: that of ACK_EDGE_PYTHON36 (an interpreter), on PATH, or under pyenv.

    :raises Unavailable: where there is none.
    """
    candidates = [os.environ.get("ACK_EDGE_PYTHON36", ""), shutil.which("python3.6") or ""]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates += [str(path) for path in sorted(pyenv.glob("versions/3.6.*/bin/python3.6"))]
    for candidate in filter(None, candidates):
        # A shim of pyenv is on PATH whether its version is chosen or not.
        ask = [candidate, "-c", "import sys; print(sys.prefix, sys.version_info[:2] == (3, 6))"]
        done = subprocess.run(ask, capture_output=True, text=True, check=False)
        prefix, _space, fits = done.stdout.strip().rpartition(" ")
        if fits == "True":
            return Path(prefix)
    raise Unavailable("no Python 3.6 is on PATH or under pyenv; name one with ACK_EDGE_PYTHON36")


def give(node: Node) -> None:
    """Copy a Python 3.6 to a node, beside its own. Libraries that it was made with must be there; else it is an error.

    :raises Unavailable: where there is none.
    """
    prefix = find()
    lab.docker("exec", node.container, "mkdir", "-p", PREFIX)
    packed = ["tar", "-C", str(prefix), "--exclude=test", "--exclude=__pycache__", "-c", "bin", "lib"]
    with subprocess.Popen(packed, stdout=subprocess.PIPE) as archive:
        unpacked = ["docker", "cp", "-", f"{node.container}:{PREFIX}"]
        subprocess.run(unpacked, stdin=archive.stdout, check=True, capture_output=True)
    # One that was built with a shared library looks for it where it was built.
    linked = f"echo {PREFIX}/lib > /etc/ld.so.conf.d/python36.conf && ldconfig"
    asked = f"{INTERPRETER} -c 'import json, platform, ssl, zlib; print(platform.python_version())'"
    said = lab.docker("exec", node.container, "sh", "-c", f"{linked} && {asked}")
    assert said.startswith("3.6."), said
