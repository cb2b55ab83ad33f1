# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that collect packages for a site without a way out run as they stand on the page."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from helpers_packets import need_root

ROOT = Path(__file__).parents[3]
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/tools_and_clock.md").read_text(), re.S)
TOOLS = ("net-tools", "iproute2", "chrony", "cron", "pciutils", "socat", "ebtables", "iptables", "conntrack")


def test_packages_of_debian(tmp_path):
    need_root()
    (commands,) = [block for block in BLOCKS if "# Debian" in block]
    # What the command would fetch, as it says; the index of packages may be of any age here.
    subprocess.run(["apt-get", "update", "-qq"], check=True, capture_output=True)
    done = subprocess.run(["sh", "-euc", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    names = {path.name.partition("_")[0] for path in (tmp_path / "packages").glob("*.deb")}
    assert set(TOOLS) <= names, names
    assert "exim4-base" not in names, "nothing that is only recommended"
