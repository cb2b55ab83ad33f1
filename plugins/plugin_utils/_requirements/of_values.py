# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requirement set of a host out of its variables, for the lookup and for the actions. Private to the collection."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.build import RequirementError, build
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import load
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import NETADDR_MISSING
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import RequirementSet

# The variables that it is made of, beside region.
VARIABLES = tuple(name for name in inspect.signature(build).parameters if name not in ("catalogue", "region"))


def of_values(region: Any, value: Callable[[str], Any]) -> RequirementSet:
    """Return the requirement set of one node of ``region``.

    :arg value: function that returns a variable, None where it is not set.
    :raises RequirementError, CatalogueError: unusable values, all of them named, or data or library of the collection
        missing.
    """
    if NETADDR_MISSING is not None:
        raise RequirementError(
            [
                "the Python library netaddr is missing on the controller: install it for the Python that runs Ansible, "
                f"{sys.executable} -m pip install netaddr ({NETADDR_MISSING})"
            ]
        )
    return build(load(), region, **{name: value(name) for name in VARIABLES})
