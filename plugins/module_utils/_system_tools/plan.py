# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an installation of tools would do, and what hinders it. Private to the collection. Pure."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import tools


def problems(seen):
    """Return what hinders an installation before it is tried, a list of sentences."""
    found = []
    if seen.read_only:
        found.append(
            f"{', '.join(seen.read_only)} is on a file system that is mounted read-only, so no package can be "
            "installed; find out why ('findmnt -O ro', dmesg) and mount it writable"
        )
    broken = tools.broken(seen.lacking)
    if broken:
        found.append(
            f"{' '.join(broken)} is installed, but its files are missing, so the package manager has nothing to do; "
            "reinstall it by hand"
        )
    unknown = [item.tool for item in seen.lacking if not item.packages]
    if unknown:
        system = seen.release.get("PRETTY_NAME") or seen.release.get("ID", "")
        found.append(
            f"{', '.join(unknown)}: the package that provides it on this system ({system}) is unknown; install it by "
            "hand"
        )
    return found


def diff(lacking, foreseen):
    """Return the diff of an installation.

    :arg foreseen: a Preview: which packages give way to it or get another version.
    """
    allowed = [name for item in lacking for name in item.replaced if name in foreseen.removed]
    before = [f"{item.tool}: missing" for item in lacking] + [f"{name}: installed" for name in allowed]
    after = [f"{item.tool}: usable ({' '.join(item.absent)})" for item in lacking]
    changed = [f"other version: {words}" for words in foreseen.changed]
    return _text(before, after + [f"{name}: removed" for name in allowed] + changed)


def diff_back(names):
    """Return the diff of a reset that installs packages again."""
    return _text([f"{name}: removed" for name in names], [f"{name}: installed" for name in names])


def _text(before, after):
    header = "tools of the node"
    return {
        "before": "\n".join(before) + "\n",
        "after": "\n".join(after) + "\n",
        "before_header": header,
        "after_header": header,
    }
