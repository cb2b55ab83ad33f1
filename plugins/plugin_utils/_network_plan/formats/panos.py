# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Address objects, services and security rules for PAN-OS. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Rule,
    address_name,
    firewall_file,
    permits,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Permit rules, PAN-OS"
ENTER = "Enter in: configure. Check with: validate full. Activate with: commit"
PLACE = (
    "The device appends rules. A permit works only before the first rule that denies this traffic. To place it, enter",
    "in configure: move rulebase security rules NAME-OF-THE-PERMIT before NAME-OF-THAT-RULE",
)


def render(plan: Plan) -> str:
    """Return set commands for a firewall without Panorama; one set command adds, it never clears."""
    view = permits(plan)
    add = [f"set address {address_name(plan, network)} ip-netmask {network}" for network in view.networks]
    for group in view.groups:
        members = " ".join(address_name(plan, network) for network in group.networks)
        add.append(f"set address-group {group.name} static [ {members} ]")
    add += [f"set service {one.name} protocol {one.protocol} port {one.ports('-')}" for one in view.services]
    add += [line for rule in view.rules for line in _rule(rule)]
    take_out = [f"delete rulebase security rules {rule.name}" for rule in view.rules]
    take_out += [f"delete address-group {group.name}" for group in view.groups]
    take_out += [f"delete address {address_name(plan, network)}" for network in view.networks]
    take_out += [f"delete service {service.name}" for service in view.services]
    show = [f"show rulebase security rules {rule.name}" for rule in view.rules]
    show += [f"show address-group {group.name}" for group in view.groups]
    return firewall_file(plan, TITLE, ENTER, PLACE, add=add, show=show, take_out=take_out)


def _rule(rule: Rule) -> list[str]:
    base = f"set rulebase security rules {rule.name}"
    services = " ".join(service.name for service in rule.services)
    return [
        f"{base} from {rule.from_zone} to {rule.to_zone}",
        f"{base} source [ {rule.sources.name} ] destination [ {rule.destinations.name} ]",
        f"{base} application any service [ {services} ] action allow",
    ]


FORMAT = Format("panos", "panos.set", TITLE, "Palo Alto firewalls (PAN-OS)", render)
