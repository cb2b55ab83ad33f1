# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Address objects, services and policies for FortiOS. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.shared import (
    Network,
    Permits,
    Rule,
    address_name,
    firewall_file,
    own_name,
    permits,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

TITLE = "Permit rules, FortiOS"
ENTER = "Enter in the CLI of the VDOM that the leased line is in. FortiOS saves at once."
PLACE = (
    "Every policy is added with edit 0, so that it gets the next free id and overwrites none. A permit works only",
    "before the first policy that denies this traffic. To place it: move ID-OF-THE-PERMIT before ID-OF-THAT-POLICY",
)


def render(plan: Plan) -> str:
    """Return the configuration for a FortiGate: objects under names of their own, policies under the next free ids."""
    view = permits(plan)
    add = _addresses(plan, view) + _groups(plan, view) + _services(view)
    show = [f"show firewall policy | grep -f {own_name(plan)}", f"show firewall address | grep -f {own_name(plan)}"]
    take_out = []
    if view.rules:
        add += _table("policy", "0", [(_quoted(rule.name), _policy(rule)) for rule in view.rules])
        take_out += [
            "The device gave each policy an id: read them first, with the first command of Show.",
            "config firewall policy",
            *(f"    delete (id of the policy with the name {rule.name})" for rule in view.rules),
            "end",
        ]
    for ipv6, suffix in ((False, ""), (True, "6")):
        take_out += _delete(f"addrgrp{suffix}", [group.name for group in view.groups if group.ipv6 == ipv6])
        networks = [network for network in view.networks if (network.version == 6) == ipv6]
        take_out += _delete(f"address{suffix}", [address_name(plan, network) for network in networks])
    take_out += _delete("service custom", [service.name for service in view.services])
    return firewall_file(plan, TITLE, ENTER, PLACE, add=add, show=show, take_out=take_out)


def _quoted(*names: str) -> str:
    return " ".join(f'"{name}"' for name in names)


def _table(table: str, key: str, entries: list[tuple[str, list[str]]]) -> list[str]:
    """Return the lines that add entries to a table; a policy has a number for a key, everything else its name."""
    rows = []
    for name, settings in entries:
        rows += [f"    edit {key or name}", *(f"        set {setting}" for setting in settings), "    next"]
    return [f"config firewall {table}", *rows, "end"] if rows else []


def _delete(table: str, names: list[str]) -> list[str]:
    return [f"config firewall {table}", *(f"    delete {_quoted(name)}" for name in names), "end"] if names else []


def _addresses(plan: Plan, view: Permits) -> list[str]:
    def entry(network: Network) -> tuple[str, list[str]]:
        name = _quoted(address_name(plan, network))
        if network.version == 6:
            return name, [f"ip6 {network}"]
        return name, ["type ipmask", f"subnet {network.network_address} {network.netmask}"]

    entries = {version: [entry(net) for net in view.networks if net.version == version] for version in (4, 6)}
    return _table("address", "", entries[4]) + _table("address6", "", entries[6])


def _groups(plan: Plan, view: Permits) -> list[str]:
    lines = []
    for ipv6, suffix in ((False, ""), (True, "6")):
        groups = [group for group in view.groups if group.ipv6 == ipv6]
        entries = [
            (_quoted(group.name), [f"member {_quoted(*(address_name(plan, network) for network in group.networks))}"])
            for group in groups
        ]
        lines += _table(f"addrgrp{suffix}", "", entries)
    return lines


def _services(view: Permits) -> list[str]:
    entries = [
        (_quoted(service.name), [f"{service.protocol}-portrange {service.ports('-')}"]) for service in view.services
    ]
    return _table("service custom", "", entries)


def _policy(rule: Rule) -> list[str]:
    family = "6" if rule.ipv6 else ""
    return [
        f"name {_quoted(rule.name)}",
        f"srcintf {_quoted(rule.from_zone)}",
        f"dstintf {_quoted(rule.to_zone)}",
        f"srcaddr{family} {_quoted(rule.sources.name)}",
        f"dstaddr{family} {_quoted(rule.destinations.name)}",
        "action accept",
        'schedule "always"',
        f"service {_quoted(*(service.name for service in rule.services))}",
    ]


FORMAT = Format("fortios", "fortios.conf", TITLE, "Fortinet firewalls (FortiOS 6.4 and newer)", render)
