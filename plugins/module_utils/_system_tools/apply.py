# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the tools that a node lacks, and takes back what had to give way to them. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import tools
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import archive, causes
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools.observe import manifest_of
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools.predict import failure, foresee, refuse, union


def present(node, wanted_tools, seen, folder=None):
    """Install what is missing in one transaction; return the Preview of it.

    :arg folder: paths of package files, or None to ask the repositories of the node.
    :raises NodeError: if it cannot be done; with what was asked, and what has been changed all the same.
    """
    manager, manifest = seen.manager, manifest_of(node)
    names = tools.wanted(seen.lacking)
    before = manager.installed(node)
    if seen.manifest.get("pending"):
        manager.repair(node)
    said = "" if folder is not None else manager.refresh(node)
    allowed = [name for item in seen.lacking for name in item.replaced]
    try:
        wanted = names if folder is None else _of_folder(node, seen, folder)
        found = foresee(node, seen, folder is not None, wanted)
        known = {
            "replaced": union(seen.manifest.get("replaced"), [name for name in allowed if name in found.removed]),
            "installed": union(seen.manifest.get("installed"), names),
        }
        manifest.store(dict(known, pending=True))
        left_out = _install(node, manager, wanted, folder, manifest, seen, before)
    except NodeError as error:
        raise failure(node, manager, before, names, [said, str(error)], folder) from None
    still = [tool["name"] for tool in wanted_tools if not tools.usable(node, tool)]
    if still:
        raise _unusable(node, manager, still, names, left_out)
    _keep(manifest, dict(known, pending=False))
    return found


def absent(node, manager, known):
    """Install again what gave way, in the place of what took its place; forget it then.

    :arg known: what the manifest says.
    :raises NodeError: if it cannot be had, with what has been changed all the same.
    """
    names = manager.absent(node, known.get("replaced", []))
    if names:
        said, before = manager.refresh(node), manager.installed(node)
        try:
            gone = manager.preview(node, names, alone=False).removed
            refuse([name for name in gone if name not in known.get("installed", [])])
            left_out = manager.install(node, names, alone=False)
            if manager.absent(node, names):
                raise NodeError(f"the package manager ended without an error and said: {left_out or 'nothing'}")
        except NodeError as error:
            raise failure(node, manager, before, names, [said, str(error)], None) from None
    manifest_of(node).forget()


def _install(node, manager, wanted, folder, manifest, seen, before):
    """Install, and return what was said of packages that were left out."""
    try:
        return manager.install(node, wanted, alone=folder is not None)
    except NodeError:
        # A transaction that was refused has changed nothing. One that broke off has: then what is gone is remembered,
        # and that the next run has something to repair.
        gone = any(manager.absent(node, item.replaced) for item in seen.lacking)
        if not gone and (before is None or before == manager.installed(node)):
            _keep(manifest, seen.manifest)
        raise


def _unusable(node, manager, still, names, left_out):
    """Return the NodeError of an installation that ended well and does not bring what it should."""
    gone = manager.absent(node, names)
    there = [name for name in names if name not in gone]
    text = f"{', '.join(still)} cannot be used although {' '.join(there) or 'nothing'} was installed"
    if gone:
        remedy = "; ".join(causes.remedies(left_out, manager.hidden(node, gone)))
        return NodeError(
            f"{text}. {' '.join(gone)} was not: the package manager skipped it, ended without an error and said: "
            f"{left_out or 'nothing'}\nto do: {remedy}; then run again.",
            changed=True,
        )
    # Its files are not where the commands of the tool are looked for.
    return NodeError(f"{text}; list its commands with 'rpm -ql' or 'dpkg -L'", changed=True)


def _keep(manifest, content):
    """Remember what gave way, or nothing where nothing did."""
    if content.get("replaced"):
        manifest.store(content)
    else:
        manifest.forget()


def _of_folder(node, seen, folder):
    wanted = tools.wanted(seen.lacking)
    return archive.select(seen.manager.files(node, folder), wanted, lambda names: seen.manager.absent(node, names))
