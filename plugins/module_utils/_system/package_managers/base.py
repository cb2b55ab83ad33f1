# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a package manager has to do for the collection. Private to the collection.

A new one is a subclass in a file of its own and its line in the registry.
"""

from typing import List, NamedTuple, Set

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.said import said

# Seconds. A mirror of a site behind a slow line, and other package managers that hold the lock for a while.
TIMEOUT = 1800


class PackageFile(NamedTuple):
    """A file with a package.

    :ivar arch: as the package manager writes it.
    :ivar provides: names that the package stands in for.
    :ivar requires: what it depends on, [[name, or another name that does as well]], without versions.
    """

    path: str
    name: str
    arch: str
    provides: Set[str]
    requires: List[List[str]]


class Preview(NamedTuple):
    """What an installation would do to packages that are installed already.

    :ivar removed: their names, those included that something obsoletes.
    :ivar changed: others that would get another version, name and versions in words.
    """

    removed: List[str]
    changed: List[str]


class PackageManager:
    """A package manager; ``node`` is a Node everywhere.

    :cvar FAMILY: the package family that it belongs to, the key of packages in vars/system_tools.yml.
    :cvar PROGRAM: the command by which it is known to be there.
    :cvar SUFFIX: of package files.
    """

    FAMILY = PROGRAM = SUFFIX = ""

    def absent(self, node, names):
        """Return those of the packages that are not installed (list of str)."""
        raise NotImplementedError

    def installed(self, node):
        """Return what is installed, names with versions (set of str), None where that cannot be told."""
        raise NotImplementedError

    def repair(self, node):
        """End what a run left that was killed while packages were unpacked; by default there is nothing to do."""

    def refresh(self, node):
        """Fetch the lists of packages; return what went wrong (str). The lists that are there may do all the same.

        By default there is nothing to do: a package manager that looks itself whether its lists are old.
        """
        return ""

    def unfinished(self, node):
        """Return the packages that were never installed to their end (list of str); by default none are left so."""
        return []

    def preview(self, node, wanted, alone, cached=False):
        """Ask what an installation would do, and change nothing.

        :arg cached: keep to the lists of packages that the node has, and do not touch its caches.
        :return: a Preview; by default nothing of what is installed changes.
        :raises NodeError: if the package manager refuses it, with what it said.
        """
        return Preview([], [])

    def install(self, node, wanted, alone):
        """Install packages in one transaction.

        :arg wanted: names, or paths with alone=True. :arg alone: whether no repository is asked.
        :return: what the package manager said of packages that it left out, '' for nothing.
        :raises NodeError: with what the package manager said.
        """
        raise NotImplementedError

    def hidden(self, node, names):
        """Return which of the packages a setting of the node hides although a repository may have them.

        :return: {name: where that is said}; by default none is known.
        """
        return {}

    def repositories(self, node):
        """Return what the node can ask for packages, as text."""
        raise NotImplementedError

    def files(self, node, paths):
        """Return a PackageFile for each of the files that suit the architecture of the node."""
        raise NotImplementedError


def listed(node, argv):
    """Return the lines that a command prints, None where it fails."""
    try:
        done = node.run(argv)
    except NodeError:  # something else holds its database
        return None
    return done.out.splitlines() if done.rc == 0 else None


def checked(node, argv):
    """Run a package manager and return what it left (Completed).

    :raises NodeError: with what it said, if it fails.
    """
    done = node.run(argv, timeout=TIMEOUT)
    if done.rc != 0:
        raise NodeError(said(done))
    return done
