# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes are prepared once for all tests of this folder, which leave them so, and reset after the last one."""

from __future__ import annotations

import subprocess

import lab
import pytest


@pytest.fixture(scope="package", autouse=True)
def prepared_nodes(lab_is_up):
    base = ["ansible-playbook", "-i", str(lab.INVENTORY)]
    prepare = [*base, "playbooks/prepare_edge.yml", "-e", "region=cn-beijing"]
    subprocess.run(prepare, cwd=lab.ROOT, check=True, capture_output=True)
    yield
    subprocess.run([*base, "playbooks/reset_edge.yml"], cwd=lab.ROOT, check=True, capture_output=True)
