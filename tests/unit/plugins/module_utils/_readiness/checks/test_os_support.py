# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import os_support


def row(system, version, kernel, low, *, high=None, arch="amd64"):
    return {
        "arch": arch,
        "system": system,
        "version": version,
        "kernel": kernel,
        "cluster_min": low,
        "cluster_max": high,
    }


ROWS = [
    row("Ubuntu", "20.04", "5.4", "1.18.8-aliyunedge.1"),
    row("Ubuntu", "22.04", "5.15", "1.26.3-aliyun.1"),
    row("CentOS", "7.9", "3.10", "1.12.6-aliyunedge.1", high="1.30.7-aliyun.1"),
    row("Alibaba Cloud Linux", "3", "5.10", "1.20.11-aliyunedge.1"),
    row("CentOS", "8.0", "4.19", "1.14.8-aliyunedge.1", arch="arm64"),
]


def check(world, version="1.30.7-aliyun.1", rows=tuple(ROWS)):
    return os_support.run(world.facts, {"os_support": rows, "cluster_version": version})


def test_listed_system_passes(world):
    found = check(world)
    assert found["status"] == "pass"
    assert found["data"]["kernel"] == "5.15"


def test_unlisted_system_fails_and_names_what_is_listed(world):
    world.file("/etc/os-release", 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n')
    found = check(world)
    assert found["status"] == "fail"
    assert "Debian GNU/Linux 12 (amd64" in found["summary"]
    assert "Ubuntu 22.04" in found["remedy"]
    assert "CentOS 8.0" not in found["remedy"]  # another architecture


def test_unlisted_architecture_fails(world):
    world.commands["uname -m"] = (0, "riscv64\n")
    found = check(world)
    assert found["status"] == "fail"
    assert "amd64, arm64" in found["remedy"]


def test_other_kernel_warns(world):
    world.file("/proc/sys/kernel/osrelease", "6.5.0-14-generic\n")
    found = check(world)
    assert found["status"] == "warn"
    assert "5.15" in found["remedy"]


def test_without_cluster_version_it_is_not_proven(world):
    found = check(world, version=None)
    assert found["status"] == "unproven"
    assert "1.26.3-aliyun.1 and newer" in found["summary"]


def test_without_matrix_it_is_skipped(world):
    assert check(world, rows=[])["status"] == "skipped"


@pytest.mark.parametrize(
    ("version", "status"),
    [("1.24.6", "fail"), ("1.26.3-aliyun.1", "pass"), ("1.26", "pass"), ("1.26.2", "fail"), ("1.100.0", "pass")],
)
def test_lower_bound(world, version, status):
    assert check(world, version=version)["status"] == status


@pytest.mark.parametrize(
    ("version", "status"),
    [("1.30.7-aliyun.1", "pass"), ("1.30.8", "fail"), ("1.30", "pass"), ("1.32.1-aliyun.1", "fail")],
)
def test_upper_bound_and_minor_from_the_release_file(world, version, status):
    world.file("/etc/os-release", 'ID="centos"\nVERSION_ID="7"\n')
    world.file("/etc/redhat-release", "CentOS Linux release 7.9.2009 (Core)\n")
    world.file("/proc/sys/kernel/osrelease", "3.10.0-1160.el7.x86_64\n")
    found = check(world, version=version)
    assert (found["status"], found["data"]["version"]) == (status, "7.9")


def test_names_of_the_vendor(world):
    world.file("/etc/os-release", 'ID="alinux"\nVERSION_ID="3"\nNAME="Alibaba Cloud Linux"\n')
    world.file("/proc/sys/kernel/osrelease", "5.10.134-16.al8.x86_64\n")
    assert check(world)["status"] == "pass"
