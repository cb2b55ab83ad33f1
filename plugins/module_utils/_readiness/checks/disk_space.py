# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check disk_space: images and logs live under /var/lib, and a root file system that was never grown fills up."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "disk_space"
TITLE = "space under /var/lib"

PATH = "/var/lib"
# The vendor publishes no number. Ten GiB hold the images of a node and some days of logs.
MIN_FREE_MB = 10240
MIN_FREE_INODES = 100000


def run(facts, inputs):
    """Warn below inputs['min_free_mb'] MiB or below MIN_FREE_INODES inodes (where the file system counts them)."""
    wanted = inputs.get("min_free_mb") or MIN_FREE_MB
    _total, free = _df(facts.node, "-k")
    all_inodes, inodes = _df(facts.node, "-i")
    free_mb = free // 1024
    numbers = {"free_mb": free_mb, "free_inodes": inodes}
    reproduce = f"df -h {PATH}; df -i {PATH}"
    if free_mb < wanted:
        return verdict(
            ID,
            WARN,
            f"{PATH} has {free_mb} MiB free, expected at least {wanted}",
            "grow the file system, or remove what nobody needs",
            reproduce,
            **numbers,
        )
    if all_inodes and inodes < MIN_FREE_INODES:
        return verdict(
            ID,
            WARN,
            f"{PATH} has {inodes} inodes free, expected at least {MIN_FREE_INODES}",
            "remove directories with many small files, or make the file system with more inodes",
            reproduce,
            **numbers,
        )
    return verdict(ID, PASS, f"{PATH} has {free_mb} MiB free", reproduce=reproduce, **numbers)


def _df(node, unit):
    """Return (all, free) of POSIX df output; btrfs has no inodes and says 0 or '-'."""
    words = node.check(["df", "-P", unit, PATH]).splitlines()[-1].split()
    return tuple(int(word) if word.isdigit() else 0 for word in (words[1], words[3]))
