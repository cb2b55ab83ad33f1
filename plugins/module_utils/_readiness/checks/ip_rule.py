# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check ip_rule: policy-routing rules send traffic past table main, where the routes of the cluster are."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import network
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "ip_rule"
TITLE = "policy routing"

# The kernel's own; the last is that of a VRF, which comes with its interface.
_OURS_BY_NATURE = ("local", "main", "default", "[l3mdev-table]")


def run(facts, inputs):
    """Warn about every rule that is not one of the kernel's three."""
    foreign = [
        f"{rule.priority}: from {rule.source} lookup {rule.table}"
        for rule in network.rules(facts.node, 4)
        if rule.table and rule.table not in _OURS_BY_NATURE
    ]
    if foreign:
        return verdict(
            ID,
            WARN,
            f"policy routing rules use other tables than main: {'; '.join(foreign)}",
            f"make sure that {_named(foreign)} the address of the node, the Pods or the cloud networks",
            "ip rule show",
            rules=foreign,
        )
    return verdict(ID, PASS, "no policy routing rule besides the kernel's own", reproduce="ip rule show", rules=[])


def _named(rules):
    """Return the rules by their numbers, as 'ip rule' has them."""
    numbers = [rule.partition(":")[0] for rule in rules]
    return (
        f"rule {numbers[0]} does not match" if len(numbers) == 1 else f"none of the rules {', '.join(numbers)} matches"
    )
