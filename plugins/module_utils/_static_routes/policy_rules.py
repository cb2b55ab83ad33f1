# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of policy routing: which tables the kernel asks for a packet. Private to the collection."""

import re
from typing import NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Network
from ansible_collections.ack_edge.node.plugins.module_utils._system import network


class Rule(NamedTuple):
    """A rule that looks up a table.

    Everything else that it may ask for (source, mark, interface, user, ports) depends on the packet, so whoever reads
    this takes the rule as one that may match.
    """

    family: int  # 4 or 6
    table: int  # -1 where its name is unknown
    suppress: Optional[int]  # a route with a prefix of at most this length does not count, None: every one counts
    to: Optional[Network]  # network that the destination must lie in, None for any
    text: str  # the rule in the words of ip, '' for the three rules of the kernel itself
    sure: bool = False  # whether it matches every packet to such a destination


_FOR_ALL = re.compile(r"^[0-9]+: from all (?:to \S+ )?lookup \S+\Z")
_OF_THE_KERNEL = re.compile(r"^[0-9]+: from all lookup (?:local|main|default)\Z")


def read(node, families, names):
    """Return the [Rule] that look up a table, of the families (4, 6), in the order of the kernel.

    :arg names: {name of a table: number}, see ``network.table_names``.
    :raises NodeError: where ip cannot say them.
    """
    try:
        listed = [rule for family in sorted(families) for rule in network.rules(node, family)]
    except NodeError as error:
        raise NodeError(
            "the policy routing rules cannot be read, so it is unproven that the path to the controller stays: "
            f"{error}; fix that, or set force: true"
        ) from None
    # goto, blackhole and their like look up none: no change of a route changes what they do.
    return [
        Rule(
            rule.family,
            network.table_number(rule.table, names),
            rule.suppress,
            None if rule.negated else rule.to,
            "" if _OF_THE_KERNEL.match(rule.text) else rule.text,
            bool(_FOR_ALL.match(rule.text)) and not rule.negated,
        )
        for rule in listed
        if rule.table
    ]
