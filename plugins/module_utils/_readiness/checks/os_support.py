# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check os_support: would edgeadm take this system, kernel and architecture for this cluster version?

edgeadm refuses a system outside the vendor's matrix with 'The os XXX unsupport'. The matrix comes from the caller.
"""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._system import os
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, UNPROVEN, WARN, verdict

ID = "os_support"
TITLE = "supported operating system"

_REPRODUCE = "cat /etc/os-release; uname -rm"
# CentOS names its minor version only here: 'CentOS Linux release 7.9.2009 (Core)'.
_RELEASE_FILES = ("/etc/centos-release", "/etc/redhat-release")


def run(facts, inputs):
    """Compare architecture, system, version, kernel and cluster version with the rows of inputs['os_support']."""
    rows = inputs.get("os_support") or []
    if not rows:
        return verdict(ID, SKIPPED, "no support matrix was given, so nothing can be compared")
    found = observe(facts)
    here = "{system} {version} ({arch}, kernel {kernel})".format(**found)
    same = [
        row
        for row in rows
        if row["arch"] == found["arch"]
        and row["system"].lower() == found["system"].lower()
        and row["version"].lower() == found["version"].lower()
    ]
    if not same:
        return verdict(
            ID,
            FAIL,
            f"{here} is not in the vendor's support matrix: edgeadm refuses it with 'The os ... unsupport'",
            _other_systems(rows, found),
            _REPRODUCE,
            **found,
        )
    return _in_matrix(same, found, here, inputs.get("cluster_version"))


def observe(facts):
    """Return arch, system, version and kernel (x.y) in the words of the matrix (dict of str)."""
    release = facts.os_release()
    system = os.matrix_name(release)
    version = release.get("VERSION_ID", "")
    if system == "CentOS" and "." not in version:
        version = _minor(facts.node) or version
    machine = facts.node.check(["uname", "-m"]).strip()
    kernel = (facts.node.read("/proc/sys/kernel/osrelease") or "").strip()
    return {
        "arch": os.ARCHITECTURES.get(machine, machine),
        "system": system,
        "version": version,
        "kernel": ".".join(re.findall(r"\d+", kernel)[:2]),
    }


def _minor(node):
    for path in _RELEASE_FILES:
        found = re.search(r"release (\d+\.\d+)", node.read(path) or "")
        if found:
            return found.group(1)
    return None


def _in_matrix(rows, found, here, cluster_version):
    if not cluster_version:
        return verdict(
            ID,
            UNPROVEN,
            f"{here} is supported for cluster versions {_ranges(rows)}; the version of the cluster is unknown",
            "set cluster_version",
            _REPRODUCE,
            **found,
        )
    fitting = [row for row in rows if _covers(row, cluster_version)]
    if not fitting:
        return verdict(
            ID,
            FAIL,
            f"cluster_version is {cluster_version}, but {here} is supported for {_ranges(rows)} only",
            "use an operating system that the matrix lists for this cluster version",
            _REPRODUCE,
            **found,
        )
    kernels = sorted({row["kernel"] for row in fitting if row.get("kernel")})
    if kernels and found["kernel"] not in kernels:
        return verdict(
            ID,
            WARN,
            f"{here} is supported, but with kernel {' or '.join(kernels)}",
            f"boot kernel {' or '.join(kernels)}, or ask the vendor about this one",
            _REPRODUCE,
            **found,
        )
    return verdict(
        ID, PASS, f"{here} is supported for cluster version {cluster_version}", reproduce=_REPRODUCE, **found
    )


def _numbers(version):
    """Return the leading numbers: '1.30.7-aliyun.1' is (1, 30, 7). The vendor's suffix carries no order."""
    return tuple(int(part) for part in re.match(r"[\d.]*", version).group(0).split(".") if part)


def _covers(row, cluster_version):
    """Compare as far as the user was exact: '1.30' is within an upper bound of 1.30.7."""
    ours = _numbers(cluster_version)
    low, high = _numbers(row.get("cluster_min") or ""), _numbers(row.get("cluster_max") or "")
    return ours[: len(low)] >= low[: len(ours)] and (not high or ours[: len(high)] <= high[: len(ours)])


def _ranges(rows):
    return " and ".join(_range(row) for row in rows)


def _range(row):
    end = f"to {row['cluster_max']}" if row.get("cluster_max") else "and newer"
    return f"{row.get('cluster_min') or '1.12'} {end}"


def _other_systems(rows, found):
    names = []
    for row in rows:
        name = f"{row['system']} {row['version']}"
        if row["arch"] == found["arch"] and name not in names:
            names.append(name)
    if not names:
        return f"use a host of a listed architecture ({', '.join(sorted({row['arch'] for row in rows}))})"
    return f"reinstall the node with one of: {', '.join(names)}"
