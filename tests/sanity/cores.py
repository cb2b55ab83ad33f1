#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test sanity of the oldest and the newest supported ansible-core, each in an environment of its own.

Where the Python that one needs is missing, this says so and goes on.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from cores import Unavailable, environment  # noqa: E402
from topology import CONTROLLERS  # noqa: E402


def main() -> int:
    failed = []
    for controller in (CONTROLLERS[0], CONTROLLERS[-1]):
        try:
            place = environment(controller)
        except Unavailable as missing:
            print(f"SKIPPED: sanity of ansible-core {controller.core}: {missing}")
            continue
        print(f"ansible-test sanity of ansible-core {controller.core}, Python {controller.python}", flush=True)
        path = f"{place / 'bin'}:{os.environ['PATH']}"
        done = subprocess.run([HERE / "run.sh", *sys.argv[1:]], env=os.environ | {"PATH": path}, check=False)
        failed += [controller.core] if done.returncode else []
    if failed:
        print(f"ansible-test sanity failed with ansible-core {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
