# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/lab/images/build.sh with a docker that only writes down what it is asked: which image is made of what."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
# Knows no image; pulls what is named in PULLABLE, and builds all.
DOCKER = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$1 $2" in
    'image inspect') exit 1 ;;
    'pull -q') case " $PULLABLE " in *" $3 "*) exit 0 ;; *) echo "no such image: $3" >&2; exit 1 ;; esac ;;
esac
"""


def build(tmp_path: Path, *images: str, pullable: str = "", **environment: str) -> tuple[list[str], str]:
    """Return what docker was asked to build, a line each, and what was said of an error."""
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    calls = tmp_path / "calls"
    calls.write_text("")
    paths = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "CALLS": str(calls), "PULLABLE": pullable}
    named = {f"ACK_EDGE_LAB_{name.upper()}": value for name, value in environment.items()}
    command = [ROOT / "tests/lab/images/build.sh", *images]
    done = subprocess.run(command, env=paths | named, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (not done.stderr), done
    return [line for line in calls.read_text().splitlines() if line.startswith("build ")], done.stderr


@pytest.mark.parametrize(
    ("image", "suite"), [("debian11", "bullseye"), ("debian12", "bookworm"), ("debian13", "trixie")]
)
def test_a_registry_is_asked_for_debian(tmp_path: Path, image: str, suite: str) -> None:
    (line,), _error = build(tmp_path, image, pullable=f"debian:{suite}")
    assert f"BASE=debian:{suite} " in line and "-f debian.Dockerfile" in line


def test_the_registry_that_was_named_is_asked(tmp_path: Path) -> None:
    (line,), _error = build(
        tmp_path, "debian12", pullable="registry.example/a/debian:bookworm", **{"from": "registry.example/a/"}
    )
    assert "BASE=registry.example/a/debian:bookworm " in line


@pytest.mark.parametrize(
    ("system", "image", "dockerfile"),
    [
        ("rockylinux:8", "el", "rpm.Dockerfile"),
        ("openeuler/openeuler:22.03-lts", "el", "rpm.Dockerfile"),
        ("ubuntu:18.04", "debian12", "debian.Dockerfile"),
        ("ubuntu:22.04", "netplan", "debian.Dockerfile"),
        ("debian:11", "firewalls", "debian.Dockerfile"),
    ],
)
def test_a_real_system_takes_the_place_of_an_image(tmp_path: Path, system: str, image: str, dockerfile: str) -> None:
    more = {"from": "registry.example", "system": system, "mirror": "https://mirror.example"}
    (line,), _error = build(tmp_path, image, pullable=f"registry.example/{system}", **more)
    assert f"BASE=registry.example/{system} " in line and f"-t ack-edge-lab/{image} -f {dockerfile}" in line
    assert ("MIRROR=https://mirror.example" in line) == (dockerfile == "rpm.Dockerfile")


def test_other_images_stay_as_they_are(tmp_path: Path) -> None:
    lines, _error = build(tmp_path, "cloud", "debian12", pullable="debian:bookworm", system="rockylinux:9")
    assert ["BASE=debian:bookworm " in line for line in lines] == [True, True]


def test_another_system_is_another_image(tmp_path: Path) -> None:
    found = [build(tmp_path, "el", pullable=name, system=name)[0][0] for name in ("rockylinux:8", "rockylinux:9")]
    assert len({line.partition("inputs=")[2][:16] for line in found}) == 2


def test_nothing_else_takes_the_place_of_a_real_system(tmp_path: Path) -> None:
    lines, error = build(tmp_path, "el", pullable="debian:bookworm", system="rockylinux:9")
    assert lines == [] and error == "rockylinux:9 cannot be pulled: no such image: rockylinux:9\n"


def test_the_workflow_names_systems_that_have_a_place(tmp_path: Path) -> None:
    matrix = yaml.safe_load((ROOT / ".github/workflows/real-systems.yml").read_text())["jobs"]["life"]["strategy"][
        "matrix"
    ]
    systems = matrix["system"] + [row["system"] for row in matrix["include"]]
    for system in systems:
        lines, _error = build(tmp_path, "el", "debian12", pullable=f"debian:bookworm {system}", system=system)
        assert [f"BASE={system} " in line for line in lines].count(True) == 1, system
