# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the tools that a node lacks, and takes back what had to give way to them. Private to the collection."""

import collections

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import tools
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import archive
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools.observe import manifest_of

# How many packages a message names.
_SHOWN = 8


def present(node, wanted_tools, seen, folder=None):
    """Install what is missing in one transaction; return the packages that gave way.

    :arg folder: paths of package files, or None to ask the repositories of the node.
    :raises NodeError: if it cannot be done; with what was asked, and what has been changed all the same.
    """
    manager, manifest = seen.manager, manifest_of(node)
    names = tools.wanted(seen.lacking)
    if seen.manifest.get("pending"):
        manager.repair(node)
    said = "" if folder is not None else manager.refresh(node)
    allowed = [name for item in seen.lacking for name in item.replaced]
    before = manager.installed(node)
    try:
        wanted = names if folder is None else _of_folder(node, seen, folder)
        gone = manager.removals(node, wanted, alone=folder is not None)
        _refuse([name for name in gone if name not in allowed])
        known = {
            "replaced": _union(seen.manifest.get("replaced"), [name for name in allowed if name in gone]),
            "installed": _union(seen.manifest.get("installed"), names),
        }
        manifest.store(dict(known, pending=True))
        _install(node, manager, wanted, folder, manifest, seen, before)
    except NodeError as error:
        raise _failure(node, manager, before, names, [said, str(error)], folder) from None
    still = [tool["name"] for tool in wanted_tools if not tools.usable(node, tool)]
    if still:
        raise NodeError(
            f"{', '.join(still)} cannot be used although {' '.join(names)} was installed; see what the package manager "
            "says of it",
            changed=True,
        )
    _keep(manifest, dict(known, pending=False))
    return [name for name in allowed if name in gone]


def absent(node, manager, known):
    """Install again what gave way, in the place of what took its place; forget it then.

    :arg known: what the manifest says.
    :raises NodeError: if it cannot be had, with what has been changed all the same.
    """
    names = manager.absent(node, known.get("replaced", []))
    if names:
        said, before = manager.refresh(node), manager.installed(node)
        try:
            gone = manager.removals(node, names, alone=False)
            _refuse([name for name in gone if name not in known.get("installed", [])])
            manager.install(node, names, alone=False)
        except NodeError as error:
            raise _failure(node, manager, before, names, [said, str(error)], None) from None
    manifest_of(node).forget()


def _install(node, manager, wanted, folder, manifest, seen, before):
    try:
        manager.install(node, wanted, alone=folder is not None)
    except NodeError:
        # A transaction that was refused has changed nothing. One that broke off has: then what is gone is remembered,
        # and that the next run has something to repair.
        gone = any(manager.absent(node, item.replaced) for item in seen.lacking)
        if not gone and (before is None or before == manager.installed(node)):
            _keep(manifest, seen.manifest)
        raise


def _keep(manifest, content):
    """Remember what gave way, or nothing where nothing did."""
    if content.get("replaced"):
        manifest.store(content)
    else:
        manifest.forget()


def _refuse(gone):
    if gone:
        raise NodeError(
            f"the package manager would take away {' '.join(gone)} for it; decide which of them this node needs, and "
            "remove or install it by hand"
        )


def _of_folder(node, seen, folder):
    wanted = tools.wanted(seen.lacking)
    return archive.select(seen.manager.files(node, folder), wanted, lambda names: seen.manager.absent(node, names))


def _union(one, other):
    return list(collections.OrderedDict.fromkeys(list(one or []) + list(other)))


def _failure(node, manager, before, names, said, folder):
    """Return the NodeError of an installation that failed.

    :arg before: what was installed before it, None where that was not known.
    """
    after = manager.installed(node) if before is not None else None
    if after is None:
        left, changed = "What has been changed is not known: the package manager does not say what is installed", True
    else:
        other = sorted(before ^ after)
        changed, left = bool(other), _left(other)
    return NodeError(f"{_explain(node, manager, names, said, folder)} {left}.", changed=changed)


def _left(changes):
    if not changes:
        return "Nothing has been changed"
    more = f" and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    return f"It broke off half-way: changed are {', '.join(changes[:_SHOWN])}{more}; run again to go on"


def _explain(node, manager, names, said, folder):
    lines = [f"{', '.join(names)} cannot be installed: {'; '.join(filter(None, said))}"]
    if folder is None:
        lines += [
            "the node asked these repositories:",
            manager.repositories(node) or "none",
            "to do: give the node a repository that has these packages and that it can reach (a mirror of the "
            "site, or its own proxy), give the packages with the run (system_tools_source), or install them by "
            "hand; then run again.",
        ]
    else:
        lines += [
            f"the node had these files: {' '.join(path.rpartition('/')[2] for path in folder)}",
            "to do: give the packages for this system with all that they depend on, or install them by hand; "
            "then run again.",
        ]
    return "\n".join(lines)
