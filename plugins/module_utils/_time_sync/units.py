# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units of systemd: how they stand, and one step on one of them. Private to the collection."""

import collections

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# name: str. load: loaded, masked, not-found. active, enabled: bool. can_enable: an [Install] section that is off.
# held: systemd tried to start it and one of its conditions was not met.
Unit = collections.namedtuple("Unit", "name load active enabled can_enable held")

_PROPERTIES = ("Id", "LoadState", "ActiveState", "UnitFileState", "ConditionResult", "ConditionTimestampMonotonic")


def show(node, names):
    """Return a Unit for each name that systemd knows, in their order; aliases of one unit come once.

    :raises NodeError: if systemd does not answer.
    """
    argv = ["systemctl", "show"]
    for name in _PROPERTIES:
        argv += ["-p", name]
    done = node.run(argv + list(names))
    if done.rc != 0:
        raise NodeError(f"time_sync needs systemd, but '{done.text()}' said: {(done.err or done.out).strip()}")
    found = collections.OrderedDict()
    for block in done.out.split("\n\n"):
        fields = dict(line.partition("=")[::2] for line in block.splitlines())
        if fields.get("Id") and fields.get("LoadState") != "not-found":
            found.setdefault(fields["Id"], _unit(fields))
    return list(found.values())


def _unit(fields):
    enabled = fields.get("UnitFileState", "")
    tried = fields.get("ConditionTimestampMonotonic", "0") not in ("", "0")
    return Unit(
        fields["Id"],
        fields.get("LoadState", ""),
        fields.get("ActiveState") in ("active", "activating", "reloading"),
        enabled.startswith("enabled"),
        enabled == "disabled",
        tried and fields.get("ConditionResult") == "no",
    )


def act(node, verb, name):
    """Do one of start, stop, restart, enable, disable.

    :raises NodeError: if systemd could not, with where its reasons are.
    """
    done = node.run(["systemctl", verb, name], timeout=90)
    if done.rc != 0:
        raise NodeError(
            f"'{done.text()}' failed: {(done.err or done.out).strip() or 'no reason given'}; see journalctl -u {name} on the node"
        )
