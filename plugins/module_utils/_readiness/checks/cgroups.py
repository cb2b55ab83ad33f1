# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check cgroups: kubelet needs the controllers that account for memory, processors and processes."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, verdict

ID = "cgroups"
TITLE = "control groups"

NEEDED = ("cpu", "cpuset", "memory", "pids")
_UNIFIED = "/sys/fs/cgroup/cgroup.controllers"
_LEGACY = "/proc/cgroups"


def run(facts, inputs):
    """Fail where a controller that kubelet needs is missing or switched off; data.version is 1 or 2."""
    unified = facts.node.read(_UNIFIED)
    version, source = (1, _LEGACY) if unified is None else (2, _UNIFIED)
    there = _enabled(facts.node.read(_LEGACY) or "") if unified is None else unified.split()
    if not there:
        return verdict(
            ID,
            UNPROVEN,
            f"neither {_UNIFIED} nor {_LEGACY} says which controllers the kernel has",
            "mount the file system of control groups (systemd does it), then run again",
            f"cat {_LEGACY}",
        )
    missing = [name for name in NEEDED if name not in there]
    if missing:
        return verdict(
            ID,
            FAIL,
            f"control groups v{version} lack the controller {', '.join(missing)}, without which kubelet does not start",
            f"take cgroup_disable={missing[0]} out of the kernel's command line (on small ARM boards, add "
            f"cgroup_enable={missing[0]}), and restart the node",
            f"cat {source}",
            version=version,
            missing=missing,
        )
    return verdict(
        ID,
        PASS,
        f"control groups v{version} have {', '.join(NEEDED)}",
        reproduce=f"cat {source}",
        version=version,
        missing=[],
    )


def _enabled(text):
    """Return the controllers that /proc/cgroups calls enabled."""
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return [row[0] for row in rows if len(row) == 4 and row[3] == "1"]
