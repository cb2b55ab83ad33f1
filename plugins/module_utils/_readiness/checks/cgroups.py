# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check cgroups: kubelet needs the controllers that account for memory, processors and processes."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, verdict

ID = "cgroups"
TITLE = "control groups"

NEEDED = ("cpu", "cpuset", "memory", "pids")
# Since 1.31 Kubernetes only maintains what it has for version 1; from 1.35 on kubelet refuses to start there
# (failCgroupV1 is true by default).
_MAINTAINED, _REFUSED = (1, 31), (1, 35)
_UNIFIED = "/sys/fs/cgroup/cgroup.controllers"
_LEGACY = "/proc/cgroups"


def run(facts, inputs):
    """Fail where a controller that kubelet needs is missing, or version 1 is too old for inputs['cluster_version'].

    data.version is 1 or 2.
    """
    unified = facts.node.read(_UNIFIED)
    version, source = (1, _LEGACY) if unified is None else (2, _UNIFIED)
    there = _enabled(facts.node.read(_LEGACY) or "") if unified is None else unified.split()
    if not there:
        return verdict(
            ID,
            UNPROVEN,
            f"neither {_UNIFIED} nor {_LEGACY} lists the controllers of the kernel",
            "mount the cgroup file system (systemd does it), then run again",
            f"cat {_LEGACY}",
        )
    missing = [name for name in NEEDED if name not in there]
    if missing:
        return verdict(
            ID,
            FAIL,
            f"control groups v{version} lack the controller {', '.join(missing)}, without which kubelet does not start",
            f"remove cgroup_disable={missing[0]} from the kernel command line (on small ARM boards, add "
            f"cgroup_enable={missing[0]}), and reboot the node",
            f"cat {source}",
            version=version,
            missing=missing,
        )
    cluster = _numbers(inputs.get("cluster_version"))
    if version == 1 and cluster and cluster >= _REFUSED:
        return verdict(
            ID,
            FAIL,
            f"the node has control groups v1, but kubelet of cluster_version {inputs['cluster_version']} does not "
            "start with them (since 1.35)",
            "boot with systemd.unified_cgroup_hierarchy=1 on the kernel command line (grubby --update-kernel=ALL "
            "--args=..., or GRUB_CMDLINE_LINUX in /etc/default/grub and update-grub), or use an operating system "
            "whose default is v2",
            "stat -f -c %T /sys/fs/cgroup",
            version=version,
            missing=[],
        )
    return verdict(
        ID,
        PASS,
        f"control groups v{version} have {', '.join(NEEDED)}{_hint(version, cluster)}",
        reproduce=f"cat {source}",
        version=version,
        missing=[],
    )


def _numbers(cluster_version):
    """Return (major, minor) of a version such as '1.30.7-aliyun.1', None where it is not known."""
    found = re.match(r"(\d+)\.(\d+)", cluster_version or "")
    return (int(found.group(1)), int(found.group(2))) if found else None


def _hint(version, cluster):
    """Return what an operator should know before the next upgrade, '' where nothing waits."""
    if version == 2 or (cluster and cluster < _MAINTAINED):
        return ""
    return "; kubelet does not start with v1 from cluster version 1.35 on, so plan the change to v2 before that upgrade"


def _enabled(text):
    """Return the controllers that /proc/cgroups calls enabled."""
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return [row[0] for row in rows if len(row) == 4 and row[3] == "1"]
