# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of policy routing: which tables the kernel asks for a packet. Private to the collection."""

import ipaddress
import re
from collections import namedtuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.kernel import table_number

# ``table`` int, -1 where its name is unknown; ``suppress``: a route with a prefix of at most this length does not count
# (None: every one counts); ``to``: network that the destination must lie in, None for any; ``text``: the rule in the
# words of ip, '' for the three rules of the kernel itself. Everything else that a rule may ask for (source, mark,
# interface, user, ports) depends on the packet, so whoever reads this takes the rule as one that may match.
Rule = namedtuple("Rule", "family table suppress to text")

_OF_THE_KERNEL = re.compile(r"^[0-9]+: from all lookup (?:local|main|default)\Z")
# What a kernel says that was built without policy routing, or runs without IPv6.
_NO_RULES = ("not supported",)


def read(node, families, names):
    """Return the [Rule] that look up a table, of the families (4, 6), in the order of the kernel.

    :arg names: {name of a table: number}, see ``_kernel.table_names``.
    :raises NodeError: where ip cannot say them.
    """
    found = []
    for family in sorted(families):
        done = node.run(["ip", f"-{int(family)}", "rule", "show"])
        if done.rc == 0:
            found += [rule for rule in (_rule(family, line, names) for line in done.out.splitlines()) if rule]
        elif not any(words in done.err for words in _NO_RULES):
            raise NodeError(
                f"the rules of policy routing cannot be read, so it cannot be proven that the path to the controller stays: '{done.text()}' ended with status {int(done.rc)} and said: {(done.err or done.out).strip() or 'nothing'}; see what keeps it from working, or use force"
            )
    return found


def _rule(family, line, names):
    words = line.split()
    table = _behind(words, "lookup")
    if table is None:
        return None  # goto, blackhole and their like: no change of a route changes what they do
    text = " ".join(words)
    suppress, to = _behind(words, "suppress_prefixlength"), _behind(words, "to")
    return Rule(
        family,
        table_number(table, names),
        int(suppress) if suppress and suppress.isdigit() else None,
        None if "not" in words else _network(to),
        "" if _OF_THE_KERNEL.match(text) else text,
    )


def _behind(words, key):
    return words[words.index(key) + 1] if key in words[:-1] else None


def _network(text):
    try:
        return ipaddress.ip_network(text, strict=False) if text else None
    except ValueError:
        return None
