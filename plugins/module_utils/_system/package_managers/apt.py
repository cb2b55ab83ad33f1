# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""apt-get and dpkg. Private to the collection."""

import re
import time

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import (
    TIMEOUT,
    PackageFile,
    PackageManager,
    checked,
    listed,
    said,
)

_LOCK_TIMEOUT = 300
# No question is asked, and a file of the site is kept as it is.
_GET = [
    *("env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_SUSPEND=1"),  # no service of the site is restarted
    *("apt-get", "--assume-yes", "--quiet", "--no-install-recommends"),
    *("-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"),
]
# The repositories of the node are not asked; its own lists of packages stay as they are.
_ALONE = [
    *("-o", "Dir::Etc::SourceList=/dev/null", "-o", "Dir::Etc::SourceParts=/dev/null"),
    *("-o", "Dir::Cache::PkgCache=", "-o", "Dir::Cache::SrcPkgCache="),
]
_REPAIR = [
    *("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--force-confdef", "--force-confold", "--configure", "--pending")
]
_FILE = "${Package}\\t${Architecture}\\t${Provides}\\t${Pre-Depends},${Depends}"


class Apt(PackageManager):
    """apt-get, of the Debian family."""

    FAMILY, PROGRAM, SUFFIX = "debian", "apt-get", ".deb"

    def absent(self, node, names):
        """Return those of the packages that are not installed (list of str)."""
        if not names:
            return []
        done = node.run(["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\\n", *names])
        there = {line[len("installed ") :] for line in done.out.splitlines() if line.startswith("installed ")}
        return [name for name in names if name not in there]

    def installed(self, node):
        """Return what is installed, names with versions (set of str), None where that cannot be told."""
        lines = listed(node, ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package} ${Version}\\n"])
        return None if lines is None else {line for line in lines if not line.startswith("config-files ")}

    def repair(self, node):
        """End what a run left that was killed while packages were unpacked."""
        node.run(_REPAIR, timeout=TIMEOUT)

    def refresh(self, node):
        """Fetch the lists of packages; return what went wrong (str). The lists that are there may do all the same."""
        done = patient(node, [*_GET, "update"])
        return "" if done.rc == 0 else said(done)

    def removals(self, node, wanted, alone):
        """Return the packages that an installation would take away.

        :raises NodeError: if it cannot be done at all.
        """
        out = checked(node, [*_install(wanted, alone), "--simulate"])
        return [line.split()[1] for line in out.splitlines() if line.startswith("Remv ")]

    def install(self, node, wanted, alone):
        """Install packages (names, or paths with alone=True) in one transaction.

        :raises NodeError: with what the package manager said.
        """
        done = patient(node, _install(wanted, alone))
        if done.rc != 0:
            raise NodeError(said(done))

    def repositories(self, node):
        """Return what the node can ask for packages, as text."""
        argv = ["apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)", "Created-By: Packages"]
        return "\n".join(sorted(set(node.run(argv).out.split())))

    def files(self, node, paths):
        """Return a PackageFile for each of the files that suit the architecture of the node."""
        own = node.check(["dpkg", "--print-architecture"]).strip()
        found = [_read(node, path) for path in paths]
        return [item for item in found if item.arch in (own, "all")]


def _install(wanted, alone):
    return [*_GET, *(_ALONE if alone else []), "install", *wanted]


def _read(node, path):
    name, arch, provides, requires = node.check(["dpkg-deb", "--show", "--showformat", _FILE, path]).split("\t")
    stands_for = {word for words in _relation(provides) for word in words}
    return PackageFile(path, name, arch, stands_for, _relation(requires))


def _relation(text):
    """Return a relation of Debian's packages, 'a (>= 1) | b, c:any', as [['a', 'b'], ['c']]."""
    groups = [[re.split(r"[ (:]", word.strip())[0] for word in group.split("|")] for group in text.split(",")]
    return [names for names in groups if names != [""]]


def patient(node, argv, clock=time.monotonic, sleep=time.sleep):
    """Run apt-get, again while another package manager holds one of its locks (updates at boot); return a Completed."""
    # It has an option for that from 1.9.11 on only, and not for the lock of the lists.
    end = clock() + _LOCK_TIMEOUT
    while True:
        done = node.run(argv, timeout=TIMEOUT)
        if done.rc == 0 or "Could not get lock" not in done.err or clock() >= end:
            return done
        sleep(3)
