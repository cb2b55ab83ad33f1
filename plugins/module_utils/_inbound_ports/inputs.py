# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what the user wants: the parameters of the module, typed, or every sentence about what is wrong with them."""

import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.detect import on_link_networks
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Item, merge

# Among sources: the networks that the node itself is on.
ON_LINK = "on-link"

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9 ._:+/-]{0,47}\Z")


def read(params, node, interface):
    """Return (items, problems): the entries typed, and every sentence that is to be said about the parameters."""
    ports = params["ports"] or []
    on_link, nowhere = _on_link(ports, node, interface)
    # To take a set away, an entry may be what it was allowed to be then.
    lenient = params["allow_any_source"] or params["state"] == "absent"
    items, problems = parse_items(with_networks(ports, on_link), lenient)
    return items, nowhere + problems + (_option_problems(params, node) if params["state"] == "present" else [])


def with_networks(ports, on_link):
    """Return the entries with the networks of the node in the place of the word ``on-link``."""
    return [
        dict(entry, sources=[each for word in entry["sources"] for each in _networks_of(word, on_link)])
        for entry in ports
    ]


def _networks_of(word, on_link):
    return on_link if word.strip() == ON_LINK else [word]


def _on_link(ports, node, interface):
    """Return (networks, problems): those that the node is on by an interface, where an entry asks for them."""
    asked = any(source.strip() == ON_LINK for entry in ports for source in entry["sources"])
    found = on_link_networks(node, interface) if asked and interface else []
    if found or not asked:
        return found, []
    missing = "without a default route the interface is unknown"
    if interface:
        missing = f"interface {interface} has an address in no network"
    # A network all the same, so that the other problems are found, too; nothing is done with it.
    return ["192.0.2.0/24"], [f"sources is on-link, but {missing}; list the networks"]


def _option_problems(params, node):
    problems = []
    if params["zone"] == "trusted":
        problems.append(
            "zone is 'trusted', which accepts everything from everywhere; set the zone that handles the node's "
            "packets, or omit it"
        )
    if params["interface"] and not node.exists("/sys/class/net/" + params["interface"]):
        problems.append(
            f"interface is {params['interface']!r}, which this node does not have, expected one of "
            f"{', '.join(node.listdir('/sys/class/net'))}"
        )
    return problems


def parse_items(raw, allow_any_source=False):
    """Return (items, problems) for the user's list of ports; problems are sentences, all of them.

    :arg raw: list of dicts with name, protocol, ports, sources, comment as in the module's documentation.
    :arg allow_any_source: whether 0.0.0.0/0 and ::/0 may be a source.
    """
    items, problems, seen = [], [], {}
    for index, entry in enumerate(raw):
        where = f"ports[{index}] ({entry['name']})"
        problems.extend(f"{where}: {problem}" for problem in _text_problems(entry))
        if entry["name"] in seen:
            taken = f"the name is already used by ports[{seen[entry['name']]}]"
            problems.append(f"{where}: {taken}; give each entry its own name")
        seen.setdefault(entry["name"], index)
        ports, bad_ports = _parse_ports(entry["ports"])
        sources, bad_sources = _parse_sources(entry["sources"], allow_any_source)
        problems.extend(f"{where}: {problem}" for problem in bad_ports + bad_sources)
        items.append(Item(entry["name"], entry["protocol"], ports, sources, entry.get("comment") or ""))
    return items, problems


def _text_problems(entry):
    if not _NAME.match(entry["name"]):
        yield (
            f"name is {entry['name']!r}, expected up to 48 letters, digits, blanks or any of . _ : + / -, "
            "beginning with a letter or digit"
        )
    if entry["protocol"] not in ("tcp", "udp"):
        yield f"protocol is {entry['protocol']!r}, expected tcp or udp"
    if any(not char.isprintable() for char in entry.get("comment") or ""):
        yield "comment has a line break or a control character; write it in one line"


def _parse_ports(values):
    problems = []
    intervals = _inputs.each(problems, "port", [str(value).strip() for value in values], _inputs.ports)
    if not values:
        problems.append("ports is empty; name at least one port")
    return merge(intervals), problems


def _parse_sources(values, allow_any_source):
    problems = []
    parsed = _inputs.each(problems, "source", [str(value).strip() for value in values], _inputs.source, anywhere=True)
    if not values:
        problems.append("sources is empty, which would open the port to every address; list the networks that need it")
    collapsed = []
    for version in (4, 6):
        collapsed.extend(ipaddress.collapse_addresses(item for item in parsed if item.version == version))
    # Two halves of everything are everything, so it is looked for in what they make together.
    anywhere = allow_any_source or "set allow_any_source: true if the port is for every address"
    for network in collapsed:
        _inputs.attempt(
            problems, "source", str(network), lambda _text, one=network: _inputs.not_everything(one, anywhere)
        )
    return tuple(collapsed), problems
