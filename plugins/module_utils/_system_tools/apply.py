# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the tools that a node lacks, and takes back what had to give way to them. Private to the collection."""

import collections
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import tools
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import Preview
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import archive, causes
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools.observe import manifest_of

# How many packages a message names.
_SHOWN = 8
_DEPENDS = re.compile(r"Depends: ([^\s(:]+)")


def foresee(node, seen, alone=False, wanted=None, cached=False):
    """Ask the package manager what an installation would do, and change nothing; return a Preview.

    :arg alone: whether no repository is asked. :arg wanted: packages, or paths of their files with alone=True.
    :arg cached: keep to the lists of packages that the node has.
    :raises NodeError: if it would not do it, or something installed would go that may not.
    """
    names = tools.wanted(seen.lacking)
    unfinished = [name for name in seen.manager.unfinished(node) if name not in names]
    if unfinished:
        raise NodeError(
            f"packages of this node are not completely installed: {' '.join(unfinished)}; their scripts would run "
            "again with every installation"
        )
    found = seen.manager.preview(node, names if wanted is None else wanted, alone, cached)
    allowed = [name for item in seen.lacking for name in item.replaced]
    _refuse([name for name in found.removed if name not in allowed])
    return found


def predict(node, seen):
    """Ask in check mode; return (Preview, whether the lists of packages that the node has were enough to tell).

    :raises NodeError: as present() would, where that does not depend on lists that it fetches first.
    """
    names, before = tools.wanted(seen.lacking), seen.manager.installed(node)
    try:
        return foresee(node, seen, cached=True), True
    except NodeError as error:
        if causes.of_the_lists(str(error)) and not seen.manager.hidden(node, _named(names, str(error))):
            return Preview([], []), False
        raise _failure(node, seen.manager, before, names, ["", str(error)], None) from None


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
            "replaced": _union(seen.manifest.get("replaced"), [name for name in allowed if name in found.removed]),
            "installed": _union(seen.manifest.get("installed"), names),
        }
        manifest.store(dict(known, pending=True))
        left_out = _install(node, manager, wanted, folder, manifest, seen, before)
    except NodeError as error:
        raise _failure(node, manager, before, names, [said, str(error)], folder) from None
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
            _refuse([name for name in gone if name not in known.get("installed", [])])
            manager.install(node, names, alone=False)
        except NodeError as error:
            raise _failure(node, manager, before, names, [said, str(error)], None) from None
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


def _refuse(gone):
    if gone:
        # Its remedy is that of the kind 'decide'.
        raise NodeError(f"the package manager would remove {' '.join(gone)} for it")


def _of_folder(node, seen, folder):
    wanted = tools.wanted(seen.lacking)
    return archive.select(seen.manager.files(node, folder), wanted, lambda names: seen.manager.absent(node, names))


def _union(one, other):
    return list(collections.OrderedDict.fromkeys(list(one or []) + list(other)))


def _failure(node, manager, before, names, said, folder):
    """Return the NodeError of an installation that failed.

    :arg before: what was installed before it, None where that was not known.
    """
    after, gone = manager.installed(node) if before is not None else None, manager.absent(node, names)
    if after is None:
        left, changed = "What was changed is unknown: the package manager does not list what is installed", True
    else:
        other = sorted(before ^ after)
        changed, left = bool(other), _left(other)
    if changed and not gone:
        head = f"{', '.join(names)} can be used now, but the package manager ended with an error"
    else:
        head = f"{', '.join(names)} cannot be installed"
    return NodeError(f"{_explain(node, manager, names, head, said, folder)} {left}.", changed=changed)


def _left(changes):
    if not changes:
        return "Nothing has been changed"
    more = f" and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    return f"It stopped half-way: changed are {', '.join(changes[:_SHOWN])}{more}; run again to continue"


def _named(names, text):
    """Return the packages, and those that a message names as what they depend on."""
    return _union(names, _DEPENDS.findall(text))


def _explain(node, manager, names, head, said, folder):
    text = "; ".join(filter(None, said))
    lines = [f"{head}: {text}"]
    if folder is not None:
        lines.append(f"the node had these files: {' '.join(path.rpartition('/')[2] for path in folder)}")
        remedies = causes.remedies_of_files(text)
    else:
        remedies = causes.remedies(text, manager.hidden(node, _named(names, text)))
        if causes.asks_where(remedies):
            lines += ["the node asked these repositories:", manager.repositories(node) or "none"]
    return "\n".join([*lines, f"to do: {'; '.join(remedies)}; then run again."])
