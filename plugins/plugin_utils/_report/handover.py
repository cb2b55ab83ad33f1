# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to hand to those who keep the network, as text to copy. Private to the collection. Pure."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import value_of
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import Message, Messages
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.fixes import IN_NETWORK
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import findings
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Cause, Document

_WIDE = 10
_ENGLISH = Messages()


def handover(document: Document, causes: Iterable[Cause], words: Messages = _ENGLISH) -> str:
    """Return direction, addresses, ports and hosts of everything that the network keeps back, '' for nothing.

    :arg words: of the language of its labels.
    """
    blocks = [_outbound(cause, document, words) for cause in causes if cause["status"] == "fail" and _of_network(cause)]
    blocks += _inbound(document, words)
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _of_network(cause: Cause) -> bool:
    return bool(cause["targets"]) and str(cause["kind"]).startswith(IN_NETWORK)


def _outbound(cause: Cause, document: Document, words: Messages) -> str:
    # Where names are wrong, opening ports would fix nothing.
    about, label, wanted = Message("OUTBOUND"), Message("to"), cause["targets"]
    if cause["nameserver"]:
        about, label = Message("NAMES"), Message("names")
        wanted = list(dict.fromkeys(target.partition(" ")[0] for target in wanted))
    title: str = cause["kind"]
    if cause["nameserver"]:
        title = words.say(Message("{kind}, answered by {server}", kind=title, server=cause["nameserver"]))
    lines = [f"{_label(about, words)}{title}", *_wrapped(Message("example"), cause["summary"], words)]
    for remedy in filter(None, (words.remedy(cause["id"]), cause["remedy"])):
        lines += _wrapped(Message("to do"), remedy, words)
    for place, machines in _by_place(cause["hosts"], document).items():
        lines += _wrapped(Message("from"), f"{place}{', '.join(machines)}", words)
    first, *others = wanted
    return "\n".join([*lines, f"{_label(label, words)}{first}", *(f"          {item}" for item in others)])


def _inbound(document: Document, words: Messages) -> list[str]:
    """Return a block for each set of ports that a host of the VPC could not reach, with all hosts of that set."""
    ports: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for host, record in sorted(document["hosts"].items()):
        closed = [item["data"] for item in findings(record, "fail") if {"prober", "port"} <= item["data"].keys()]
        if closed:
            names = tuple(f"{_port(data)}" for data in closed)
            at = f"{host} ({value_of(closed[0], 'address')})"
            ports.setdefault((value_of(closed[0], "prober"), names), []).append(at)
    return [
        "\n".join(
            [
                f"{_label(Message('INBOUND'), words)}{', '.join(names)}",
                f"{_label(Message('from'), words)}{prober} (VPC)",
                *_wrapped(Message("to"), ", ".join(machines), words),
            ]
        )
        for (prober, names), machines in ports.items()
    ]


def _port(data: dict[str, Any]) -> str:
    return f"{(value_of(data, 'protocol') or 'tcp').upper()} {value_of(data, 'port')}"


def _by_place(hosts: Iterable[str], document: Document) -> dict[str, list[str]]:
    """Return the hosts of each site, or region where no site is known, with the address that they send from."""
    found: dict[str, list[str]] = {}
    for host in hosts:
        record = document["hosts"][host]
        sources = [value_of(item["data"], "via", "source") for item in findings(record, "fail")]
        address = next(filter(None, sources), record["address"])
        place = record["site"] or record["region"]
        shown = f"{host} ({address})" if address and address != host else host
        found.setdefault(f"{place}: " if place else "", []).append(shown)
    return found


def _label(label: Message, words: Messages) -> str:
    """Return a label as wide as every other one; a Chinese sign is as wide as two letters."""
    said = words.say(label)
    return said + " " * (_WIDE - sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in said))


def _wrapped(label: Message, text: str, words: Messages) -> list[str]:
    return textwrap.wrap(
        text,
        width=110,
        initial_indent=_label(label, words),
        subsequent_indent=" " * _WIDE,
        break_long_words=False,
        break_on_hyphens=False,
    )
