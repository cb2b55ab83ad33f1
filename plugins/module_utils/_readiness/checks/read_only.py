# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check read_only: a file system that cannot be written to ends a preparation or a join half-way."""

import os
import re

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, WARN, verdict

ID = "read_only"
TITLE = "writable file systems"

# Where the roles, the package manager, edgeadm and the services that a join installs write.
PATHS = (
    *("/etc", "/etc/cni", "/etc/kubernetes", "/etc/systemd/system", "/opt", "/opt/cni", "/run", "/tmp", "/usr"),
    *("/usr/bin", "/usr/local", "/usr/local/bin", "/var/lib", "/var/lib/cni", "/var/lib/containerd"),
    *("/var/lib/docker", "/var/lib/kubelet", "/var/log"),
)
# Below these lie programs that a join installs and starts, and volumes whose scripts Pods start.
_PROGRAMS = ("/opt", "/usr", "/var/lib/kubelet")
# Guides to hardening make these immutable, and a package that brings a user of its own cannot be installed then.
ACCOUNTS = ("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow")
_MOUNTS = "/proc/self/mounts"
_OCTAL = re.compile(r"\\([0-7]{3})")


def run(facts, inputs):
    """Fail where one of PATHS is read-only or immutable, warn where one of ACCOUNTS is, or where programs do not start.

    data.paths are these.
    """
    node = facts.node
    mounts = _mounts(node)
    if not mounts:
        return verdict(
            ID,
            UNPROVEN,
            f"{_MOUNTS} does not list the mounted file systems",
            "find out why it cannot be read, then run again",
            f"cat {_MOUNTS}",
        )
    there = [path for path in PATHS if node.exists(path)]
    holders = [(path, _holder(node, mounts, path)) for path in there]
    read_only = [(path, point) for path, point in holders if "ro" in mounts[point]]
    if read_only:
        return _read_only(read_only)
    immutable = _immutable(node, there + [path for path in ACCOUNTS if node.exists(path)])
    if immutable:
        return _cannot_change(immutable)
    noexec = [path for path, point in holders if path.startswith(_PROGRAMS) and "noexec" in mounts[point]]
    if noexec:
        return verdict(
            ID,
            WARN,
            f"{', '.join(noexec)} can be written, but is mounted noexec: programs there do not start",
            "remove noexec from its line in /etc/fstab, and 'mount -o remount,exec' it",
            f"findmnt -T {noexec[0]}",
            paths=noexec,
        )
    return verdict(ID, PASS, f"{', '.join(there)} can be written", reproduce=f"cat {_MOUNTS}", paths=[])


def _read_only(found):
    points = sorted({point for _path, point in found})
    first = points[0]
    return verdict(
        ID,
        FAIL,
        f"{', '.join(path for path, _point in found)} cannot be written to: the file system at {', '.join(points)} is "
        "mounted read-only",
        "find out why (dmesg: a disk with errors is remounted read-only; 'ro' in /etc/fstab; a system that is "
        f"immutable by design cannot become a node), then 'mount -o remount,rw {first}'",
        f"findmnt -T {found[0][0]}",
        paths=[path for path, _point in found],
    )


def _cannot_change(paths):
    directories = [path for path in paths if path not in ACCOUNTS]
    effect = "nothing can be written there" if directories else "packages that create a user cannot be installed"
    return verdict(
        ID,
        FAIL if directories else WARN,
        f"{', '.join(paths)} {'are' if len(paths) > 1 else 'is'} immutable (chattr +i): {effect}",
        f"chattr -i {' '.join(paths)}; set it again after the join if the site requires it",
        f"lsattr -d {' '.join(paths)}",
        paths=paths,
    )


def _mounts(node):
    """Return {mount point: options (list of str)}; of several at one point the last one is seen."""
    rows = [line.split() for line in (node.read(_MOUNTS) or "").splitlines()]
    return {_OCTAL.sub(_letter, row[1]): row[3].split(",") for row in rows if len(row) > 3}


def _letter(match):
    return chr(int(match.group(1), 8))


def _holder(node, mounts, path):
    """Return the mount point that holds a path, links of its directories followed."""
    root = os.path.realpath(node.root or "/").rstrip("/")
    real = os.path.realpath(node.path(path))
    real = real[len(root) :] if real.startswith(root + "/") else path
    holding = [point for point in mounts if point in ("/", real) or real.startswith(point + "/")]
    return max(holding, key=len) if holding else next(iter(mounts))


def _immutable(node, paths):
    """Return those of the paths that have the attribute; a file system that knows none has no immutable ones."""
    lines = node.run(["lsattr", "-d", *paths]).out.splitlines()
    words = [line.split(None, 1) for line in lines]
    return [pair[1].strip() for pair in words if len(pair) == 2 and "i" in pair[0] and pair[1].strip() in paths]
