# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to hand to those who keep the network, as text to copy. Private to the collection. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report._causes import Cause
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._run import findings

# Problems of reachability_info that are mended in the network, and not on a machine or by its service.
_NETWORK = ("dns.", "address.", "route.", "tcp.", "udp.", "ntp.", "proxy.", "tls.mtu", "tls.intercepted", "tls.timeout")


def handover(document: dict[str, Any], causes: Iterable[Cause]) -> str:
    """Return direction, addresses, ports and machines of everything that the network keeps back, '' for nothing."""
    blocks = [_outbound(cause, document) for cause in causes if cause["status"] == "fail" and _of_network(cause)]
    return "\n\n".join(blocks + _inbound(document)) + "\n" if blocks or _inbound(document) else ""


def _of_network(cause: Cause) -> bool:
    return bool(cause["targets"]) and str(cause["kind"]).startswith(_NETWORK)


def _outbound(cause: Cause, document: dict[str, Any]) -> str:
    lines = [f"OUTBOUND  {cause['kind']}", f"example   {cause['summary']}", f"to do     {cause['remedy']}"]
    lines += _wrapped("from", _machines(cause["hosts"], document))
    first, *others = cause["targets"]
    return "\n".join([*lines, f"to        {first}", *(f"          {item}" for item in others)])


def _inbound(document: dict[str, Any]) -> list[str]:
    """Return a block for each set of ports that a host of the VPC could not reach, with all machines of that set."""
    ports: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for host, record in sorted(document["hosts"].items()):
        closed = [item["data"] for item in findings(record, "fail") if {"prober", "port"} <= item["data"].keys()]
        if closed:
            names = tuple(f"{_port(data)}" for data in closed)
            ports.setdefault((str(closed[0]["prober"]), names), []).append(f"{host} ({closed[0].get('address', '')})")
    return [
        "\n".join([f"INBOUND   {', '.join(names)}", f"from      {prober} (VPC)", *_wrapped("to", machines)])
        for (prober, names), machines in ports.items()
    ]


def _port(data: dict[str, Any]) -> str:
    return f"{str(data.get('protocol', 'tcp')).upper()} {data['port']}"


def _machines(hosts: Iterable[str], document: dict[str, Any]) -> list[str]:
    """Return the machines with the address that they send from, as far as it is known."""
    found = []
    for host in hosts:
        record = document["hosts"][host]
        sources = [((item["data"].get("via") or {}).get("source") or "") for item in findings(record, "fail")]
        address = next(filter(None, sources), record["address"])
        found.append(f"{host} ({address})" if address and address != host else host)
    return found


def _wrapped(label: str, items: list[str]) -> list[str]:
    text = ", ".join(items)
    return textwrap.wrap(
        text,
        width=110,
        initial_indent=f"{label:10}",
        subsequent_indent=" " * 10,
        break_long_words=False,
        break_on_hyphens=False,
    )
