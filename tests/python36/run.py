#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run unit tests of the node side with a real Python 3.6, the oldest that nodes may have.

One is found on PATH, under pyenv, or named by ACK_EDGE_PYTHON36; without one, or without a package index, this says so
and ends well. What is tested is the checkout itself; the tests are rewritten for 3.6, see rewrite.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import rewrite

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "python36"
sys.path.insert(0, str(ROOT / "tests" / "lab"))

import python36  # noqa: E402

UNIT = ROOT / "tests" / "unit"
# What lies below the engines, what every one of them does once, and what stands on libraries of the system (sockets,
# TLS, locks); the rest says the same on every Python.
TESTS = (
    "test_generations.py",
    "test_old_libraries.py",
    "plugins/module_utils/_system",
    "plugins/module_utils/_readiness",
    "plugins/module_utils/_reachability/stages",
    "plugins/module_utils/_inbound_ports/backends/test_ufw.py",
    "plugins/module_utils/test_node.py",
)
# The oldest supported ansible-core is what brings its module_utils to a node with Python 3.6.
ANSIBLE = "ansible-core==2.16.19"
CONFTEST = """\
import hypothesis

few = hypothesis.settings(deadline=None, max_examples=5, suppress_health_check=list(hypothesis.HealthCheck))
hypothesis.settings.register_profile("few", few)
hypothesis.settings.load_profile("few")
"""


def libraries() -> tuple[Path, Path]:
    """Return the directories with what the tests and the node side import, filled from the package index once.

    :raises Unavailable: where they cannot be downloaded.
    """
    wanted = HERE / "requirements.txt"
    platforms = [
        word for name in ("manylinux2014", "manylinux_2_17") for word in ("--platform", f"{name}_{os.uname().machine}")
    ]
    theirs = ["--only-binary=:all:", "--implementation", "cp", "--python-version", "3.6", *platforms, "-r", str(wanted)]
    places = CACHE / "site", CACHE / "ansible"
    stamp = CACHE / "complete"
    if stamp.exists() and stamp.read_text() == wanted.read_text() + ANSIBLE:
        return places
    for place, arguments in zip(places, (theirs, [ANSIBLE]), strict=True):
        shutil.rmtree(place, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        done = subprocess.run([*command, "--target", place, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise python36.Unavailable(f"pip cannot install for Python 3.6: {done.stderr.strip()[-200:]}")
    stamp.write_text(wanted.read_text() + ANSIBLE)
    return places


def rewrite_tests(target: Path) -> None:
    """Write the tests, and what they share, below a directory that looks like the checkout otherwise."""
    shutil.rmtree(target, ignore_errors=True)
    shared = [*UNIT.glob("fakes/*.py"), *UNIT.rglob("conftest.py")]
    named = [UNIT / name for name in TESTS]
    chosen = [path for one in named for path in (one.rglob("*.py") if one.is_dir() else [one])]
    for path in {*shared, *chosen}:
        new = target / "tests/unit" / path.relative_to(UNIT)
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(rewrite.rewritten(path.read_text()))
    (target / "conftest.py").write_text(CONFTEST)
    # Else pytest would take the settings of the checkout around it.
    (target / "pytest.ini").write_text("[pytest]\n")
    shutil.copy(HERE / "backports36.py", target / "tests/unit")
    (target / "tests/unit/data").symlink_to(UNIT / "data")
    for name in ("docs", "vars", "plugins", "roles", "meta", "playbooks"):
        (target / name).symlink_to(ROOT / name)


def main() -> int:
    try:
        interpreter = python36.find() / "bin" / "python3.6"
        site, ansible = libraries()
    except python36.Unavailable as missing:
        print(f"SKIPPED: the unit tests with Python 3.6: {missing}")
        return 0
    target = CACHE / "checkout"
    rewrite_tests(target)
    path = [str(place) for place in (site, target / "tests/unit", ROOT / ".collections", ansible)]
    environment = {**os.environ, "PYTHONPATH": ":".join(path), "PYTHONDONTWRITEBYTECODE": "1"}
    options = [
        "-q",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:warnings",
        "-c",
        "pytest.ini",
    ]
    return subprocess.run(
        [interpreter, "-m", "pytest", *options, *sys.argv[1:], "tests/unit"], cwd=target, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
