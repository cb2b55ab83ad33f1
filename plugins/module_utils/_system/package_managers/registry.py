# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one list of package managers. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import programs
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.apt import Apt
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.rpm import Dnf, Yum

# Where a node has several, the first of them is meant.
MANAGERS = (Dnf(), Yum(), Apt())


def names():
    """Return the commands of all of them, in their order."""
    return [manager.PROGRAM for manager in MANAGERS]


def there(node):
    """Return those that the node has, in their order."""
    return [manager for manager in MANAGERS if programs.which(node, manager.PROGRAM)]


def of(node, family):
    """Return the package manager of a node; where none of its family is there, the last of these.

    :arg family: as os.family() returns it.
    """
    known = [manager for manager in MANAGERS if family == manager.FAMILY]
    return next((manager for manager in there(node) if family == manager.FAMILY), known[-1])
