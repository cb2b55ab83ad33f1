# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ports a task names, and which address a probe host may be sent to. Private to the collection. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import inputs

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def ports(argument: Any) -> list[tuple[str, str, int]]:
    """Return (name, protocol, number) of each port of the option ``ports``, [] if the module would refuse it."""
    checked = ArgumentSpecValidator({"ports": inputs.ARGUMENT}).validate({"ports": argument})
    if checked.error_messages:
        return []
    found, problems = inputs.read_ports(checked.validated_parameters["ports"])
    return [] if problems else [tuple(port) for port in found]


def networks(argument: Any) -> list[Network]:
    """Return the networks of an option, those that are valid; the module refuses the others."""
    checked = ArgumentSpecValidator({"networks": {"type": "list", "elements": "str", "default": []}}).validate(
        {"networks": argument or []}
    )
    return list(
        _inputs.each([], "networks", checked.validated_parameters.get("networks"), _inputs.network, anywhere=True)
    )


def address(text: str) -> Address | None:
    """Return the address that a text is, None if it is none; that of IPv4 where it is written as one of IPv6."""
    try:
        parsed = ipaddress.ip_address(str.__str__(text))
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.scope_id is not None:
            return None
        return parsed.ipv4_mapped or parsed
    return parsed


def no_node(parsed: Address) -> str:
    """Return why an address is that of no node, '' if it can be one."""
    kinds = {
        "the probe host itself": parsed.is_loopback or parsed.is_unspecified,
        "a multicast address": parsed.is_multicast,
        "an address of one link only": parsed.is_link_local,
        "a reserved address": parsed.is_reserved,
    }
    return next((words for words, is_so in kinds.items() if is_so), "")


def elsewhere(parsed: Address, toward: Iterable[Network], within: Iterable[Network]) -> str:
    """Return why nobody is sent to an address that a node names, though a node may have it, '' if somebody is.

    :arg toward: where the probe comes from. :arg within: where nodes are; empty if nobody says.
    """
    nodes = ", ".join(map(str, within))
    if nodes:
        return "" if any(parsed in network for network in within) else f"outside within ({nodes})"
    if any(parsed in network for network in toward):
        return "inside toward, where the probe comes from, and no within says where nodes are"
    return ""
