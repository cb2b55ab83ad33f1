# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Object groups and permit rules for H3C SecPath. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Group,
    Rule,
    Service,
    firewall_file,
    own_name,
    permits,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Permit rules, H3C SecPath"
ENTER = "Enter in: system-view. Save with: save"
PLACE = (
    "The device appends rules. A permit works only before the first rule that denies this traffic. To place it, enter",
    "in security-policy: move rule name NAME-OF-THE-PERMIT before name NAME-OF-THAT-RULE",
)


def render(plan: Plan) -> str:
    """Return the configuration lines for a SecPath: rules have names and no numbers, so none replaces another."""
    view = permits(plan)
    add = [line for group in view.groups for line in _group(group)]
    add += [line for service in view.services for line in _service(service)]
    show = [f"display current-configuration | include {own_name(plan)}"]
    take_out = []
    for family, ipv6 in (("ip", False), ("ipv6", True)):
        rules = [rule for rule in view.rules if rule.ipv6 == ipv6]
        if rules:
            policy = f"security-policy {family}"
            add += [policy, *(line for rule in rules for line in _rule(rule)), " quit"]
            show.append(f"display {policy}")
            take_out += [policy, *(f" undo rule name {rule.name}" for rule in rules), " quit"]
    take_out += [f"undo object-group {_family(group.ipv6)} address {group.name}" for group in view.groups]
    take_out += [f"undo object-group service {service.name}" for service in view.services]
    return firewall_file(plan, TITLE, ENTER, PLACE, add=add, show=show, take_out=take_out)


def _family(ipv6: bool) -> str:
    return "ipv6" if ipv6 else "ip"


def _group(group: Group) -> list[str]:
    rows = [
        f" network subnet {net.network_address} {net.prefixlen if group.ipv6 else net.netmask}"
        for net in group.networks
    ]
    return [f"object-group {_family(group.ipv6)} address {group.name}", *rows, " quit"]


def _service(service: Service) -> list[str]:
    word = "eq" if service.first == service.last else "range"
    ports = f" service {service.protocol} destination {word} {service.ports(' ')}"
    return [f"object-group service {service.name}", ports, " quit"]


def _rule(rule: Rule) -> list[str]:
    return [
        f" rule name {rule.name}",
        "  action pass",
        f"  source-zone {rule.from_zone}",
        f"  destination-zone {rule.to_zone}",
        f"  source-ip {rule.sources.name}",
        f"  destination-ip {rule.destinations.name}",
        *(f"  service {service.name}" for service in rule.services),
        "  quit",
    ]


FORMAT = Format("h3c_secpath", "h3c_secpath.cfg", TITLE, "H3C firewalls (SecPath, Comware 7)", render)
