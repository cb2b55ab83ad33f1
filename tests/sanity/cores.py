#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test sanity of the oldest and the newest supported ansible-core, each in an environment of its own.

The Python that each needs is found on PATH or under pyenv; without one, this says so and ends well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "lab"))

from topology import CONTROLLERS, Controller  # noqa: E402


def interpreter(version: str) -> str:
    """Return a Python of a version (3.13), "" where there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for found in (shutil.which(f"python{version}"), *sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))):
        # A shim of pyenv is on PATH whether its version is chosen or not.
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(found)
    return ""


def environment(controller: Controller, python: str) -> Path:
    """Return a virtual environment with an ansible-core; it is made once."""
    place = ROOT / ".cache" / "sanity-cores" / controller.core
    ready = place / "ready"
    if not ready.exists():
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([python, "-m", "venv", place], check=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([place / "bin/pip", "install", *quiet, f"ansible-core=={controller.core}"], check=True)
        ready.touch()
    return place


def main() -> int:
    failed = []
    for controller in (CONTROLLERS[0], CONTROLLERS[-1]):
        python = interpreter(controller.python)
        if not python:
            missing = f"Python {controller.python} is not on PATH and not under pyenv"
            print(f"SKIPPED: sanity of ansible-core {controller.core}: {missing}")
            continue
        place = environment(controller, python)
        print(f"ansible-test sanity of ansible-core {controller.core}, Python {controller.python}", flush=True)
        path = f"{place / 'bin'}:{os.environ['PATH']}"
        done = subprocess.run([HERE / "run.sh", *sys.argv[1:]], env=os.environ | {"PATH": path}, check=False)
        failed += [controller.core] if done.returncode else []
    if failed:
        print(f"ansible-test sanity failed with ansible-core {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
