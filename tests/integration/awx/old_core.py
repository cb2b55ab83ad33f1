#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the jobs and surveys of tests/integration/awx, or the tests given, with ansible-core 2.18, which AWX 24.6.1 has.

There an answer of a survey stays a text; from 2.19 on it may be a number. Where the Python that it needs is missing,
this says so and ends well.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from cores import Unavailable, environment  # noqa: E402
from topology import CONTROLLERS  # noqa: E402

TOOLS = ("ansible-runner", "cryptography", "hypothesis", "jsonschema", "netaddr", "pytest")


def main() -> int:
    (controller,) = (one for one in CONTROLLERS if one.series == "2.18")
    try:
        place = environment(controller, TOOLS)
    except Unavailable as missing:
        print(f"SKIPPED: the tests of AWX with ansible-core {controller.core}: {missing}")
        return 0
    path = f"{place / 'bin'}:{os.environ['PATH']}"
    tests = sys.argv[1:] or [HERE / "test_surveys.py", HERE / "test_slices.py"]
    return subprocess.run([place / "bin/pytest", *tests], env=os.environ | {"PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
