# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the package manager what an installation would do, and says why one fails. Private to the collection."""

import collections
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import tools
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import Preview
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import causes

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
    refuse([name for name in found.removed if name not in allowed])
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
        raise failure(node, seen.manager, before, names, ["", str(error)], None) from None


def refuse(gone):
    """Raise the NodeError of packages that would go and may not."""
    if gone:
        # Its remedy is that of the kind 'decide'.
        raise NodeError(f"the package manager would remove {' '.join(gone)} for it")


def union(one, other):
    """Return two lists as one, each text once."""
    return list(collections.OrderedDict.fromkeys(list(one or []) + list(other)))


def failure(node, manager, before, names, said, folder):
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
    return union(names, _DEPENDS.findall(text))


def _explain(node, manager, names, head, said, folder):
    text = "; ".join(filter(None, said))
    lines, hidden = [f"{head}: {text}"], manager.hidden(node, _named(names, text))
    if folder is not None:
        lines.append(f"the node had these files: {' '.join(path.rpartition('/')[2] for path in folder)}")
        remedies = causes.remedies_of_files(text, hidden)
    else:
        remedies = causes.remedies(text, hidden)
        if causes.asks_where(remedies):
            lines += ["the node asked these repositories:", manager.repositories(node) or "none"]
    return "\n".join([*lines, f"to do: {'; '.join(remedies)}; then run again."])
