# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about what a package manager said, by its kind. Private to the collection. Pure.

A kind is a row of KINDS: how it is said, and what helps. Several can be true at once, and all of them are named.
"""

import re
from typing import List, NamedTuple, Pattern

# Where to get packages from is the answer to some, and to what is of no known kind.
_ELSEWHERE = "or provide the packages with the run (system_tools_source)"
_MISSING = (
    "configure a repository on the node that has these packages and is reachable (a mirror of the site, or through a "
    "proxy), provide the packages with the run (system_tools_source), or install them by hand"
)

_FILES = "provide the packages for this system and their dependencies, or install them by hand"


class Kind(NamedTuple):
    """A kind of failure.

    :ivar pattern: how it is said; what its groups find stands for {names} in the remedy.
    :ivar source: whether packages from elsewhere would help.
    """

    name: str
    pattern: Pattern[str]
    remedy: str
    source: bool = False


def _kind(name, pattern, remedy, source=False):
    return Kind(name, re.compile(pattern), remedy, source)


KINDS = (
    _kind(
        "decide",
        r"would remove \S|would result in removing|Packages were downgraded|Essential packages were removed",
        "decide which of them this node needs, and remove or install it by hand",
    ),
    _kind(
        "sources",
        r"list of sources could not be read|The method driver \S+ could not be found",
        "fix what the message names in /etc/apt/sources.list or /etc/apt/sources.list.d, or remove it",
        source=True,
    ),
    _kind(
        "lock",
        r"Could not get lock (\S+[^;]*)|Unable to acquire the dpkg frontend lock|Another app is currently holding|"
        r"Existing lock (\S+)|Failed to obtain .*lock|[Cc]an't create transaction lock",
        "another package manager runs on this node: wait until it ends, or find out why it hangs ({names})",
    ),
    _kind("interrupted", r"dpkg was interrupted", "run 'dpkg --configure -a' on the node and fix what it reports"),
    _kind(
        "held",
        r"held packages will be changed: ([^;]+)|Held packages were changed",
        "packages are held on this node ('apt-mark showhold'): if they may be installed, run 'apt-mark unhold {names}'",
    ),
    _kind(
        "excluded",
        r"filtered out by exclude filtering for argument: (\S+?)(?:;|\Z)|package (\S+) is filtered out by exclude "
        r"filtering|'(\S+)' matches only excluded packages",
        "excludes in the configuration of the package manager hide {names}: remove them from excludepkgs or exclude, "
        "add them to includepkgs if that is set (/etc/dnf/dnf.conf, /etc/yum.conf, /etc/yum.repos.d), or remove the "
        "lock of the plugin versionlock",
    ),
    _kind(
        "module",
        r"filtered out by modular filtering for argument: (\S+?)(?:;|\Z)|package (\S+) is filtered out by modular",
        "a module stream hides {names}: enable the stream that has it ('dnf module list', 'dnf module enable "
        "NAME:STREAM'; if another stream of it is enabled, 'dnf module reset NAME' first)",
    ),
    _kind(
        "in its place",
        r"is obsoleted by (\S+) which is already installed|installed package (\S+) obsoletes|"
        r"Package \"?(\S+?)\"? (?:is )?already installed",
        "an installed package obsoletes it ({names}): decide which of the two this node needs; 'dnf swap' replaces one "
        "with the other",
    ),
    _kind(
        "obsoleted",
        r"Package (\S+ is obsoleted by \S+?)(?:[,;]|\Z)",
        "another package replaced it ({names}): install the one that this node needs by hand",
    ),
    _kind(
        "conflict",
        r"conflicts with file from package ([^\s;]+)|which is also in package (\S+)|conflicts with \S+ provided by "
        r"(\S+)"
        r"|Conflicts:? (\S+)|Breaks:? (\S+)|conflicts with",
        "a package of this node conflicts with it ({names}): decide which of the two it needs, and remove the other "
        "by hand",
    ),
    _kind(
        "broken",
        r"Errors were encountered while processing: ([^;]+)|not completely installed: ([^;]+)|"
        r"Error in \w+ scriptlet in rpm package ([^\s;]+)",
        "find out why {names} cannot be configured ('dpkg --configure -a' or the output of its scriptlet shows it), "
        "and fix or remove it",
    ),
    _kind(
        "behind",
        r"not valid yet|not yet (?:valid|activated)|in the future|[Nn]ot [Ll]ive [Uu]ntil|NotYetValid",
        "the clock of this node is behind ('date -u'): set it first ('date -u -s \"YYYY-MM-DD hh:mm:ss\"', or the "
        "hardware clock); chrony cannot be installed until then",
    ),
    _kind(
        "expired",
        r"Release file .*is expired|has expired|EXPKEYSIG|invalid since|signatures? .*expired",
        "compare 'date -u' with a trusted clock: if the clock of this node is ahead, set it; if it is right, the "
        "metadata, key or certificate of the repository has expired and must be renewed",
        source=True,
    ),
    _kind(
        "proxy",
        r"\b407\b|[Rr]esolve proxy|from proxy|Proxy CONNECT|[Pp]roxy error|proxy server",
        "the proxy of the package manager refuses the request or is unreachable: check its address and password "
        "(Acquire::http::Proxy in /etc/apt/apt.conf.d; proxy in /etc/dnf/dnf.conf or /etc/yum.conf)",
        source=True,
    ),
    _kind(
        "registration",
        r"not registered with an entitlement|Unable to read consumer identity|no enabled repositor",
        "register this node (subscription-manager register) or enable a repository",
        source=True,
    ),
    _kind(
        "certificate",
        r"[Cc]ertificate verif\w+ failed|local issuer|SSL certificate problem(?!: certificate (?:is not yet|has exp))|"
        r"issuer is unknown|certificate is NOT trusted|[Ss]elf.signed certificate",
        "install on this node the CA certificate of the repository or of the TLS-inspecting device",
        source=True,
    ),
    _kind(
        "unsigned",
        r"Package (\S+) is not signed|PGP check for package \"(\S+)\".*package is not signed",
        "packages of the repository are not signed ({names}): sign them, use a repository with signed packages, or set "
        "gpgcheck=0 for this repository if you trust it without",
        source=True,
    ),
    _kind(
        "unsigned metadata",
        r"GPG signature is not available",
        "the repository does not sign its metadata: sign it, or set repo_gpgcheck=0 for this repository if you trust "
        "it without",
        source=True,
    ),
    _kind(
        "key",
        r"NO_PUBKEY|(?<!is not signed; Error: )GPG check FAILED|Public key for \S+ is not installed|"
        r"repository '[^']*' is not signed|GPG key|BADSIG|PGP check(?!.*package is not signed)|Couldn't open file "
        r"\S*(?:[Kk][Ee][Yy]|GPG)|Problem repository|couldn't be verified|[Nn]o public key|Failing package|"
        r"unauthenticated packages",
        "import the GPG key of the repository (rpm --import; signed-by in /etc/apt/sources.list.d), or use a "
        "repository with signed packages",
        source=True,
    ),
    _kind(
        "unreachable",
        r"(?:Could not|Couldn't|Cannot|Can't|Unable to|Temporary failure|Failed to) "
        r"(?:connect|resolv(?!e the trans))|[Tt]ime(?:d out|out)|"
        r"Connection (?:refused|failed|reset)|No route to host|[Nn]etwork is unreachable|Cannot initiate the "
        r"connection|TLS connection was non-properly|"
        r"Curl error \((?:5|6|7|28|35|56)\)|valid baseurl",
        "a repository is unreachable from this node: check address, name, route and firewalls on the path, or "
        "configure a mirror of the site",
        source=True,
    ),
    _kind(
        "stale",
        r"Error opening \S+\.rpm: No such file|Status code: 404 for \S+\.rpm|Cannot download \S+\.rpm|"
        r"\S+: Cannot download, all mirrors|"
        r"has incorrect checksum|\.rpm: \[Errno 14\]",
        "the package lists on the node may be older than the repository: run 'dnf clean expire-cache' (or 'yum clean "
        "expire-cache')",
        source=True,
    ),
    _kind(
        "repository",
        r"[Ff]ailed to download metadata for repo '([^';]+)'|[Rr]epository '([^']+)' (?:does not|no longer|is "
        r"not|changed)"
        r"|Failure: repodata/repomd.xml from (\S+?):|\b404\b *Not Found|HTTP Error 4\d\d|Status code: [45]\d\d|"
        r"Hash Sum mismatch|File not found|Couldn't read a file|Error opening \S+: No such file|"
        r"\b403\b *Forbidden|All mirrors were tried|unexpected size|checksum doesn't match|from "
        r"local repository \"([^\"]+)\" has incorrect checksum|Cannot prepare internal",
        "fix the broken repository ({names}), or disable it if it is not needed",
        source=True,
    ),
    _kind(
        "space",
        r"No space left on device|enough free space|needs \d+ ?[KMG]i?B? (?:more space )?on the|Disk "
        r"[Rr]equirements|quota",
        "free space on the full file system ('df -h')",
    ),
    _kind("read only", r"[Rr]ead-only file system", "make the file system writable ('findmnt -O ro')"),
    _kind(
        "database",
        r"rpmdb|BDB\d|database disk image is malformed|Packages database|rpmdb open failed|status database area|"
        r"package cache file is corrupted|"
        r"lists or status file could not be parsed",
        "repair the package database ('rpm --rebuilddb', or restore /var/lib/dpkg/status), or download the lists "
        "again ('rm -r /var/lib/apt/lists', 'apt-get update')",
    ),
    _kind("root", r"[Aa]re you root|superuser privileges", "run as root (become: true)"),
    _kind(
        "dependency",
        r"unmet dependencies|nothing provides|held broken packages|Requires: |not installable|requires \S+.*, but none|"
        r"Protected multilib versions",
        "a dependency is not available: configure the repository of the node's own release that has it, or fix the "
        "reported problem",
        source=True,
    ),
    _kind(
        "missing",
        r"Unable to locate package|no installation candidate|Unable to find a match|No match|No package|Nothing to do|"
        r"Cache-only enabled|no cache for",
        _MISSING,
    ),
)
# What is only the consequence of another kind.
_CONSEQUENCES = ("missing", "dependency")
# What fetching the lists of packages can change.
_OF_THE_LISTS = {"missing", "dependency", "unreachable", "repository"}


def kinds(text):
    """Return the kinds that a text speaks of, in the order of KINDS; the consequence of another is left out."""
    found = [kind for kind in KINDS if kind.pattern.search(text)]
    reasons = [kind for kind in found if kind.name not in _CONSEQUENCES]
    return reasons or found[:1]


def of_the_lists(text):
    """Return whether what was said may only be true of old lists of packages."""
    found = {kind.name for kind in kinds(text)}
    return bool(found) and found <= _OF_THE_LISTS


def remedies(text, hidden):
    """Return what to do (list of str).

    :arg text: what was said. :arg hidden: {package: the setting of the node that hides it}.
    """
    found = kinds(text)
    if hidden:
        found = [kind for kind in found if kind.name not in _CONSEQUENCES]
        # The setting itself is named.
        found = [kind for kind in found if kind.name != "excluded" or not set(_names(kind, text)) <= set(hidden)]
    lines = [*_of_settings(hidden), *(_fill(kind, text) for kind in found)]
    if not lines:
        return [_MISSING]
    return [*lines, _ELSEWHERE] if any(kind.source for kind in found) else lines


def asks_where(lines):
    """Return whether it matters for what is to be done which repositories a node has."""
    return _MISSING in lines or _ELSEWHERE in lines


def remedies_of_files(text, hidden):
    """Return what to do (list of str) where packages came as files: no repository helps there.

    :arg hidden: {package: the setting of the node that hides it}: a file of it is not found then.
    """
    said = kinds(text)
    found = [kind for kind in said if kind.name not in _CONSEQUENCES and not kind.source]
    shown = hidden if "missing" in [kind.name for kind in said] else {}
    return [*_of_settings(shown), *(_fill(kind, text) for kind in found)] or [_FILES]


def _of_settings(hidden):
    return [f"{name} is hidden by {where}: change that setting" for name, where in sorted(hidden.items())]


def _fill(kind, text):
    """Return the remedy of a kind with the names that the text has for it."""
    return kind.remedy.replace("{names}", " ".join(_names(kind, text))).replace(" ()", "").rstrip()


def _names(kind, text):
    names: List[str] = []
    for match in kind.pattern.finditer(text):
        names += [name.strip() for name in match.groups() if name and name.strip() not in names]
    return names
