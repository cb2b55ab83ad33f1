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
    Preview,
    checked,
    listed,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.said import partly, said, warnings

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
# Neither is the cache of them, which apt-get writes anew otherwise.
_CACHED = ["-o", "Dir::Cache::PkgCache=", "-o", "Dir::Cache::SrcPkgCache="]
_REPAIR = [
    *("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--force-confdef", "--force-confold", "--configure", "--pending")
]
# "Inst libc6 [2.36-9] (2.36-10 Debian:12 [amd64])"; without the first bracket it is new.
_INST = re.compile(r"^Inst (\S+) \[(\S+)\] \((\S+)", re.MULTILINE)
_REMV = re.compile(r"^(?:Remv|Purg) (\S+)", re.MULTILINE)
_UNFINISHED = ("half-configured ", "half-installed ", "unpacked ")
# A paragraph of 'apt-cache policy' begins with "socat:"; "     1.7.4 -1" is a version and its priority.
_POLICY = re.compile(r"^(\S+):\n((?:[ \t].*\n?)*)", re.MULTILINE)
_HIDDEN = re.compile(r"^ +(?:\*\*\*)? *\S+ -\d+ *$", re.MULTILINE)
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
        # It ends with 0 although a repository could not be reached, and says so in a warning.
        return warnings(patient(node, [*_GET, "update"]))

    def unfinished(self, node):
        """Return the packages that were never installed to their end (list of str)."""
        lines = self.installed(node) or ()
        return sorted(line.split()[1] for line in lines if line.startswith(_UNFINISHED))

    def preview(self, node, wanted, alone, cached=False):
        """Ask what an installation would do, and change nothing.

        :raises NodeError: if apt-get refuses it, with what it said.
        """
        out = checked(node, [*_install(wanted, alone, _CACHED if cached else []), "--simulate"]).out
        return Preview(_REMV.findall(out), ["{} {} to {}".format(*found) for found in _INST.findall(out)])

    def install(self, node, wanted, alone):
        """Install packages (names, or paths with alone=True) in one transaction.

        :raises NodeError: with what the package manager said.
        """
        done = patient(node, _install(wanted, alone))
        if done.rc != 0:
            raise NodeError(said(done))
        return partly(done)

    def hidden(self, node, names):
        """Return which of the packages a pin hides, {name: where that is said}."""
        found = _POLICY.findall(node.run(["apt-cache", "policy", *names]).out) if names else []
        # "Candidate: (none)" alone is also what is said of a package that no repository has.
        return {
            name: "a pin in /etc/apt/preferences or /etc/apt/preferences.d"
            for name, text in found
            if "Candidate: (none)" in text and _HIDDEN.search(text)
        }

    def repositories(self, node):
        """Return what the node can ask for packages, as text."""
        argv = ["apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)", "Created-By: Packages"]
        return "\n".join(sorted(set(node.run(argv).out.split())))

    def files(self, node, paths):
        """Return a PackageFile for each of the files that suit the architecture of the node."""
        own = node.check(["dpkg", "--print-architecture"]).strip()
        found = [_read(node, path) for path in paths]
        return [item for item in found if item.arch in (own, "all")]


def _install(wanted, alone, options=()):
    return [*_GET, *(_ALONE if alone else []), *options, "install", *wanted]


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
