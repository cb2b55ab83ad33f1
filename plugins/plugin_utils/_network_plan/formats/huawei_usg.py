# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Address sets, service sets and permit rules for Huawei USG. Private to the collection."""

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

TITLE = "Permit rules, Huawei USG"
ENTER = "Enter in: system-view. Save with: save"
PLACE = (
    "The device appends rules. A permit works only before the first rule that denies this traffic. To place it, enter",
    "in security-policy: rule move NAME-OF-THE-PERMIT before NAME-OF-THAT-RULE",
)


def render(plan: Plan) -> str:
    """Return the configuration lines for a USG: rules have names and no numbers, so none replaces another."""
    view = permits(plan)
    add = [line for group in view.groups for line in _group(group)]
    add += [line for service in view.services for line in _service(service)]
    if view.rules:
        add += ["security-policy", *(line for rule in view.rules for line in _rule(rule)), " quit"]
    take_out = (
        ["security-policy", *(f" undo rule name {rule.name}" for rule in view.rules), " quit"] if view.rules else []
    )
    take_out += [f"undo ip address-set {group.name}" for group in view.groups]
    take_out += [f"undo ip service-set {service.name}" for service in view.services]
    show = [f"display current-configuration | include {own_name(plan)}"]
    show += [f"display security-policy rule name {rule.name}" for rule in view.rules]
    return firewall_file(plan, TITLE, ENTER, PLACE, add=add, show=show, take_out=take_out)


def _group(group: Group) -> list[str]:
    mask = "" if group.ipv6 else "mask "
    rows = [
        f" address {number} {net.network_address} {mask}{net.prefixlen}" for number, net in enumerate(group.networks)
    ]
    return [f"ip address-set {group.name} type object", *rows, " quit"]


def _service(service: Service) -> list[str]:
    ports = f"source-port 0 to 65535 destination-port {service.ports(' to ')}"
    return [f"ip service-set {service.name} type object", f" service 0 protocol {service.protocol} {ports}", " quit"]


def _rule(rule: Rule) -> list[str]:
    return [
        f" rule name {rule.name}",
        f"  source-zone {rule.from_zone}",
        f"  destination-zone {rule.to_zone}",
        f"  source-address address-set {rule.sources.name}",
        f"  destination-address address-set {rule.destinations.name}",
        *(f"  service {service.name}" for service in rule.services),
        "  action permit",
        "  quit",
    ]


FORMAT = Format("huawei_usg", "huawei_usg.cfg", TITLE, "Huawei firewalls (USG6000 and newer)", render)
