# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check read_only against a real mount table, in a mount namespace of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from helpers_packets import need_root, sh

ROOT = Path(__file__).resolve().parents[3]
MODULE = "ansible_collections.ack_edge.node.plugins.modules.readiness_info"


def verdict(mounts: str) -> dict:
    argv = ["env", f"PYTHONPATH={ROOT}/.collections", sys.executable, "-m", MODULE]
    given = json.dumps({"ANSIBLE_MODULE_ARGS": {"checks": ["read_only"]}})
    out = sh("unshare", "-m", "sh", "-c", f'{mounts} && exec "$@"', "sh", *argv, stdin=given)
    return json.loads(out)["results"][0]


def test_a_mount_that_is_read_only_is_found_before_anything_is_written() -> None:
    need_root()
    assert verdict("true")["status"] == "pass"
    found = verdict("mount --bind /etc /etc && mount -o remount,bind,ro /etc")
    assert (found["status"], found["data"]["paths"]) == ("fail", ["/etc", "/etc/systemd/system"])
    assert "the file system at /etc is mounted read-only" in found["summary"]
    assert (
        verdict("mount --bind /etc /etc && mount -o remount,bind,ro /etc && mount -t tmpfs none /etc")["status"]
        == "pass"
    )
