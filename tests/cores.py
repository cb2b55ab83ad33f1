# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environments with another ansible-core than the one of .venv, for tests that run on several."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "lab"))

from topology import Controller  # noqa: E402


class Unavailable(Exception):
    """This computer cannot have what a test needs; the test is skipped with this sentence."""


def interpreter(version: str) -> str:
    """Return a Python of a version (3.13) that is on PATH or under pyenv.

    :raises Unavailable: where there is none.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for found in (shutil.which(f"python{version}"), *sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))):
        # A shim of pyenv is on PATH whether its version is chosen or not.
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(found)
    raise Unavailable(f"Python {version} is not on PATH and not under pyenv")


def environment(controller: Controller, tools: Iterable[str] = ()) -> Path:
    """Return a virtual environment with an ansible-core, made once.

    :arg tools: names of packages in tests/requirements.txt, which come as they are pinned there.
    :raises Unavailable: where its Python is missing.
    """
    pinned = (ROOT / "tests" / "requirements.txt").read_text() + (ROOT / "requirements.txt").read_text()
    wanted = [re.search(rf"^{re.escape(name)}[=>].*$", pinned, re.MULTILINE)[0] for name in sorted(tools)]
    wanted.append(f"ansible-core=={controller.core}")
    place = ROOT / ".cache" / "cores" / (f"{controller.core}-tools" if tools else controller.core)
    ready = place / "ready"
    if not ready.exists() or ready.read_text() != "\n".join(wanted):
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([interpreter(controller.python), "-m", "venv", place], check=True)
        pip = [place / "bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted], check=True)
        ready.write_text("\n".join(wanted))
    return place
