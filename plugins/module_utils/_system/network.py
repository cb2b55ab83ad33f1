# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links, addresses, routes and rules of the running kernel. Private to the collection.

Nothing else reads ``ip``. It is read as text, one way for iproute2 4.3 to today's, see ``ip_text``; its locale is the
runner's business (``_node.run_command`` sets C).
"""

import re
from collections import OrderedDict
from typing import NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._node import COMMAND_TIMEOUT, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import ip_text
from ansible_collections.ack_edge.node.plugins.module_utils._system.network_types import Route

# Names of tables that the kernel's headers give.
_KERNEL_TABLES = {"main": 254, "local": 255, "default": 253}
_TABLE_NAMES = ("/usr/share/iproute2/rt_tables", "/etc/iproute2/rt_tables")
_TABLE_NAME_DIRS = ("/usr/share/iproute2/rt_tables.d", "/etc/iproute2/rt_tables.d")
# States of a neighbour that has not said its hardware address.
_SILENT_STATES = frozenset(["INCOMPLETE", "FAILED"])
# How iproute2 begins what the kernel says where it refuses.
_REFUSED = re.compile(r"^(?:RTNETLINK answers|Error): (.+)", re.MULTILINE)
# What a kernel says that was built without policy routing, or runs without IPv6.
_NO_RULES = "not supported"


class Path(NamedTuple):
    """The way of a packet from this node to an address."""

    route: Optional[Route]  # None where it cannot be told or there is none
    refused: str  # the kernel's word where it has no way to the address, '' otherwise


def links(node, dev="", optional=False):
    """Return the interfaces with their addresses, an OrderedDict name -> Link in the order of the kernel.

    :arg dev: the only one to ask for; all by default.
    :arg optional: whether an ``ip`` that refuses is an empty answer.
    :raises NodeError: where ip refuses, or prints a line that cannot be read.
    """
    argv = ["ip", "address", "show", *(["dev", dev] if dev else [])]
    found = _read(ip_text.read_links, node.run, argv, optional, lambda name: node.exists(f"/sys/class/net/{name}"))
    return OrderedDict((link.name, link) for link in found)


def routes(node, family, optional=False):
    """Return the routes of all tables of a family (4 or 6), a list of Route.

    :arg optional: whether an ``ip`` that refuses is an empty answer, as one of a kernel without IPv6.
    :raises NodeError: where ip refuses, or prints a line that cannot be read.
    """
    argv = ["ip", f"-{int(family)}", "route", "show", "table", "all"]
    return _read(ip_text.read_routes, node.run, argv, optional, family)


def default_routes(node):
    """Return the IPv4 default routes of table main, a list of Route in the order of the kernel; [] where ip refuses.

    :raises NodeError: where ip prints a line that cannot be read.
    """
    return _read(ip_text.read_routes, node.run, ["ip", "route", "show", "default"], True, 4)


def rules(node, family):
    """Return the rules of policy routing of a family (4 or 6), a list of Rule; [] of a kernel that has none.

    :raises NodeError: where ip refuses, or prints a line that cannot be read.
    """
    argv = ["ip", f"-{int(family)}", "rule", "show"]
    done = node.run(argv)
    if done.rc != 0 and _NO_RULES in done.err:
        return []
    return _read_done(ip_text.read_rules, done, False, family)


def path_to(run, address, timeout=COMMAND_TIMEOUT, source=""):
    """Return the Path to an address (text).

    :arg run: function like Node.run.
    :arg source: own address that the packet comes from, '' for what the kernel takes; rules of policy routing see it.
    :raises NodeError: where ip does not end, or prints a line that cannot be read.
    """
    done = run(["ip", "route", "get", address, *(["from", source] if source else [])], timeout=timeout)
    if done.rc != 0:
        refused = _REFUSED.search(done.err)
        return Path(None, refused.group(1).strip() if refused else "")
    found = _read_done(ip_text.read_routes, done, False, 6 if ":" in address else 4)
    return Path(found[0] if found else None, "")


def matching(run, address, timeout=COMMAND_TIMEOUT):
    """Return the routes of table main whose destination an address (text) lies in; [] where ip refuses.

    :arg run: function like Node.run.
    :raises NodeError: where ip does not end, or prints a line that cannot be read.
    """
    family = 6 if ":" in address else 4
    done = run(["ip", f"-{family}", "route", "show", "to", "match", address], timeout=timeout)
    return _read_done(ip_text.read_routes, done, True, family)


def is_silent(run, next_hop, interface, timeout=COMMAND_TIMEOUT):
    """Return whether a next hop has been asked for its hardware address (ARP, neighbour discovery) in vain.

    :arg run: function like Node.run.
    :raises NodeError: where ip does not end.
    """
    done = run(["ip", "neigh", "show", "to", next_hop, "dev", interface], timeout=timeout)
    return done.rc == 0 and bool(_SILENT_STATES.intersection(done.out.split()))


def table_names(node):
    """Return {name: number} of the routing tables; ip prints a name where somebody gave one."""
    names = dict(_KERNEL_TABLES)
    paths = list(_TABLE_NAMES)
    for directory in _TABLE_NAME_DIRS:
        paths += [f"{directory}/{name}" for name in node.listdir(directory) if name.endswith(".conf")]
    for path in paths:
        for number, name in re.findall(r"^\s*(0x[0-9a-fA-F]+|\d+)\s+([^\s#]+)", node.read(path) or "", re.MULTILINE):
            names[name] = int(number, 0)
    return names


def table_number(table, names):
    """Return the number of a table that ip printed as number or name, -1 where nobody knows the name."""
    return names[table] if table in names else int(table) if table.isdigit() else -1


def _read(reader, run, argv, optional, *more):
    return _read_done(reader, run(argv), optional, *more)


def _read_done(reader, done, optional, *more):
    if done.rc != 0:
        if optional:
            return []
        said = (done.err or done.out).strip() or "nothing"
        raise NodeError(f"'{done.text()}' ended with status {int(done.rc)} and said: {said}")
    try:
        return reader(done.out, *more)
    except ValueError as error:
        raise NodeError(
            f"'{done.text()}' printed the line '{' '.join(str(error).split())}', which cannot be parsed; run the same "
            "command by hand, and report its output with that of 'ip -V'"
        ) from None
