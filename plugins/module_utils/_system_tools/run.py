# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the tools that a node lacks, and takes back what had to give way to them. Private to the collection."""

import collections

from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import os
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import archive, missing, package_managers

NAME = "ack-edge"
# How many packages a message names.
_SHOWN = 8

# family: 'debian' or 'redhat', None where it is not known and nothing is missing. release: fields of os-release.
# lacking: [Missing]. manifest: dict, {} if we remember nothing.
Observed = collections.namedtuple("Observed", "family release lacking manifest")


def manifest_of(node):
    """Return the Manifest of what gave way to the tools: {'replaced': [packages], 'installed': [packages]}."""
    return Manifest(node, "system_tools", NAME, {"replaced?": [str], "installed?": [str], "pending?": bool})


def observe(node, tools):
    """Return an Observed.

    :raises NodeError: if tools are missing on a system of no known family.
    """
    release, manifest = os.os_release(node), manifest_of(node).load()
    if all(missing.usable(node, tool) for tool in tools):
        return Observed(None, release, [], manifest)
    family = os.family(node, release)
    return Observed(family, release, missing.missing(node, tools, family, release), manifest)


def problems(seen):
    """Return what hinders an installation before it is tried, a list of sentences."""
    found = []
    broken = missing.broken(seen.lacking)
    if broken:
        found.append(
            "{} is installed, but what it brings is gone, so that the package manager has nothing to do; "
            "install it again by hand".format(" ".join(broken))
        )
    unknown = [item.tool for item in seen.lacking if not item.packages]
    if unknown:
        found.append(
            "{}: which package brings it to this system ({}) is not known; install it by hand".format(
                ", ".join(unknown), seen.release.get("PRETTY_NAME") or seen.release.get("ID", "")
            )
        )
    return found


def present(node, tools, seen, folder=None):
    """Install what is missing in one transaction; return the packages that gave way.

    :arg folder: paths of package files, or None to ask the repositories of the node.
    :raises NodeError: if it cannot be done; with what was asked, and what has been changed all the same.
    """
    manager, manifest = package_managers.MANAGERS[seen.family], manifest_of(node)
    names = missing.wanted(seen.lacking)
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
    still = [tool["name"] for tool in tools if not missing.usable(node, tool)]
    if still:
        raise NodeError(
            "{} cannot be used although {} was installed; see what the package manager says of it".format(
                ", ".join(still), " ".join(names)
            ),
            changed=True,
        )
    _keep(manifest, dict(known, pending=False))
    return [name for name in allowed if name in gone]


def absent(node, family, known):
    """Install again what gave way, in the place of what took its place; forget it then.

    :arg known: what the manifest says.
    :raises NodeError: if it cannot be had, with what has been changed all the same.
    """
    manager = package_managers.MANAGERS[family]
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
            "the package manager would take away {} for it; decide which of them this node needs, and "
            "remove or install it by hand".format(" ".join(gone))
        )


def _of_folder(node, seen, folder):
    manager = package_managers.MANAGERS[seen.family]
    wanted = missing.wanted(seen.lacking)
    return archive.select(manager.files(node, folder), wanted, lambda names: manager.absent(node, names))


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
        changed = bool(other)
        left = (
            "Nothing has been changed"
            if not other
            else (
                "It broke off half-way: changed are {}{}; run again to go on".format(
                    ", ".join(other[:_SHOWN]), " and %d more" % (len(other) - _SHOWN) if len(other) > _SHOWN else ""
                )
            )
        )
    return NodeError(_explain(node, manager, names, said, folder) + f" {left}.", changed=changed)


def _explain(node, manager, names, said, folder):
    lines = ["{} cannot be installed: {}".format(", ".join(names), "; ".join(filter(None, said)))]
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
            "the node had these files: {}".format(" ".join(path.rpartition("/")[2] for path in folder)),
            "to do: give the packages for this system with all that they depend on, or install them by hand; "
            "then run again.",
        ]
    return "\n".join(lines)
