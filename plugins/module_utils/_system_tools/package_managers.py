# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package managers: what is installed, what a file brings, install. Private to the collection.

Both have the same functions. The commands themselves are run and not their Python bindings, which are made for one
Python of the system only.
"""

import collections
import re
import time

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import os

# Seconds. A mirror of a site behind a slow line, and other package managers that hold the lock for a while.
TIMEOUT = 1800
_LOCK_TIMEOUT = 300

# name: of the package. arch: as the package manager writes it. provides: names that it stands in for (set of str).
# requires: what it depends on, [[name, or another name that does as well]], without versions.
PackageFile = collections.namedtuple("PackageFile", "path name arch provides requires")


class Apt:
    """apt-get and dpkg."""

    SUFFIX = ".deb"
    # No question is asked, a file of the site is kept as it is, and no service of the site is restarted (needrestart).
    _GET = [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "NEEDRESTART_SUSPEND=1",
        "apt-get",
        "--assume-yes",
        "--quiet",
        "--no-install-recommends",
        "-o",
        "Dpkg::Options::=--force-confdef",
        "-o",
        "Dpkg::Options::=--force-confold",
    ]
    # The repositories of the node are not asked; its own lists of packages stay as they are.
    _ALONE = [
        "-o",
        "Dir::Etc::SourceList=/dev/null",
        "-o",
        "Dir::Etc::SourceParts=/dev/null",
        "-o",
        "Dir::Cache::PkgCache=",
        "-o",
        "Dir::Cache::SrcPkgCache=",
    ]

    def absent(self, node, names):
        """Return those of the packages that are not installed (list of str)."""
        if not names:
            return []
        done = node.run(["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\\n", *list(names)])
        there = {line[len("installed ") :] for line in done.out.splitlines() if line.startswith("installed ")}
        return [name for name in names if name not in there]

    def installed(self, node):
        """Return what is installed, names with versions (set of str), None where that cannot be told."""
        lines = _listed(node, ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package} ${Version}\\n"])
        return None if lines is None else {line for line in lines if not line.startswith("config-files ")}

    def repair(self, node):
        """End what a run left that was killed while packages were unpacked."""
        node.run(
            [
                "env",
                "DEBIAN_FRONTEND=noninteractive",
                "dpkg",
                "--force-confdef",
                "--force-confold",
                "--configure",
                "--pending",
            ],
            timeout=TIMEOUT,
        )

    def refresh(self, node):
        """Fetch the lists of packages; return what went wrong (str). The lists that are there may do all the same."""
        done = _patient(node, [*self._GET, "update"])
        return "" if done.rc == 0 else _said(done)

    def removals(self, node, wanted, alone):
        """Return the packages that an installation would take away.

        :raises NodeError: if it cannot be done at all.
        """
        out = _checked(node, [*self._command(wanted, alone), "--simulate"])
        return [line.split()[1] for line in out.splitlines() if line.startswith("Remv ")]

    def install(self, node, wanted, alone):
        """Install packages (names, or paths with alone=True) in one transaction.

        :raises NodeError: with what the package manager said.
        """
        done = _patient(node, self._command(wanted, alone))
        if done.rc != 0:
            raise NodeError(_said(done))

    def _command(self, wanted, alone):
        return self._GET + (self._ALONE if alone else []) + ["install"] + list(wanted)

    def repositories(self, node):
        """Return what the node can ask for packages, as text."""
        done = node.run(
            ["apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)", "Created-By: Packages"]
        )
        return "\n".join(sorted(set(done.out.split())))

    def files(self, node, paths):
        """Return a PackageFile for each of the files that suit the architecture of the node."""
        own = node.check(["dpkg", "--print-architecture"]).strip()
        found = []
        for path in paths:
            name, arch, provides, requires = node.check(
                [
                    "dpkg-deb",
                    "--show",
                    "--showformat",
                    "${Package}\\t${Architecture}\\t${Provides}\\t${Pre-Depends},${Depends}",
                    path,
                ]
            ).split("\t")
            stands_for = {word for words in _relation(provides) for word in words}
            found.append(PackageFile(path, name, arch, stands_for, _relation(requires)))
        return [item for item in found if item.arch in (own, "all")]


class Rpm:
    """dnf, or yum where there is no dnf."""

    SUFFIX = ".rpm"

    def absent(self, node, names):
        """Return those of the packages that are not installed; what a package merely provides counts (list of str)."""
        # iptables-nft is what brings ebtables to EL 9.
        return [name for name in names if node.run(["rpm", "--query", "--whatprovides", name]).rc != 0]

    def installed(self, node):
        """Return what is installed, names with versions (set of str), None where that cannot be told."""
        lines = _listed(node, ["rpm", "--query", "--all"])
        return None if lines is None else set(lines)

    def repair(self, node):
        """There is nothing to do: rpm itself ends or undoes what was interrupted."""

    def refresh(self, node):
        """There is nothing to do: dnf and yum look themselves whether their lists are old; return ''."""
        return ""

    def removals(self, node, wanted, alone):
        """Return []: dnf and yum take nothing away for what they install unless they are told to."""
        return []

    def install(self, node, wanted, alone):
        """Install packages (names, or paths with alone=True) in one transaction.

        :raises NodeError: with what the package manager said.
        """
        program = "dnf" if os.which(node, "dnf") else "yum"
        # iproute would bring iproute-tc, and crontabs a mail server.
        plain = ["--setopt=install_weak_deps=False"] if program == "dnf" else []
        alone = ["--disablerepo=*"] if alone else []
        _checked(node, [program, "--assumeyes", "--quiet", *plain, *alone, "install", *list(wanted)])

    def repositories(self, node):
        """Return what the node can ask for packages, as text."""
        program = "dnf" if os.which(node, "dnf") else "yum"
        return node.run([program, "--quiet", "repolist"]).out.strip()

    def files(self, node, paths):
        """Return a PackageFile for each of the files that suit the architecture of the node."""
        own = node.check(["uname", "-m"]).strip()
        found = []
        for path in paths:
            name, arch, provides, requires = node.check(
                [
                    "rpm",
                    "--query",
                    "--package",
                    "--nosignature",
                    "--queryformat",
                    "%{NAME}\\t%{ARCH}\\t[%{PROVIDENAME}\\n]\\t[%{REQUIRENAME}\\n]",
                    path,
                ]
            ).split("\t")
            # Features of rpm itself, and conditions, which dnf looks at.
            needed = [[item] for item in requires.split("\n") if item and not item.startswith(("rpmlib(", "("))]
            found.append(PackageFile(path, name, arch, set(filter(None, provides.split("\n"))), needed))
        return [item for item in found if item.arch in (own, "noarch")]


MANAGERS = {"debian": Apt(), "redhat": Rpm()}


def _patient(node, argv, clock=time.monotonic, sleep=time.sleep):
    """Run apt-get, again while another package manager holds one of its locks (updates at boot); return a Completed."""
    # It has an option for that from 1.9.11 on only, and not for the lock of the lists.
    end = clock() + _LOCK_TIMEOUT
    while True:
        done = node.run(argv, timeout=TIMEOUT)
        if done.rc == 0 or "Could not get lock" not in done.err or clock() >= end:
            return done
        sleep(3)


def _listed(node, argv):
    try:
        done = node.run(argv)
    except NodeError:  # something else holds its database
        return None
    return done.out.splitlines() if done.rc == 0 else None


def _checked(node, argv):
    done = node.run(argv, timeout=TIMEOUT)
    if done.rc != 0:
        raise NodeError(_said(done))
    return done.out


def _relation(text):
    """Return a relation of Debian's packages, 'a (>= 1) | b, c:any', as [['a', 'b'], ['c']]."""
    groups = [[re.split(r"[ (:]", word.strip())[0] for word in group.split("|")] for group in text.split(",")]
    return [names for names in groups if names != [""]]


def _said(done):
    """Return the lines of a command that speak of errors; all of its last ones where none does."""
    lines = [line.strip() for line in (done.err + "\n" + done.out).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E:", "Error", "No package", "No match", "Problem"))]
    return "; ".join(errors or lines[-5:]) or f"it ended with status {int(done.rc)} and said nothing"
