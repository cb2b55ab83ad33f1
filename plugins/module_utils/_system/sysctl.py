# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files of sysctl set at boot, see sysctl.d(5). Private to the collection. Only reads."""

import collections
import fnmatch
import re
from typing import NamedTuple

# A file hides those of its name in later directories; among the rest the later name wins, and sysctl.conf is last.
_DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d")
_LAST = "/etc/sysctl.conf"
_SWAPPED = str.maketrans("./", "/.")


class Setting(NamedTuple):
    """What a file sets a key to."""

    value: str
    path: str


def at_boot(node):
    """Return {key with slashes, which may have wildcards: Setting that wins}."""
    files = {}
    for directory in _DIRECTORIES:
        for name in node.listdir(directory):
            if name.endswith(".conf"):
                files.setdefault(name, f"{directory}/{name}")
    found = collections.OrderedDict()
    paths = [files[name] for name in sorted(files)]
    # Where a link of the directory has it, it is read in the place of the link alone.
    linked = any(node.link_target(path).endswith("/sysctl.conf") for path in paths)
    for path in paths + ([] if linked else [_LAST]):
        for line in (node.read(path) or "").splitlines():
            key, equals, value = line.partition("=")
            if equals and not key.lstrip().startswith(("#", ";")):
                name = _with_slashes(key.strip().lstrip("-"))
                found.pop(name, None)
                # The kernel takes a number and lets pass what follows it, as a comment.
                found[name] = Setting((value.split() or [""])[0], path)
    return found


def setting(settings, key):
    """Return the Setting of a key (with slashes), None where none is; its own goes before one with wildcards."""
    if key in settings:
        return settings[key]
    fitting = [pattern for pattern in settings if fnmatch.fnmatchcase(key, pattern)]
    return settings[fitting[-1]] if fitting else None


def _with_slashes(key):
    """Return a key as a path below /proc/sys; its first separator says which of the two it is written with."""
    first = re.search(r"[./]", key)
    return key.translate(_SWAPPED) if first and first.group(0) == "." else key
