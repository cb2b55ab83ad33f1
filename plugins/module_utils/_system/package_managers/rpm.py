# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dnf and yum share: rpm. Private to the collection."""

import fnmatch
import re
from typing import Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import (
    TIMEOUT,
    PackageFile,
    PackageManager,
    Preview,
    checked,
    listed,
)
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.said import partly, said

# How a question ends that is answered with no: of dnf, dnf 5 and yum 3.
_DECLINED = re.compile(r"Operation aborted|Exiting on user command|Transaction declined")
_SECTION = re.compile(r"^([A-Z][A-Za-z /()-]*):[ \t]*\Z")
# Of the sections of a transaction: "Removing", "Removing dependent packages", "Updating for dependencies".
_GOES = ("Removing",)
_CHANGES = ("Upgrading", "Updating", "Downgrading")
_ENTRY = re.compile(r"^ (\S+)(?: +\S+ +(\S+))?")
# "     replacing  site-relay.noarch 1.0-1" below what obsoletes it.
_REPLACING = re.compile(r"^ +replacing +(\S+?)(?:\.(?:noarch|x86_64|aarch64|i[3-6]86))?[ \t]")
_EXCLUDES = re.compile(r"^[ \t]*(?:exclude|excludepkgs)[ \t]*=[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_SETTINGS = ("/etc/dnf/dnf.conf", "/etc/yum.conf", "/etc/yum.repos.d/*.repo")
_QUERY = "%{NAME}\\t%{ARCH}\\t[%{PROVIDENAME}\\n]\\t[%{REQUIRENAME}\\n]"


class Rpm(PackageManager):
    """A package manager of rpm packages.

    rpm itself ends or undoes what was interrupted, so there is nothing to repair. They look themselves whether their
    lists are old.
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

    def preview(self, node, wanted, alone, cached=False):
        """Ask what an installation would do, answer no, and change nothing.

        :raises NodeError: if it is refused, or would leave out a package, with what was said.
        """
        options = [*self._options(alone), *(["-C"] if cached else [])]
        done = node.run([self.PROGRAM, "--assumeno", *options, "install", *wanted], timeout=TIMEOUT)
        declined = _DECLINED.search(done.out + done.err)
        left_out = partly(done)
        if left_out or (done.rc != 0 and not declined):
            raise NodeError(left_out if done.rc == 0 or declined else said(done))
        return transaction(done.out)

    def install(self, node, wanted, alone):
        """Install packages (names, or paths with alone=True) in one transaction.

        :raises NodeError: with what the package manager said.
        """
        # Not --quiet: which setting hides a package is said as information only.
        return partly(checked(node, [self.PROGRAM, "--assumeyes", *self._options(alone), "install", *wanted]))

    def _options(self, alone):
        return [*self._PLAIN, *(["--disablerepo=*"] if alone else [])]

    def hidden(self, node, names):
        """Return which of the packages an exclude of the configuration hides, {name: where that is said}."""
        found = {}
        for path in (path for pattern in _SETTINGS for path in node.glob(pattern)):
            for value in _EXCLUDES.findall(node.read(path) or ""):
                for pattern in re.split(r"[\s,]+", value.strip()):
                    found.update((name, f"{pattern} in {path}") for name in fnmatch.filter(names, pattern))
        return found

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


def transaction(text):
    """Return the Preview in the table that dnf and yum print before they ask."""
    section, removed, changed = "", [], []
    for line in text.splitlines():
        heading, replacing, entry = _SECTION.match(line), _REPLACING.match(line), _ENTRY.match(line)
        if heading or line.startswith("Transaction Summary"):
            section = heading.group(1) if heading else ""
        elif section and replacing:
            removed.append(replacing.group(1))
        elif entry and section.startswith(_GOES):
            removed.append(entry.group(1))
        elif entry and section.startswith(_CHANGES):
            changed.append(" to ".join(filter(None, entry.groups())))
    return Preview(removed, changed)


class Dnf(Rpm):
    """dnf, of EL 8 and later."""

    PROGRAM = "dnf"
    # iproute would bring iproute-tc, and crontabs a mail server; strict=0 of a site would leave out what is missing.
    _PLAIN = ("--setopt=install_weak_deps=False", "--setopt=strict=True")


class Yum(Rpm):
    """yum, of EL 7."""

    PROGRAM = "yum"
    # Else it installs what it finds, leaves out what it does not, and ends with 0.
    _PLAIN = ("--setopt=skip_missing_names_on_install=False", "--setopt=skip_broken=False")
