# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of its own with permits for a Linux router with nftables. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Group,
    Rule,
    document,
    own_name,
    permits,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Permit rules, nftables"
NOTES = (
    "An accept holds in this table only: what another table or iptables drops stays dropped. There, copy the sets and",
    "the rules of this chain to a place before the first rule that drops this traffic. Counters show what matched.",
)


def render(plan: Plan) -> str:
    """Return a file for nft: one table with sets and a chain, which drops nothing and replaces nothing."""
    view = permits(plan, zones=False)
    table = f"inet {own_name(plan).lower().replace('-', '_')}"
    sets = [line for group in view.groups for line in _set(group)]
    chain = [
        "    chain forward {",
        "        type filter hook forward priority filter - 10; policy accept;",
        *(f"        {_rule(rule)}" for rule in view.rules),
        "    }",
    ]
    return document(
        plan,
        "#",
        TITLE,
        "Check with: nft -c -f nftables.nft. Load once with: nft -f nftables.nft",
        notes=NOTES,
        add=[f"table {table} {{", *sets, *chain, "}"],
        show=[f"nft list table {table}"],
        take_out=[f"nft delete table {table}"],
        unfinished=view.unfinished,
    )


def _name(group: Group) -> str:
    return group.name.lower().replace("-", "_").replace(".", "_")


def _set(group: Group) -> list[str]:
    return [
        f"    set {_name(group)} {{",
        f"        type {'ipv6_addr' if group.ipv6 else 'ipv4_addr'}",
        "        flags interval",
        "        auto-merge",  # networks of a site may lie within one another
        f"        elements = {{ {', '.join(str(network) for network in group.networks)} }}",
        "    }",
    ]


def _rule(rule: Rule) -> str:
    family = "ip6" if rule.ipv6 else "ip"
    ports = ", ".join(service.ports("-") for service in rule.services)
    match = f"{family} saddr @{_name(rule.sources)} {family} daddr @{_name(rule.destinations)}"
    protocol = rule.services[0].protocol
    return f'{match} {protocol} dport {{ {ports} }} counter accept comment "{rule.name}"'


FORMAT = Format("nftables", "nftables.nft", TITLE, "Linux routers with nftables", render)
