# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the Linux systems that a node can run, as data. Private to the collection.

Sources: os-release(5) of each system; the vendor's matrix (vars/os_support.yml) for the names it gives them.
"""

import os

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError, program_path

# ID of os-release -> name in the vendor's support matrix. A system that is not here is not in the matrix.
MATRIX_NAMES = {
    "alinux": "Alibaba Cloud Linux",
    "anolis": "Anolis",
    "centos": "CentOS",
    "kylin": "Kylin",
    "rhel": "Red Hat Enterprise Linux",
    "ubuntu": "Ubuntu",
    "uos": "UnionTech OS Server",
}

# ID or word of ID_LIKE -> package family. Kylin and UOS have editions of both families: their package manager tells.
FAMILIES = {
    "almalinux": "redhat",
    "alinux": "redhat",
    "anolis": "redhat",
    "centos": "redhat",
    "debian": "debian",
    "fedora": "redhat",
    "ol": "redhat",
    "openeuler": "redhat",
    "rhel": "redhat",
    "rocky": "redhat",
    "ubuntu": "debian",
}
PACKAGE_MANAGERS = (("dnf", "redhat"), ("yum", "redhat"), ("apt-get", "debian"))

# `uname -m` -> name of the architecture in the matrix.
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}

# Where a program may lie besides PATH, which over sudo and ssh often lacks the sbin directories.
PROGRAM_DIRECTORIES = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


def os_release(node):
    """Return the fields of os-release as a dict of str; {} where the node has none."""
    text = node.read("/etc/os-release") or node.read("/usr/lib/os-release") or ""
    fields = {}
    for line in text.splitlines():
        key, separator, value = line.strip().partition("=")
        if separator and not key.startswith("#"):
            fields[key] = value.strip().strip("'\"")
    return fields


def which(node, program):
    """Return the path of a program that this user could start by its name, or None."""
    directories = program_path(os.environ.get("PATH", "")).split(":") if not node.root else []
    for directory in list(directories) + list(PROGRAM_DIRECTORIES):
        path = f"{directory}/{program}"
        real = node.path(path)
        if directory and os.path.isfile(real) and os.access(real, os.X_OK):
            return path
    return None


def family(node, release=None):
    """Return the package family of the node, 'debian' or 'redhat'.

    :raises NodeError: if neither os-release nor a package manager tells.
    """
    release = os_release(node) if release is None else release
    for word in [release.get("ID", ""), *release.get("ID_LIKE", "").split()]:
        if word.lower() in FAMILIES:
            return FAMILIES[word.lower()]
    for program, result in PACKAGE_MANAGERS:
        if which(node, program):
            return result
    raise NodeError(
        f"the system calls itself {release.get('ID', '')!r} in /etc/os-release and has none of dnf, yum and apt-get; expected a system of the Debian or Red Hat family"
    )
