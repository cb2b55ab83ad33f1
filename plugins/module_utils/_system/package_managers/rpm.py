# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dnf and yum share: rpm. Private to the collection."""

from typing import Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import (
    PackageFile,
    PackageManager,
    checked,
    listed,
)

_QUERY = "%{NAME}\\t%{ARCH}\\t[%{PROVIDENAME}\\n]\\t[%{REQUIRENAME}\\n]"


class Rpm(PackageManager):
    """A package manager of rpm packages.

    rpm itself ends or undoes what was interrupted, so there is nothing to repair. They look themselves whether their
    lists are old, and take nothing away for what they install unless they are told to.
    """

    FAMILY, SUFFIX = "redhat", ".rpm"
    # Options of an installation that only one of them knows.
    _PLAIN: Tuple[str, ...] = ()

    def absent(self, node, names):
        """Return those of the packages that are not installed; what a package merely provides counts (list of str)."""
        # iptables-nft is what brings ebtables to EL 9.
        return [name for name in names if node.run(["rpm", "--query", "--whatprovides", name]).rc != 0]

    def installed(self, node):
        """Return what is installed, names with versions (set of str), None where that cannot be told."""
        lines = listed(node, ["rpm", "--query", "--all"])
        return None if lines is None else set(lines)

    def install(self, node, wanted, alone):
        """Install packages (names, or paths with alone=True) in one transaction.

        :raises NodeError: with what the package manager said.
        """
        options = [*self._PLAIN, *(["--disablerepo=*"] if alone else [])]
        checked(node, [self.PROGRAM, "--assumeyes", "--quiet", *options, "install", *wanted])

    def repositories(self, node):
        """Return what the node can ask for packages, as text."""
        return node.run([self.PROGRAM, "--quiet", "repolist"]).out.strip()

    def files(self, node, paths):
        """Return a PackageFile for each of the files that suit the architecture of the node."""
        own = node.check(["uname", "-m"]).strip()
        found = [_read(node, path) for path in paths]
        return [item for item in found if item.arch in (own, "noarch")]


def _read(node, path):
    argv = ["rpm", "--query", "--package", "--nosignature", "--queryformat", _QUERY, path]
    name, arch, provides, requires = node.check(argv).split("\t")
    # Features of rpm itself, and conditions, which dnf looks at.
    needed = [[item] for item in requires.split("\n") if item and not item.startswith(("rpmlib(", "("))]
    return PackageFile(path, name, arch, set(filter(None, provides.split("\n"))), needed)
