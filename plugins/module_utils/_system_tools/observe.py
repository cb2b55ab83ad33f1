# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tools a node lacks, and what we remember about it. Private to the collection. Only reads."""

from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest
from ansible_collections.ack_edge.node.plugins.module_utils._system import os, tools
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import base, registry

NAME = "ack-edge"
# Where a package manager writes; one of them that is read-only would end it half-way.
_WRITES = ("/etc", "/usr", "/var/lib", "/var/cache")


class Observed(NamedTuple):
    """What a node lacks.

    :ivar manager: its package manager, None where nothing is missing.
    :ivar release: fields of os-release.
    :ivar manifest: {} if we remember nothing.
    :ivar read_only: directories of the package manager that cannot be written to.
    """

    manager: Optional[base.PackageManager]
    release: Dict[str, str]
    lacking: List[tools.Missing]
    manifest: Dict[str, Any]
    read_only: Sequence[str] = ()


def manifest_of(node):
    """Return the Manifest of what gave way to the tools: {'replaced': [packages], 'installed': [packages]}."""
    return Manifest(node, "system_tools", NAME, {"replaced?": [str], "installed?": [str], "pending?": bool})


def observe(node, wanted):
    """Return an Observed.

    :arg wanted: the tools, see the doc fragment tools.
    :raises NodeError: if tools are missing on a system of no known family.
    """
    release, manifest = os.os_release(node), manifest_of(node).load()
    if all(tools.usable(node, tool) for tool in wanted):
        return Observed(None, release, [], manifest)
    family = os.family(node, release)
    return Observed(
        registry.of(node, family),
        release,
        tools.missing(node, wanted, family, release),
        manifest,
        [path for path in _WRITES if node.is_read_only(path)],
    )
