# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the oracles are. A test without its oracle fails; it is left out only where somebody says so."""

import os
import pathlib
import shutil

import pytest

SKIP = "ACK_EDGE_SKIP_ORACLES"
ORACLES = pathlib.Path(__file__).parents[3] / ".cache" / "oracles"


def _missing(what):
    if os.environ.get(SKIP):
        pytest.skip(f"needs {what}, and {SKIP} is set")
    pytest.fail(f"needs {what}; run tests/integration/tools.sh, or set {SKIP}=1 to leave it out")


@pytest.fixture(scope="session")
def resource_modules():
    """Return the folder with the collections of the device vendors."""
    found = ORACLES / "collections"
    return found if found.is_dir() else _missing("the resource modules of the device vendors")


@pytest.fixture(scope="session")
def aerleon():
    found = ORACLES / "aerleon"
    return found if found.is_dir() else _missing("Aerleon")


@pytest.fixture(scope="session")
def frr():
    """Return the folder with the daemons of FRR."""
    found = pathlib.Path("/usr/lib/frr")
    return found if (found / "staticd").exists() and shutil.which("vtysh") else _missing("FRR")
