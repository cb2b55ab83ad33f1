# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tools a node lacks, and which packages would bring them. Private to the collection. Only reads."""

import collections
from typing import List, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import registry
from ansible_collections.ack_edge.node.plugins.module_utils._system.programs import which

# The argument of a module that takes the list, see the doc fragment tools.
ARGUMENT = {
    "type": "list",
    "elements": "dict",
    "default": [],
    "options": {
        "name": {"type": "str", "required": True},
        "commands": {"type": "list", "elements": "str", "required": True},
        "alternatives": {"type": "list", "elements": "dict", "default": []},
        "displaces": {"type": "dict", "default": {}},
        "replaces": {"type": "dict", "default": {}},
        "packages": {"type": "dict", "default": {}},
    },
}


class Missing(NamedTuple):
    """A tool that cannot be used.

    :ivar tool: its name.
    :ivar packages: what brings it, or the alternative that is chosen; [] where nothing is known to.
    :ivar absent: those of them that are not installed.
    :ivar instead: (name of the alternative, command that it spares) or None.
    :ivar replaced: packages that are installed and go when these come.
    """

    tool: str
    packages: List[str]
    absent: List[str]
    instead: Optional[Tuple[str, str]]
    replaced: List[str]


def usable(node, tool):
    """Return whether the commands of a tool, or those of one of its alternatives, are all there."""
    choices = [tool, *(tool.get("alternatives") or [])]
    return any(all(which(node, command) for command in choice.get("commands") or [""]) for choice in choices)


def missing(node, tools, family, release):
    """Return a Missing for each of the tools that cannot be used, in their order.

    :arg family: 'debian' or 'redhat'. :arg release: the fields of os-release.
    """
    return [_missing(node, tool, family, release) for tool in tools if not usable(node, tool)]


def packages(tool, family, release):
    """Return the packages of a tool: those for the system and its version, else for its family."""
    known = tool.get("packages") or {}
    exact = f"{release.get('ID', '')}-{release.get('VERSION_ID', '')}"
    return list(known.get(exact) or known.get(family) or [])


def wanted(lacking):
    """Return the packages to install for a list of Missing, each once."""
    return list(collections.OrderedDict.fromkeys(name for item in lacking for name in item.absent))


def broken(lacking):
    """Return the packages that are all installed although their tool cannot be used."""
    return [name for item in lacking if item.packages and not item.absent for name in item.packages]


def _missing(node, tool, family, release):
    chosen, instead = tool, None
    for command in (tool.get("displaces") or {}).get(family) or []:
        if which(node, command):
            chosen = next(iter(tool.get("alternatives") or []), {})
            instead = (chosen.get("name") or "nothing", command)
    names = packages(chosen, family, release)
    manager = registry.of(node, family)
    replaced = [] if instead else (tool.get("replaces") or {}).get(family) or []
    gone = manager.absent(node, names + replaced)
    return Missing(
        tool["name"],
        names,
        [name for name in names if name in gone],
        instead,
        [name for name in replaced if name not in gone],
    )
