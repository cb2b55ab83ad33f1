# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check disk_space: images and logs live under /var/lib, and a root file system that was never grown fills up."""

from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "disk_space"
TITLE = "space under /var/lib"

PATH = "/var/lib"
# Where images, containers and volumes lie: each may be a file system of its own, or a link to one.
BELOW = ("/var/lib/containerd", "/var/lib/docker", "/var/lib/kubelet")
# The vendor publishes no number. Ten GiB hold the images of a node and some days of logs.
MIN_FREE_MB = 10240
MIN_FREE_INODES = 100000


def run(facts, inputs):
    """Warn below inputs['min_free_mb'] MiB or below MIN_FREE_INODES inodes (where the file system counts them).

    data.free_mb and data.free_inodes are of the file system with the least, data.path a directory on it.
    """
    wanted = inputs.get("min_free_mb") or MIN_FREE_MB
    paths = [PATH, *(path for path in BELOW if facts.node.exists(path))]
    spaces = _by_file_system([_df(facts.node, "-k", path) for path in paths])
    inodes = _by_file_system([_df(facts.node, "-i", path) for path in paths])
    least = min(spaces, key=lambda one: one.free)
    counted = [one for one in inodes if one.total]
    fewest = min(counted, key=lambda one: one.free, default=inodes[0])
    numbers = {"free_mb": least.free // 1024, "free_inodes": fewest.free}
    if numbers["free_mb"] < wanted:
        return verdict(
            ID,
            WARN,
            f"{least.path} has {numbers['free_mb']} MiB free, expected at least {wanted}",
            "grow the file system, or delete files that are not needed",
            _by_hand(least.path),
            path=least.path,
            **numbers,
        )
    if counted and fewest.free < MIN_FREE_INODES:
        return verdict(
            ID,
            WARN,
            f"{fewest.path} has {fewest.free} inodes free, expected at least {MIN_FREE_INODES}",
            "delete directories with many small files, or create the file system with more inodes",
            _by_hand(fewest.path),
            path=fewest.path,
            **numbers,
        )
    said = " and ".join(f"{one.path} has {one.free // 1024} MiB free" for one in spaces)
    return verdict(ID, PASS, said, reproduce=_by_hand(*(one.path for one in spaces)), path=least.path, **numbers)


def _by_hand(*paths):
    return f"df -h {' '.join(paths)}; df -i {' '.join(paths)}"


class _Space(NamedTuple):
    """What df says of a directory: the ``point`` where its file system is mounted, what that has and what is free."""

    path: str
    point: str
    total: int
    free: int


def _by_file_system(spaces):
    """Return the first of each file system."""
    return list({one.point: one for one in reversed(spaces)}.values())[::-1]


def _df(node, unit, path):
    """Return the _Space of POSIX df output; btrfs has no inodes and says 0 or '-'."""
    words = node.check(["df", "-P", unit, path]).splitlines()[-1].split(None, 5)
    total, free = (int(word) if word.isdigit() else 0 for word in (words[1], words[3]))
    return _Space(path, words[5], total, free)
